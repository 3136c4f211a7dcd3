"""Nonsense typed anywhere gives a clear answer and never a crash."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test.client import encode_multipart

from approvals import decision, questions
from audit import acts
from audit.refusals import NotNow
from control import stories
from tests import playing, wall
from transit import preparation, transmission
from transit.models import FlightRequest, FlightStatus

if TYPE_CHECKING:
    from django.test import Client

    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOMENTS = (
    "2026-09-28 01:00:00.5",
    "9999-12-31T23:59:59-10:00",
    "0001-01-01T00:00:00+10:00",
    "9999-12-31 23:00",
    "31/12/2026",
)
#: The tables of the form, empty.
TABLES = {
    f"{table}-{count}_FORMS": "0"
    for table in ("crossing", "good")
    for count in ("TOTAL", "INITIAL")
}
FORM = stories.load("alpha").acts[0]["with"]["form"]
CROSSINGS = stories.load("alpha").acts[0]["with"]["crossings"]


@pytest.fixture
def exercise(client: Client) -> Exercise:
    """A draft of alpha; the instructor at the browser may take every seat."""
    opened = playing.before("alpha", "request_release", seated=True)
    client.force_login(get_user_model().objects.get(username="instructor"))
    return opened


def flight(exercise: Exercise) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_that_is_none_is_named_at_the_field(
    client: Client, exercise: Exercise, moment: str
) -> None:
    base = f"/x/{exercise.pk}"
    typed = TABLES | {"departs_at": moment, "seen": "1"}

    for answer in (
        client.post(f"{base}/TR-PLANNER/flights/1/form/", typed),
        client.post(f"{base}/INSTRUCTOR/control/jump/", {"to": moment}),
    ):
        assert answer.status_code == 422
        assert answer.text.count("Give date and time in UTC") == 2  # in the summary, at the field
        assert f'value="{moment}"' in answer.text


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000, "-1", "x"])
def test_a_number_that_is_none_leads_nowhere(
    client: Client, exercise: Exercise, number: str
) -> None:
    assert client.get(f"/x/{number[:30]}/INSTRUCTOR/").status_code == 404
    assert client.post("/sit/", {"seat": number}).status_code == 404
    record = client.get(f"/x/{exercise.pk}/INSTRUCTOR/record/", {"before": number})
    assert record.status_code == 404


@pytest.mark.parametrize(
    "item", ["aircraft_count", "cargo_kg", "crew_count", "cruise_knots", "passenger_count"]
)
def test_a_count_beyond_reason_is_named_at_the_field(
    client: Client, exercise: Exercise, item: str
) -> None:
    typed = TABLES | {item: "99999999999", "seen": "1"}

    answer = client.post(f"/x/{exercise.pk}/TR-PLANNER/flights/1/form/", typed)

    assert answer.status_code == 422
    assert f'id="id_{item}_error"' in answer.text
    assert 'value="99999999999"' in answer.text


def test_a_nul_byte_is_refused_wherever_text_is_typed(client: Client, exercise: Exercise) -> None:
    base = f"/x/{exercise.pk}"
    key = str(uuid.uuid4())

    answer = client.post(
        f"{base}/TR-PLANNER/flights/1/do/withdraw/", {"once": key, "reason": "a\0b", "seen": "1"}
    )
    assert answer.status_code == 422
    # A key that is none is no key; it must not reach the database.
    assert client.post(f"{base}/INSTRUCTOR/control/step/", {"once": "a\0b"}).status_code == 302


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "idna", "base64", "undefined"])
def test_what_is_not_in_the_letters_of_the_page_is_read_as_if_it_were(
    client: Client, exercise: Exercise, charset: str
) -> None:
    """A lone surrogate fits no database, and not every codec gives text."""
    written = {"once": str(uuid.uuid4()), "seen": "another", "reason": "+2AA- \\ud800 xn--a"}
    sent = encode_multipart("line", written)
    kind = f"multipart/form-data; charset={charset}; boundary=line"

    answer = client.generic(
        "POST", f"/x/{exercise.pk}/TR-PLANNER/flights/1/do/withdraw/", sent, content_type=kind
    )

    assert answer.status_code == 409
    assert "+2AA- \\ud800 xn--a" in answer.text


def test_no_passengers_and_no_cargo_are_an_answer(exercise: Exercise) -> None:
    planner = playing.seat(exercise, "TR-PLANNER")
    empty = FORM | {"passenger_count": 0, "passengers": "", "cargo_kg": 0, "cargo": "None."}

    with acts.act(exercise, by=planner) as at:
        preparation.edit(flight(exercise), by=planner, at=at, form=empty, crossings=CROSSINGS)
    with acts.act(exercise, by=planner) as at:
        preparation.request_release(flight(exercise), by=planner, at=at)

    assert flight(exercise).status == FlightStatus.RELEASE_REVIEW


def test_a_question_on_a_withdrawn_request_is_not_answered_any_more() -> None:
    exercise = playing.before("late-change", "answer")
    attache = playing.seat(exercise, "TR-ATTACHE")
    with acts.act(exercise, by=attache) as at:
        transmission.withdraw(flight(exercise), by=attache, at=at, reason="Not needed.")

    with pytest.raises(NotNow), acts.act(exercise, by=attache) as at:
        questions.answer(flight(exercise).questions.get(), by=attache, at=at, text="Too late.")


def test_after_a_crossing_withdrawal_no_page_names_the_secret_refusal(client: Client) -> None:
    exercise = playing.before("late-change", "answer", seated=True)
    client.force_login(get_user_model().objects.get(username="instructor"))
    decider, attache = (playing.seat(exercise, key) for key in ("KZ-DECIDER", "TR-ATTACHE"))
    with acts.act(exercise, by=decider) as at:
        decision.refuse(flight(exercise), by=decider, at=at, ground="SECURITY", reasons="For us.")
    with acts.act(exercise, by=attache) as at:
        transmission.withdraw(flight(exercise), by=attache, at=at, reason="Not needed.")

    for seat in ("TR-PLANNER", "TR-RELEASE", "TR-ATTACHE"):
        for page in ("flights/1/", "flights/1/form/", "flights/"):
            text = client.get(f"/x/{exercise.pk}/{seat}/{page}").text
            text = re.sub(r"<option.*?</option>", "", text)  # what a list may be asked for
            assert "Refused" not in text
            assert "dropped" not in text.lower()


def test_a_halt_lifted_lets_the_clock_go_on_from_where_it_stood() -> None:
    with wall.standing() as real_time:
        exercise = playing.before("alpha", "register")
        playing.conduct(exercise, "run", rate=60)
        type(exercise).objects.filter(pk=exercise.pk).update(halted="for a test")
        real_time.wait(hours=12)
        before = exercise.last_at
        instructor = playing.seat(exercise, "INSTRUCTOR")

        from_control = playing.lift(exercise, by=instructor)

        assert from_control == before
        assert flight(exercise).status == FlightStatus.SUBMITTED


def test_a_happening_beyond_the_calendar_is_not_jumped_to(
    client: Client, exercise: Exercise
) -> None:
    planner = playing.seat(exercise, "TR-PLANNER")
    far = [
        row | {name: row[name].replace(year=2031) for name in ("entry_at", "exit_at")}
        for row in CROSSINGS
    ]
    with acts.act(exercise, by=planner) as at:
        preparation.edit(flight(exercise), by=planner, at=at, form={}, crossings=far)

    answer = client.post(f"/x/{exercise.pk}/INSTRUCTOR/control/next/")

    assert answer.status_code == 302
    exercise.refresh_from_db()
    assert exercise.sim_anchor.year == 2026
