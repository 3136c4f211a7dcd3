"""The day as it is: what departs from the authorization is confirmed, recorded and told later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests import playing
from tests.browsing import body, form_for, signed_in
from tests.situations.acting import flight, movement, pass_time, played, use
from transit import irregular
from transit.models import MovementStatus

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DAY = datetime(2026, 9, 14, tzinfo=UTC)


def said(exercise: Exercise) -> list[str]:
    return [irregular.said(one) for one in movement(exercise).findings]


def test_what_is_unusual_is_confirmed_before_it_is_recorded() -> None:
    exercise = playing.before("alpha", "enter", seated=True)
    pass_time(exercise, to=DAY + timedelta(hours=7, minutes=15))
    client = signed_in(exercise, "KZ-OPERATIONS")
    page = f"/x/{exercise.pk}/KZ-OPERATIONS/flights/1/"
    form = form_for(client.get(page), "do/enter/")
    typed = form.fields | {"entered_at": "2026-09-14 07:10", "point": "rutil", "level": "F310"}

    asked = client.post(form.action, typed)
    assert asked.status_code == 422
    assert "Recorded as a finding: Entry at RUTIL, authorized BALUN." in body(asked)
    assert movement(exercise).status == MovementStatus.CHECKED

    again = form_for(asked, "do/enter/")
    other = client.post(again.action, again.fields | {"point": "UATG"})
    assert other.status_code == 422
    assert "Entry at UATG" in body(other)
    assert client.post(again.action, again.fields).status_code == 302
    assert movement(exercise).status == MovementStatus.ACTIVE
    assert said(exercise)[0] == "Entry at RUTIL, authorized BALUN."


def test_a_landing_without_authorization_goes_on_unregularised_and_closes_with_findings() -> None:
    exercise = played("exit")
    at = DAY + timedelta(hours=7, minutes=30)
    landing: dict[str, Any] = {"landed_at": at, "aerodrome": "UATE", "cause": "OTHER"}
    use(exercise, "KZ-OPERATIONS", "land", at=at, **landing)
    assert movement(exercise).status == MovementStatus.ON_GROUND
    pass_time(exercise, to=at + timedelta(days=2))
    assert playing.verbs(exercise)[-1] == "escalate_preparation"

    at = exercise.last_at
    use(exercise, "KZ-OPERATIONS", "take_off", at=at, took_off_at=at)
    left = at + timedelta(minutes=20)
    use(exercise, "KZ-OPERATIONS", "exit", at=left, exited_at=left, point="BALUN")
    flown: dict[str, Any] = {"text": "Landed.", "persons_on_board": 14}
    use(exercise, "TR-ATTACHE", "report", at=left, **flown)
    use(exercise, "KZ-DEFENCE", "close")

    assert movement(exercise).status == MovementStatus.CLOSED_WITH_FINDINGS
    assert said(exercise) == [
        "Landing without distress at UATE; no landing was authorized.",
        "Took off again before a note regularised it.",
        "Turned back: exit at BALUN, authorized URASA.",
        "Persons on board: 14 reported, 11 authorized.",
    ]
    assert len(irregular.breaches(movement(exercise))) == 3
    assert flight(exercise).closed_at == left


def test_the_duty_log_tells_the_day_to_the_host_alone() -> None:
    exercise = playing.before("alpha", "report", seated=True)
    log: dict[str, Any] = {"nature": "NOTE", "happened_at": DAY + timedelta(hours=6)}
    use(exercise, "KZ-OPERATIONS", "log_occurrence", **log, text="=Radar at Aktau is back.")
    host, other = (signed_in(exercise, key) for key in ("KZ-OPERATIONS", "TR-ATTACHE"))
    day, file = "duty-log/?day=2026-09-14", "duty-log/log.csv?day=2026-09-14"

    page = body(host.get(f"/x/{exercise.pk}/KZ-OPERATIONS/{day}"))
    at = [page.index(words) for words in ("Radar at Aktau", "BALUN", "URASA")]
    assert at == sorted(at, reverse=True)
    table = host.get(f"/x/{exercise.pk}/KZ-OPERATIONS/{file}").content.decode()
    assert "'=Radar" in table
    assert [line.split(",")[0] for line in table.strip().splitlines()[1:]] == ["EXERCISE"] * 3
    assert "Radar" not in body(other.get(f"/x/{exercise.pk}/TR-ATTACHE/{day}"))
    assert other.get(f"/x/{exercise.pk}/TR-ATTACHE/{file}").status_code == 404
