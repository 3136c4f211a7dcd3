"""`check_form FILE`: what the rules find on a form, without an exercise to put it in."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder

from exercises.models import Exercise
from tests import playing

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENTRY = datetime(2026, 9, 14, 7, 7, tzinfo=UTC)


def checked(path: Path, content: Any, *options: str) -> tuple[int, dict[str, Any]]:
    """Return exit code and what is printed of a form in a file."""
    path.write_text(json.dumps(content, cls=DjangoJSONEncoder), encoding="utf-8")
    printed = io.StringIO()
    code: Any = 0
    try:
        call_command("check_form", str(path), "--json", *options, stdout=printed)
    except SystemExit as left:
        code = left.code
    return int(code), json.loads(printed.getvalue())


@pytest.fixture
def form() -> dict[str, Any]:
    """Story alpha's request, prepared in good time."""
    asked = playing.prepared("TR", entry_at=ENTRY)
    return {"at": "2026-09-01T06:00:00Z", "by": "TR-PLANNER", **asked}


def test_a_form_is_judged_as_in_an_exercise(form: dict[str, Any], tmp_path: Path) -> None:
    code, said = checked(tmp_path / "form.json", form)

    assert (code, said["track"]) == (0, "STANDARD")
    assert {one["code"] for one in said["findings"]} >= {"CASPIAN_TRANSIT"}
    assert all(one["item"] and one["sentence"] and one["severity"] for one in said["findings"])


def test_what_blocks_is_said_by_the_exit_code(form: dict[str, Any], tmp_path: Path) -> None:
    form["form"] |= {"priority": "NONE", "category": "MILITARY"}

    code, said = checked(tmp_path / "form.json", form, "--at", "2026-09-13T06:00:00Z")

    assert code == 1
    assert "NOTICE_UNJUSTIFIED" in [
        one["code"] for one in said["findings"] if one["severity"] == "block"
    ]


def test_nothing_of_it_is_kept(form: dict[str, Any], tmp_path: Path) -> None:
    kept = playing.before("alpha", "release")

    checked(tmp_path / "form.json", form)

    assert list(Exercise.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": "XX"}, "There is no agreement of TR and XX"),
        ({"by": "TR-REGISTRY"}, "Planner"),
        ({"by": "TR-COOK"}, "There is no seat TR-COOK"),
        ({"at": "yesterday"}, "holds no form"),
        ({"form": {"departure": "LTAU", "destination": "?"}}, "destination"),
        ({"crossings": [{"state": "KZ", "entry_at": "noon"}]}, "entry_at"),
        ({"at": "2051-09-01T06:00:00Z"}, "year"),
    ],
)
def test_what_is_no_form_is_told_in_a_sentence(
    form: dict[str, Any], tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(CommandError, match=said) as told:
        checked(tmp_path / "form.json", form | wrong)

    assert told.value.returncode == 2
