"""What the product finds, draws and compares, and who sees it when: open, after own check, off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

import rules
from approvals import checking, checks, decision, examination, marking, questions
from approvals.models import Mark, OwnCheck
from approvals.rounds import latest_round
from audit import acts
from audit.models import Event
from audit.refusals import NotNow, NotYou
from control import stories
from exercises.models import Help
from tests import playing
from tests.browsing import body, form_for, signed_in
from transit import preparation
from transit.models import FlightRequest, FlightStatus

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Finds WEAPONS_DECLARED; what it says stands in the finding's sentence alone.
WEAPONS = {
    "has_personal_weapons": True,
    "personal_weapons": "Pistols of the crew, unloaded.",
    "has_ammunition": False,
}
FOUND = "Personal weapons: “Pistols of the crew, unloaded.”"
PLANNERS = "What the host will find"
HOSTS = "Each is accepted with a reason, asked, or a ground for refusal"

STATES = ["TR", "GE", "AZ", "KZ"]


def registered(shown: Help, **changes: Any) -> Exercise:
    return playing.before("alpha", "concur", seated=True, help_shown=shown, **(WEAPONS | changes))


def drafted(shown: Help) -> Exercise:
    return playing.before("alpha", "request_release", seated=True, help_shown=shown, **WEAPONS)


def page(exercise: Exercise, key: str, path: str = "flights/1/") -> str:
    answer = signed_in(exercise, key).get(f"/x/{exercise.pk}/{key}/{path}")
    assert answer.status_code == 200
    return body(answer)


def by(exercise: Exercise, key: str, verb: Any, subject: Any = None, **details: Any) -> Any:
    seat = playing.seat(exercise, key)
    flight = FlightRequest.objects.get(exercise=exercise)
    with acts.act(exercise, by=seat) as at:
        done = verb(subject or flight, by=seat, at=at, **details)
    exercise.refresh_from_db()
    return done


def check(exercise: Exercise, key: str, *codes: str, states: list[str] | None = None) -> OwnCheck:
    return playing.check_alone(exercise, key, *codes, states=states or STATES)


def mark(exercise: Exercise, key: str, **told: Any) -> Mark:
    marked = {"fact": "route", "code": "WEAPONS_DECLARED", "confidence": "SURE"} | told
    made: Mark = by(exercise, key, marking.mark, **marked)
    return made


def concur(exercise: Exercise, desk: str) -> None:
    rows = latest_round(FlightRequest.objects.get(exercise=exercise))
    row = next(row for row in rows if row.desk == desk)
    by(exercise, f"KZ-{desk}", examination.concur, row, answer="CONCUR")


def is_drawn(said: str) -> bool:
    return "Declared against computed" in said


# Open


@pytest.mark.parametrize("key", ["KZ-REGISTRY", "KZ-SECURITY", "KZ-DECIDER", "INSTRUCTOR"])
def test_open_the_host_sees_findings_and_map_at_once(key: str) -> None:
    said = page(registered(Help.OPEN), key)

    assert HOSTS in said
    assert FOUND in said
    assert is_drawn(said)
    assert "do/own_check/" not in said


def test_open_the_planner_sees_what_the_host_will_find() -> None:
    said = page(drafted(Help.OPEN), "TR-PLANNER")

    assert PLANNERS in said
    assert FOUND in said
    assert is_drawn(said)
    assert "do/own_check/" not in said


# After own check


@pytest.mark.parametrize(
    ("key", "fact", "code"),
    [
        ("KZ-REGISTRY", "crossings.entry_at", "NOTICE_SHORT"),
        ("KZ-SECURITY", "has_sensors", "SENSORS_DECLARED"),
        ("KZ-DECIDER", "crossings.action", "LANDING"),
    ],
)
def test_after_an_officer_of_the_host_checks_first_and_then_reads_both(
    key: str, fact: str, code: str
) -> None:
    exercise = registered(Help.AFTER)
    before = page(exercise, key)
    assert FOUND not in before
    assert not is_drawn(before)
    assert "The agreement's date for an answer" not in before

    officer = signed_in(exercise, key)
    at = f"/x/{exercise.pk}/{key}/flights/1/"
    form = form_for(officer.get(at), "do/mark/")
    marked = {"fact": fact, "code": code, "confidence": "SURE"}
    assert officer.post(form.action, form.fields | marked).status_code == 302
    form = form_for(officer.get(at), "do/own_check/")
    answer = officer.post(form.action, form.fields | {"states": "tr ge kz", "due_on": "2026-09-11"})

    assert answer.status_code == 302
    said = page(exercise, key)
    assert FOUND in said
    assert is_drawn(said)
    assert "The agreement's date for an answer" in said
    assert "do/own_check/" not in said
    row = OwnCheck.objects.get()
    assert (row.codes, row.states, str(row.due_on)) == (
        [code],
        ["TR", "GE", "KZ"],
        "2026-09-11",
    )
    for words in ("TR GE KZ", "TR GE AZ KZ UZ TJ", "not found"):
        assert words in said
    assert ("missed" in said) is (key != "KZ-REGISTRY")  # for it nothing is to be found


def test_after_one_officers_check_shows_nothing_to_another() -> None:
    exercise = registered(Help.AFTER)
    check(exercise, "KZ-SECURITY", "SENSORS_DECLARED", states=["QQ", "ZZ"])
    by(
        exercise,
        "KZ-SECURITY",
        checking.deal_with,
        findings=["WEAPONS_DECLARED"],
        disposal="ACCEPTED",
        reason="Packed apart.",
    )

    for key in ("KZ-AIR_DEFENCE", "KZ-DEFENCE", "KZ-DECIDER", "TR-PLANNER", "TR-ATTACHE"):
        said = page(exercise, key)
        assert "QQ ZZ" not in said, key
        assert FOUND not in said, key
        told = said.split('name="code"')[0]  # who marks a fact chooses among the rules there are
        assert "WEAPONS_DECLARED" not in told, key
        assert "SENSORS_DECLARED" not in told, key
    assert "QQ ZZ" in page(exercise, "KZ-SECURITY")


def accept_weapons(exercise: Exercise) -> None:
    by(
        exercise,
        "KZ-SECURITY",
        checking.deal_with,
        findings=["WEAPONS_DECLARED"],
        disposal="ACCEPTED",
        reason="Packed apart.",
    )


def test_after_no_desk_answers_and_none_deals_with_a_check_before_its_own() -> None:
    exercise = registered(Help.AFTER)
    with pytest.raises(NotNow, match="Make your own check first"):
        concur(exercise, "SECURITY")
    with pytest.raises(NotNow, match="Make your own check first"):
        accept_weapons(exercise)

    check(exercise, "KZ-SECURITY")

    concur(exercise, "SECURITY")


def test_after_the_decider_reads_no_code_before_an_own_check() -> None:
    exercise = registered(Help.AFTER)
    for desk in ("AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION", "DEFENCE"):
        check(exercise, f"KZ-{desk}")
        concur(exercise, desk)
    before = page(exercise, "KZ-DECIDER").split('name="code"')
    assert "Checks stand against it that are not dealt with." in before[0] + before[-1]
    assert "Checks stand against it: " not in "".join(before)

    check(exercise, "KZ-DECIDER")

    assert "Checks stand against it: WEAPONS_DECLARED" in page(exercise, "KZ-DECIDER")


def test_after_the_planner_checks_the_own_draft_first() -> None:
    exercise = drafted(Help.AFTER)
    before = page(exercise, "TR-PLANNER")
    assert PLANNERS not in before
    assert FOUND not in before
    assert not is_drawn(before)

    check(exercise, "TR-PLANNER")

    said = page(exercise, "TR-PLANNER")
    assert PLANNERS in said
    assert FOUND in said
    assert is_drawn(said)
    assert PLANNERS not in page(exercise, "TR-RELEASE")


def test_a_form_is_checked_once_and_a_new_revision_again() -> None:
    exercise = registered(Help.AFTER)
    check(exercise, "KZ-SECURITY")
    with pytest.raises(NotNow, match="Your own check of this form is recorded"):
        check(exercise, "KZ-SECURITY")
    by(exercise, "TR-PLANNER", questions.begin_supplement)
    by(
        exercise,
        "TR-PLANNER",
        preparation.edit,
        **_content(exercise, remarks="Parking is arranged."),
    )
    by(exercise, "TR-RELEASE", questions.release_supplement)
    by(exercise, "TR-ATTACHE", questions.supplement)
    assert FOUND not in page(exercise, "KZ-SECURITY")

    check(exercise, "KZ-SECURITY")

    assert [row.revision.number for row in OwnCheck.objects.all()] == [1, 2]
    assert FOUND in page(exercise, "KZ-SECURITY")


def test_a_code_that_is_no_rule_is_not_marked() -> None:
    exercise = registered(Help.AFTER)

    with pytest.raises(ValidationError) as caught:
        mark(exercise, "KZ-SECURITY", code="NO_SUCH_RULE")

    assert list(caught.value.message_dict) == ["code"]
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"states": ""}, "Give the states that the route crosses."),
        ({"states": "Türkiye"}, "Give codes such as TR GE AZ KZ."),
        ({"due_on": "next week"}, "Give a date such as 2026-09-23."),
    ],
)
def test_an_own_check_that_cannot_be_read_is_given_back(typed: dict[str, str], said: str) -> None:
    exercise = registered(Help.AFTER)
    security = signed_in(exercise, "KZ-SECURITY")
    at = f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"
    form = form_for(security.get(at), "do/own_check/")

    answer = security.post(form.action, form.fields | {"states": "TR KZ"} | typed)

    assert answer.status_code == 422
    assert said in body(answer)
    assert FOUND not in body(answer)
    assert not OwnCheck.objects.exists()


def test_the_duty_officer_makes_no_own_check_and_operations_none_of_the_form() -> None:
    exercise = registered(Help.AFTER)

    for key in ("KZ-DUTY", "KZ-OPERATIONS"):
        assert "do/own_check/" not in page(exercise, key)
        assert FOUND not in page(exercise, key)
    with pytest.raises(NotYou):
        check(exercise, "KZ-DUTY")
    with pytest.raises(NotNow, match="No flight plan has been filed"):
        check(exercise, "KZ-OPERATIONS")


def test_an_own_check_is_told_to_the_instructor_alone() -> None:
    exercise = registered(Help.AFTER)
    check(exercise, "KZ-SECURITY", states=["QQ", "ZZ"])

    assert "Own check recorded" in page(exercise, "INSTRUCTOR")
    for key in ("KZ-SECURITY", "KZ-DEFENCE", "TR-PLANNER"):
        assert "Own check recorded" not in page(exercise, key)


# Off: an exam


SHOWN_NOWHERE = (FOUND, PLANNERS, "The product", "missed", "The agreement's date for an answer")


@pytest.mark.parametrize("is_checked", [False, True], ids=["before", "after"])
def test_off_no_page_shows_what_the_product_finds(is_checked: bool) -> None:
    exercise = registered(Help.OFF)
    keys = [seat.key for seat in exercise.seats.all() if not seat.is_instructor]
    if is_checked:
        for key in ("KZ-REGISTRY", "KZ-SECURITY", "KZ-DEFENCE", "KZ-DECIDER", "TR-PLANNER"):
            check(exercise, key)

    for key in keys:
        if key.startswith("KZ") == (key.removeprefix("KZ-") in ("PLANNER", "RELEASE", "ATTACHE")):
            continue  # the sides of the other direction know of no flight
        said = page(exercise, key)
        assert not [words for words in SHOWN_NOWHERE if words in said], key
        assert not is_drawn(said), key
        assert "WEAPONS_DECLARED" not in said.split('name="code"')[0], key
    assert FOUND in page(exercise, "INSTRUCTOR")


def test_off_what_officers_marked_binds_and_what_they_missed_does_not() -> None:
    exercise = registered(Help.OFF)
    for desk in ("AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION"):
        check(exercise, f"KZ-{desk}", *(["FORMATION"] if desk == "AIR_DEFENCE" else []))
        concur(exercise, desk)
    check(exercise, "KZ-DEFENCE")
    said = page(exercise, "KZ-DEFENCE")
    assert "FORMATION" in said.split('name="code"')[0]
    assert "WEAPONS_DECLARED" not in said
    concur(exercise, "DEFENCE")
    with pytest.raises(NotNow, match="Checks stand against it that are not dealt with"):
        by(exercise, "KZ-DECIDER", decision.authorize)

    by(
        exercise,
        "KZ-DEFENCE",
        checking.deal_with,
        findings=["FORMATION"],
        disposal="ACCEPTED",
        reason="It is one aircraft.",
    )

    by(exercise, "KZ-DECIDER", decision.authorize)
    flight = FlightRequest.objects.get(exercise=exercise)
    assert flight.status == FlightStatus.AUTHORIZED
    really = {one.code for one in rules.findings(flight.content, at=exercise.last_at)}
    assert "WEAPONS_DECLARED" in really


def test_off_nothing_that_nobody_marked_is_dealt_with() -> None:
    exercise = registered(Help.OFF)
    check(exercise, "KZ-SECURITY")

    with pytest.raises(NotNow, match="No check stands"):
        accept_weapons(exercise)
    assert checks.items(FlightRequest.objects.get(exercise=exercise), at=exercise.last_at) == []


def test_off_the_requesters_marks_do_not_bind_the_host() -> None:
    exercise = drafted(Help.OFF)
    check(exercise, "TR-PLANNER", "LANDING")
    for line in stories.load("alpha").acts:
        if line["do"] in ("request_release", "release", "transmit", "register"):
            stories.perform(exercise, line)
    exercise.refresh_from_db()

    assert checks.items(FlightRequest.objects.get(exercise=exercise), at=exercise.last_at) == []


# The comparison on the day


COMPARED = "As the authorization calls for it"
DIFFERS = "REG/ is neither the authorized tail nor a listed spare"


@pytest.mark.parametrize(
    ("shown", "is_compared"), [(Help.OPEN, True), (Help.AFTER, False), (Help.OFF, False)]
)
def test_the_comparison_of_the_flight_plan_is_help(shown: Help, is_compared: bool) -> None:
    exercise = _filed(shown)

    for path in ("flights/1/", "flight-day/"):
        said = page(exercise, "KZ-OPERATIONS", path).split('name="code"')[0]
        assert "(FPL-HVK4821-IM" in said
        assert (COMPARED in said) is is_compared
        assert (DIFFERS in said) is is_compared
        assert COMPARED in page(exercise, "INSTRUCTOR", path)


@pytest.mark.parametrize("shown", [Help.AFTER, Help.OFF])
def test_operations_mark_discrepancies_before_they_see_any(shown: Help) -> None:
    exercise = _filed(shown)
    officer = signed_in(exercise, "KZ-OPERATIONS")
    at = f"/x/{exercise.pk}/KZ-OPERATIONS/flights/1/"
    form = form_for(officer.get(at), "do/mark/")
    marked = {"fact": "18/DOF", "code": "DOF_MISMATCH", "confidence": "FAIRLY"}
    officer.post(form.action, form.fields | marked)
    form = form_for(officer.get(at), "do/own_check/")
    officer.post(form.action, form.fields)

    assert OwnCheck.objects.get(role="OPERATIONS").codes == ["DOF_MISMATCH"]
    said = body(officer.get(at))
    for words in (COMPARED, DIFFERS, "REG_MISMATCH", "missed", "not found"):
        assert (words in said) is (shown == Help.AFTER), words


@pytest.mark.parametrize("shown", [Help.OPEN, Help.OFF])
def test_an_exam_proposes_no_flight_plan(shown: Help) -> None:
    exercise = _before_filing(shown)
    planner = signed_in(exercise, "TR-PLANNER")

    form = form_for(planner.get(f"/x/{exercise.pk}/TR-PLANNER/flights/1/"), "do/file_plan/")

    proposed = playing.proposed_plan(exercise)
    assert form.fields["message"] == ("" if shown == Help.OFF else proposed)


def _before_filing(shown: Help) -> Exercise:
    """Play alpha until its plan is to be filed; officers check first where they must."""
    story = stories.load("alpha")
    exercise = playing.before("alpha", "concur", seated=True, help_shown=shown)
    for line in story.acts[5:]:
        if line["do"] == "file_plan":
            break
        if line["do"] == "concur" and shown != Help.OPEN:
            check(exercise, line["by"])
        stories.perform(exercise, line)
        exercise.refresh_from_db()
    return exercise


def _filed(shown: Help) -> Exercise:
    exercise = _before_filing(shown)
    line = next(line for line in stories.load("alpha").acts if line["do"] == "file_plan")
    message = line["with"]["message"].replace("REG/990101", "REG/990109")
    stories.perform(exercise, line | {"with": {"message": message}})
    exercise.refresh_from_db()
    return exercise


def _content(exercise: Exercise, **items: Any) -> dict[str, Any]:
    """Return what a planner types into a supplement: the form as it is, but for some items."""
    details = dict(stories.load("alpha").acts[0]["with"])
    del details["host"]
    return details | {"form": details["form"] | WEAPONS | items}


def test_the_record_keeps_an_own_check_out_of_the_sides_histories() -> None:
    exercise = registered(Help.AFTER)
    check(exercise, "KZ-SECURITY")

    event = Event.objects.filter(exercise=exercise).latest("seq")

    assert event.verb == "own_check"
    assert event.payload["audience"] == ["INSTRUCTOR"]
