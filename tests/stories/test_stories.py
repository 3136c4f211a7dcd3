"""The stories that ship: how they end, and that they are the same wherever they are played.

A digest that changes on purpose is renewed by `python -m tests.renewal`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

import rules
from approvals import checks
from approvals.models import Check, Concurrence, Question
from audit import replay, restore
from audit.models import Event
from books import agreements, calendars
from casework.models import Note, NoteKind
from control import stories
from exercises.models import Exercise, Seat
from rules import Severity
from tests import playing
from tests.selection import marked
from transit.models import Authorization, FlightRequest, Revision

pytestmark = pytest.mark.django_db

DIGESTS: dict[str, str] = json.loads(Path(__file__).with_name("digests.json").read_text())

GRANTED = {"status": "AUTHORIZED", "movement": "CLOSED"}
TURNED_DOWN = {"authorization": None, "movement": None}
OPEN = {**TURNED_DOWN, "closed_at": None}


def in_force(number: str) -> dict[str, Any]:
    return {"authorization": {"number": number, "status": "IN_FORCE"}}


ENDS: dict[str, list[dict[str, Any]]] = {
    "alpha": [
        GRANTED
        | in_force("EXKZ26S0001")
        | {"label": "Authorized with conditions · Closed", "closed_at": "2026-09-18T09:00:00Z"}
    ],
    "bravo": [
        GRANTED
        | in_force("EXKZ26S0001")
        | {"label": "Authorized with conditions · Closed", "closed_at": "2026-11-23T06:00:00Z"}
    ],
    "silence": [
        TURNED_DOWN | {"status": "LAPSED", "label": "Lapsed", "closed_at": "2026-09-14T07:07:00Z"}
    ],
    "refused": [
        TURNED_DOWN | {"status": "REFUSED", "label": "Refused", "closed_at": "2026-09-14T10:00:00Z"}
    ],
    "returned": [
        GRANTED
        | in_force("EXKZ26S0001")
        | {"label": "Authorized · Closed", "closed_at": "2026-09-21T06:00:00Z"}
    ],
    "late-change": [
        GRANTED
        | in_force("EXKZ26S0001")
        | {"label": "Authorized with conditions · Closed", "closed_at": "2026-09-25T06:00:00Z"}
    ],
    "mirror": [
        GRANTED
        | in_force("EXTR26S5001")
        | {"label": "Authorized · Closed", "closed_at": "2026-09-24T08:00:00Z"}
    ],
    "charlie": [
        GRANTED
        | in_force("EXTR26S5001")
        | {
            "movement": "CLOSED_WITH_FINDINGS",
            "label": "Authorized with conditions · Closed with findings",
            "closed_at": "2026-11-06T08:00:00Z",
        }
    ],
    "landing": [
        GRANTED
        | in_force("EXKZ26S0001")
        | {"label": "Authorized with conditions · Closed", "closed_at": "2026-09-22T06:00:00Z"}
    ],
    "six-to-one": [
        GRANTED
        | in_force("EXKZ26S0001")
        | {"label": "Authorized with conditions · Closed", "closed_at": "2026-09-25T06:00:00Z"},
        in_force("EXKZ26S0001")
        | {
            "status": "AUTHORIZED",
            "movement": None,
            "label": "Authorized with conditions",
            "closed_at": "2026-09-11T06:00:00Z",
        },
    ],
    "neighbours": [
        GRANTED
        | in_force("EXKZ26S0001")
        | {"label": "Authorized with conditions · Closed", "closed_at": "2026-09-18T09:00:00Z"}
    ],
    "closure": [
        *(
            GRANTED
            | in_force(f"EXKZ26S000{number}")
            | {"label": "Authorized · Closed", "closed_at": f"2026-09-{day}T06:00:00Z"}
            for number, day in ((1, 23), (2, 24))
        ),
        *(
            GRANTED
            | {"authorization": {"number": f"EXKZ26S000{number}", "status": "CANCELLED"}}
            | {"movement": "NOT_FLOWN", "label": "Cancelled · Not flown", "closed_at": closed_at}
            for number, closed_at in ((3, "2026-09-14T09:00:00Z"), (4, "2026-09-15T08:00:00Z"))
        ),
        GRANTED
        | in_force("EXKZ26S0005")
        | {"label": "Authorized · Closed", "closed_at": "2026-09-30T06:00:00Z"},
    ],
    "protest": [
        in_force("EXKZ26S0001")
        | {
            "status": "AUTHORIZED",
            "movement": "EXPECTED",
            "label": "Authorized with conditions · Expected",
            "closed_at": None,
        }
    ],
    "second-agreement": [
        GRANTED
        | in_force("EXUZ26S0001")
        | {"label": "Authorized · Closed", "closed_at": "2026-10-09T06:00:00Z"}
    ],
    "third-agreement": [
        GRANTED
        | in_force("EXXL26S5001")
        | {"label": "Authorized · Closed", "closed_at": "2026-09-17T07:00:00Z"},
        GRANTED
        | in_force("EXXL26S5002")
        | {"label": "Authorized · Closed", "closed_at": "2026-09-17T08:00:00Z"},
    ],
    "demo": [
        in_force("EXKZ26S0001")
        | {
            "status": "AUTHORIZED",
            "movement": "EXPECTED",
            "label": "Authorized with conditions · Expected",
            "closed_at": None,
        },
        OPEN | {"status": "UNDER_REVIEW", "label": "Under examination"},
        OPEN | {"status": "UNDER_REVIEW", "label": "Under examination"},
        OPEN | {"status": "SUBMITTED", "label": "Submitted"},
        OPEN | {"status": "DRAFT", "label": "Draft"},
    ],
}
REFERENCES = {
    "charlie": ["KZ-TR-5001"],
    "six-to-one": ["TR-KZ-0001", "TR-KZ-0002"],
    "mirror": ["KZ-TR-5001"],
    "closure": [f"TR-KZ-000{number}" for number in range(1, 6)],
    "second-agreement": ["AZ-UZ-0001"],
    "third-agreement": ["XV-XL-5001", "XV-XL-5002"],
    "demo": ["TR-KZ-0001", "TR-KZ-0002", "KZ-TR-5001", "TR-KZ-0003", "TR-KZ-0004"],
}
#: The stories whose agreement counts working days; offices that count calendar days keep open.
BY_WORKING_DAYS = [name for name in ENDS if stories.load(name).agreement == agreements.SHIPPED]


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=UTC)


def events(exercise: Exercise) -> list[Event]:
    return list(Event.objects.filter(exercise=exercise).in_order())


def acts_of_people(exercise: Exercise) -> list[Event]:
    """Return what the seats did; nobody sits at the desk of a state on the way."""
    return [
        event
        for event in events(exercise)
        if event.seat
        and not event.payload["conduct"]
        and not Seat.is_role_player(event.payload["by"]["holder"])
    ]


def dates_of(exercise: Exercise, ref: str) -> list[str | None]:
    """Return every date by which the row owed something, as the record tells it."""
    rows = (event.payload["rows"].get(ref) or {} for event in events(exercise))
    return [row["due_at"] for row in rows if "due_at" in row]


def test_every_story_has_its_end_and_its_digest_here() -> None:
    assert set(stories.names()) == set(ENDS) == set(DIGESTS)


@pytest.mark.parametrize("name", marked(ENDS, quick=("alpha", "mirror")))
def test_a_story_ends_as_it_should_each_time_it_is_played(name: str) -> None:
    story = stories.load(name)

    played = [stories.play(story), stories.play(story)]

    ends = [
        end | {"reference": reference}
        for end, reference in zip(ENDS[name], REFERENCES.get(name, ["TR-KZ-0001"]), strict=True)
    ]
    for exercise in played:
        assert stories.outcome(exercise, story) == {
            "story": name,
            "exercise": exercise.pk,
            "digest": DIGESTS[name],
            "audit_ok": True,
            "events": len(events(exercise)),
            "overdue_noted": int(name in ("silence", "third-agreement")),
            "flights": ends,
        }
        assert [(line["at"], line["do"], line["by"]) for line in story.acts] == [
            (event.at, event.verb, event.seat) for event in acts_of_people(exercise)
        ]
    assert playing.changed_papers(played[0]) == []
    first, again = map(replay.stored, played)
    assert first == again


@pytest.mark.parametrize("name", BY_WORKING_DAYS)
def test_offices_act_on_their_working_days_before_they_close(name: str) -> None:
    script = stories.load(name)

    for line in script.acts:
        if line["by"] == "INSTRUCTOR":
            continue  # exercise control keeps no office hours
        state, role = line["by"].split("-", 1)
        office = calendars.office(calendars.LATEST, state)
        is_flight_day = role == "OPERATIONS" or line["do"] == "file_plan"
        if role != "ATTACHE" and not is_flight_day:
            assert office.is_working_day(office.local(line["at"]).date()), line
            assert office.local(line["at"]).hour >= 8, line
            assert line["at"] <= office.close_of_business(office.local(line["at"]).date()), line


def test_a_silent_desk_is_escalated_and_never_taken_to_agree() -> None:
    exercise = playing.whole("silence")

    told = [event.payload["with"] for event in events(exercise) if event.verb == "escalate_desk"]
    assert told == [
        {"desk": "CIVIL_AVIATION", "duty": "desk", "to": to}
        for to in ("DEFENCE", "DECIDER", "INSTRUCTOR")
    ]
    flight = FlightRequest.objects.get(exercise=exercise)
    assert flight.closed_at == flight.entry_at
    assert not Authorization.objects.filter(exercise=exercise).exists()
    assert Concurrence.objects.get(exercise=exercise, desk="CIVIL_AVIATION").answer == "PENDING"


def test_a_refusal_is_told_by_a_neutral_note() -> None:
    exercise = playing.whole("refused")

    note = Note.objects.get(exercise=exercise, kind=NoteKind.REPLY)
    assert note.text == ""
    told = next(event.payload for event in events(exercise) if event.verb == "reply")
    assert "SECURITY" not in json.dumps(told)
    flight = FlightRequest.objects.get(exercise=exercise)
    assert flight.ground == "SECURITY"
    assert flight.ground_text


def test_a_returned_form_stays_as_it_was_and_is_sent_again_by_a_new_note() -> None:
    exercise = playing.whole("returned")

    first, second = Revision.objects.filter(exercise=exercise)
    assert (first.principals, first.track_code) == ("", "STANDARD")
    assert "head of delegation" in second.principals
    assert second.track_code == "VIP"
    sent = Note.objects.filter(exercise=exercise, kind=NoteKind.REQUEST)
    assert [note.enclosure for note in sent] == [first.ref, second.ref]
    assert dates_of(exercise, "flight/1/concurrence/SECURITY/1")[0] == "2026-09-09T13:00:00Z"
    assert "2026-09-07T14:30:00Z" in dates_of(exercise, "flight/1")


def test_a_question_stops_the_clock_of_the_desk_that_asks() -> None:
    exercise = playing.whole("late-change")

    security = dates_of(exercise, "flight/1/concurrence/SECURITY/1")
    assert security == ["2026-09-08T13:00:00Z", None, "2026-09-09T13:00:00Z", None]
    air_defence = dates_of(exercise, "flight/1/concurrence/AIR_DEFENCE/1")
    assert air_defence == ["2026-09-08T13:00:00Z", None]
    assert Question.objects.get(exercise=exercise).answered_at == utc(7, 12)


def test_another_aircraft_makes_the_desks_that_judge_it_answer_again() -> None:
    exercise = playing.whole("late-change")

    rounds = Concurrence.objects.filter(exercise=exercise).order_by("round", "desk")
    assert [(row.desk, row.revision and row.revision.number) for row in rounds] == [
        ("AIR_DEFENCE", 1),
        ("CIVIL_AVIATION", 1),
        ("DEFENCE", 1),
        ("SECURITY", 1),
        ("AIR_DEFENCE", 2),
        ("CIVIL_AVIATION", 2),
        ("DEFENCE", 2),
    ]
    authorization = Authorization.objects.get(exercise=exercise)
    assert authorization.revision.call_sign == "HVK4866"


def test_six_changes_in_a_week_become_one_amendment_under_the_same_number() -> None:
    exercise = playing.whole("six-to-one")

    flight, amendment = FlightRequest.objects.filter(exercise=exercise).order_by("number")
    versions = [
        (row.number, row.version, row.revision.call_sign) for row in flight.authorizations.all()
    ]
    assert versions == [("EXKZ26S0001", 1, "HVK4821"), ("EXKZ26S0001", 2, "HVK4866")]
    movement = flight.movements.get()
    assert movement.authorization == flight.authorizations.last()
    assert movement.plan_codes == []
    assert amendment.revisions.count() == 3
    changed = amendment.content.changed
    assert changed
    assert {one.kind for one in changed.changes} == {
        *("CALL_SIGN", "UNLISTED_TAIL", "CAPTAIN"),
        *("MORE_PASSENGERS", "PASSENGERS", "CONTACT"),
    }
    assert changed.takes == "AMENDMENT"
    asked = Concurrence.objects.filter(flight=amendment).order_by("round", "desk")
    assert [(row.desk, row.round) for row in asked] == [
        ("AIR_DEFENCE", 1),
        ("CIVIL_AVIATION", 1),
        ("DEFENCE", 1),
        ("SECURITY", 1),
        ("AIR_DEFENCE", 2),
        ("CIVIL_AVIATION", 2),
        ("SECURITY", 2),
    ]
    with restore.past(exercise, until=exercise.seq) as alias:
        then = Exercise.objects.using(alias).get()
        told = Event.objects.using(alias).filter(exercise=then).in_order()
        assert replay.differences(then, (event.payload for event in told)) == []


def test_a_note_after_close_of_business_is_received_on_the_next_working_day() -> None:
    exercise = playing.whole("mirror")

    received_at = FlightRequest.objects.get(exercise=exercise).received_at
    assert received_at == utc(4, 14, 45)
    tuesday_at_half_past_five_in_ankara = "2026-09-08T14:30:00Z"
    assert tuesday_at_half_past_five_in_ankara in dates_of(exercise, "flight/5001")
    desk = dates_of(exercise, "flight/5001/concurrence/SECURITY/1")
    assert desk[0] == "2026-09-10T14:30:00Z"


def test_a_landing_asks_customs_and_border_and_the_lead_desk_cites_their_papers() -> None:
    exercise = playing.whole("landing")

    entered = Concurrence.objects.filter(exercise=exercise, desk__in=["CUSTOMS", "BORDER"])
    assert {row.answered_by and row.answered_by.key for row in entered} == {"KZ-DEFENCE"}
    assert all(row.paper.startswith("Letter ") for row in entered)


def test_the_state_that_asks_for_most_drives_the_date() -> None:
    """Bravo: of Azerbaijan's fourteen working days a holiday takes one; the flight moves."""
    story = stories.load("bravo")
    exercise = stories.stage(story)
    sent_at = next(line["at"] for line in story.acts if line["do"] == "transmit")
    found = []
    for line in story.acts[:2]:
        stories.perform(exercise, line)
        draft = FlightRequest.objects.get(exercise=exercise).latest
        found.append({one.key for one in rules.findings(draft, at=sent_at)})

    assert [line["do"] for line in story.acts[:2]] == ["prepare", "edit"]
    assert "THIRD_STATE_NOTICE:AZ" in found[0]
    assert found[0] - found[1] == {"THIRD_STATE_NOTICE:AZ"}
    assert not {"NOTICE_SHORT", "NOTICE_UNJUSTIFIED"} & found[0]


