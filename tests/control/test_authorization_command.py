"""`manage.py authorization`: an authorization of an exercise, compared at the command line."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from tests import playing
from transit.models import Authorization

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("story", ["alpha", "mirror", "second-agreement"])
def test_an_authorization_as_printed_is_what_a_plan_is_compared_with(
    story: str, tmp_path: Path
) -> None:
    exercise = playing.before(story, "file_plan")
    number = Authorization.objects.get(exercise=exercise).number
    authorization, plan = tmp_path / "authorization.json", tmp_path / "plan.txt"
    authorization.write_text(printed("authorization", str(exercise.pk), number), encoding="utf-8")
    message = playing.proposed_plan(exercise)

    def compared(filed: str) -> Any:
        plan.write_text(filed, encoding="utf-8")
        files = ("--authorization", str(authorization), str(plan))
        return json.loads(printed("compare_fpl", *files, "--json"))["codes"]

    assert compared(message) == []
    assert compared(message.replace("STS/", "DLE/NOLGA0100 STS/"))[0] == "DELAY_EN_ROUTE"
    said = json.loads(authorization.read_text(encoding="utf-8"))
    assert said["number"] == number
    assert said["host"] in said["states"]
    assert said["route"][0] == said["adep"]


@pytest.mark.parametrize("number", ["EXKZ26S9999", ""])
def test_an_unknown_number_or_exercise_is_told(number: str) -> None:
    exercise = playing.before("alpha", "file_plan")
    for pk in (exercise.pk, exercise.pk + 1):
        with pytest.raises(CommandError) as caught:
            call_command("authorization", str(pk), number)
        assert caught.value.returncode == 2
