"""The reference pages of rules and situations are checked, and english in every language.

That they are current `make check` says.
"""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

import rules as book
from control.management.commands import rules


@pytest.mark.parametrize("page", rules.PAGES)
def test_a_page_that_drifted_is_found(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "REFERENCE", tmp_path)
    call_command("rules")
    call_command("rules", "--check")
    drifted = tmp_path / page
    drifted.write_text(drifted.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(CommandError, match=page):
        call_command("rules", "--check")


def test_a_page_that_is_not_there_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "REFERENCE", tmp_path)

    with pytest.raises(CommandError, match=r"rules\.md"):
        call_command("rules", "--check")


def test_the_pages_are_english_in_every_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "REFERENCE", tmp_path)
    with translation.override(None):
        call_command("rules")

    for language in ("en", "tr", "kk", "ru"):
        with translation.override(language):
            call_command("rules", "--check")


def test_every_rule_and_situation_is_on_its_page() -> None:
    for one in book.rule_set(book.LATEST):
        assert f"| `{one.code}` | {one.severity} |" in rules.rules_page()
    for situation in rules.situations():
        assert f"| {situation['number']} | {situation['title']} |" in rules.situations_page()
