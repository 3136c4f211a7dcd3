"""`manage.py generate_dossiers` and `manage.py defects`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from control.management.commands import defects
from scenarios import book

ROOT = Path(__file__).parents[2]

PARTS = {"number", "corridor", "form", "crossings", "goods", "plan", "key"}
KEY = {"defects", "decoys", "decision", "grounds", "conditions", "due_on", "states"}
DEFECT = {"kind", "codes", "facts", "difficulty", "desk"}


def printed(*options: str) -> str:
    out = StringIO()
    call_command("generate_dossiers", *options, "--json", stdout=out)
    return out.getvalue()


def dossiers(*options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(printed(*options))
    return found


def test_dossiers_are_printed_as_a_list_with_their_keys() -> None:
    found = dossiers("--seed", "5", "--count", "6", "--difficulty", "4", "--clean-share", "0")

    assert [one["number"] for one in found] == [1, 2, 3, 4, 5, 6]
    for one in found:
        assert one.keys() >= PARTS
        assert one["key"].keys() >= KEY
        assert all(wrong.keys() == DEFECT for wrong in one["key"]["defects"])
        assert all(decoy.keys() == {"kind", "facts"} for decoy in one["key"]["decoys"])


def test_a_desk_gets_its_own_matters() -> None:
    for one in dossiers("--seed", "5", "--count", "5", "--desk", "SECURITY", "--clean-share", "0"):
        assert one["key"]["defects"][0]["desk"] == "SECURITY"
    for one in dossiers("--seed", "5", "--count", "3", "--desk", "OPERATIONS"):
        assert one["plan"].startswith("(FPL-")


def test_the_share_of_clean_dossiers_is_kept_at_its_ends() -> None:
    options = ("--seed", "5", "--count", "8", "--clean-share")

    assert not any(one["key"]["defects"] for one in dossiers(*options, "1"))
    assert all(one["key"]["defects"] for one in dossiers(*options, "0"))


def test_no_database_and_no_hash_changes_a_byte() -> None:
    """The same bytes from another process, with another seed of hashes and an empty database."""
    options = ("--seed", "77", "--count", "4", "--difficulty", "5")
    run = subprocess.run(
        [sys.executable, "manage.py", "generate_dossiers", *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1", "DATABASE_URL": "sqlite://:memory:"},
        capture_output=True,
        check=True,
        text=True,
    )

    assert run.stdout == printed(*options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--count", "0"], "--count is from 1 to"),
        (["--difficulty", "6"], "--difficulty is from 1 to 5, not 6"),
        (["--desk", "PLANNER"], "there are no dossiers for PLANNER; there are for REGISTRY"),
        (["--clean-share", "1.5"], "--clean-share is from 0 to 1"),
        (["--clean-share", "nan"], "--clean-share is from 0 to 1"),
        (["--count", "many"], "--count"),
    ],
)
def test_a_wrong_option_is_told(options: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("generate_dossiers", "--seed", "1", *options)


def test_the_page_of_defects_drifts_not_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(defects, "PAGE", tmp_path / "defects.md")
    with pytest.raises(CommandError, match=r"defects\.md"):
        call_command("defects", "--check")
    call_command("defects")
    with translation.override("ru"):
        call_command("defects", "--check")
    defects.PAGE.write_text("another", encoding="utf-8")
    with pytest.raises(CommandError, match=r"defects\.md"):
        call_command("defects", "--check")


def test_every_kind_is_on_the_page() -> None:
    page = defects.page()

    for kind in (*book.defects(), *book.decoys()):
        assert f"| `{kind}` |" in page