def test_every_check_on_the_exercise_flight_is_dealt_with_before_it_is_authorized() -> None:
    exercise = playing.whole("bravo")

    flight = FlightRequest.objects.get(exercise=exercise)
    dealt_with = {row.finding: row.dealt_by.role for row in Check.objects.filter(flight=flight)}
    assert dealt_with == {
        "WEAPONS_DECLARED": "SECURITY",
        "ZONE_CROSSED:EXR-2": "AIR_DEFENCE",
        "THIRD_STATE_PENDING:AZ": "DEFENCE",
        "LANDING": "DEFENCE",
    }
    queries = {
        item.key
        for item in checks.items(flight, at=utc(2, 0).replace(month=11))
        if item.severity != Severity.NOTIFY
    }
    assert queries == dealt_with.keys()
    permit = Concurrence.objects.get(flight=flight, desk="STATE_GUARD")
    accepted = Check.objects.get(flight=flight, finding="ZONE_CROSSED:EXR-2")
    assert permit.paper.startswith("Special permit")
    assert permit.answered_at
    assert permit.answered_at < accepted.dealt_at


def test_another_agreement_counts_its_own_days_and_asks_its_own_desks() -> None:
    exercise = playing.whole("second-agreement")

    asked = Concurrence.objects.filter(exercise=exercise).order_by("pk")
    assert {row.desk for row in asked} == {"AIR_DEFENCE", "CUSTOMS", "DEFENCE"}
    thursday_to_monday = dates_of(exercise, "flight/1/concurrence/AIR_DEFENCE/1")
    assert thursday_to_monday[0] == "2026-09-28T13:00:00Z"
    flight = FlightRequest.objects.get(exercise=exercise)
    assert flight.agreement.annual is None
    assert flight.content.lands_in_host


def test_a_proposal_is_answered_in_three_days_and_in_six_hours_of_an_emergency() -> None:
    exercise = playing.whole("third-agreement")
    terms = agreements.of(exercise)

    ordinary, urgent = FlightRequest.objects.filter(exercise=exercise).order_by("number")

    assert terms.is_proposal
    for flight, hours in ((ordinary, 72), (urgent, 6)):
        assert flight.track.lead_time.hours == hours
        assert "proposal" in flight.track.lead_time.source
        assert flight.received_at
        assert flight.replied_at
        assert flight.replied_at - flight.received_at <= timedelta(hours=hours)
    assert playing.proposed_plan(exercise)


def test_play_prints_how_the_story_ended() -> None:
    printed = StringIO()

    call_command("play", "silence", "--json", stdout=printed)

    told = json.loads(printed.getvalue())
    assert list(told) == [
        "story",
        "exercise",
        "digest",
        "audit_ok",
        "events",
        "overdue_noted",
        "flights",
    ]
    assert (told["story"], told["digest"]) == ("silence", DIGESTS["silence"])
