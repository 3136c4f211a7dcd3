"""Marking: an officer points at facts, says what is wrong with them, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from approvals import checks, marking
from approvals.models import Mark, OwnCheck
from audit import acts, verification
from audit.models import Event
from audit.refusals import NotNow, NotYou
from exercises.models import Help
from tests import playing
from tests.browsing import body, form_for, signed_in
from transit.models import FlightRequest

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = pytest.mark.django_db

SECURITY = "KZ-SECURITY"


def examined(help_shown: Help = Help.AFTER) -> Exercise:
    return playing.before("alpha", "concur", seated=True, help_shown=help_shown)


def mark(exercise: Exercise, key: str = SECURITY, **told: Any) -> Mark:
    details = {"fact": "cargo", "code": "DG_DECLARED", "confidence": "SURE"} | told
    made: Mark = done(exercise, key, marking.mark, flight(exercise), **details)
    return made


def done(exercise: Exercise, key: str, verb: Any, subject: Any, **details: Any) -> Any:
    officer = playing.seat(exercise, key)
    with acts.act(exercise, by=officer) as at:
        return verb(subject, by=officer, at=at, **details)


def flight(exercise: Exercise) -> FlightRequest:
    return FlightRequest.objects.get(exercise=exercise)


def test_one_fact_or_two_that_clash_are_marked_and_counted() -> None:
    exercise = examined()
    mark(exercise)
    mark(exercise, fact="purpose", other="cargo", code="", words="Tents, and no tent is listed.")

    done(exercise, SECURITY, marking.own_check, flight(exercise), states=["TR", "KZ"])

    assert [row.facts for row in Mark.objects.all()] == [["cargo"], ["purpose", "cargo"]]
    assert OwnCheck.objects.get().codes == ["DG_DECLARED"]
    assert verification.faults(exercise) == []


def test_a_mark_taken_back_stays_in_the_record_and_does_not_count() -> None:
    exercise = examined()
    row = mark(exercise)
    done(exercise, SECURITY, marking.unmark, row)

    with pytest.raises(NotNow, match="This mark was taken back"):
        done(exercise, SECURITY, marking.unmark, row)
    done(exercise, SECURITY, marking.own_check, flight(exercise), states=["TR", "KZ"])

    assert OwnCheck.objects.get().codes == []
    assert Mark.objects.get().withdrawn_at


def test_after_the_own_check_nothing_is_marked_or_taken_back() -> None:
    exercise = examined()
    row = mark(exercise)
    done(exercise, SECURITY, marking.own_check, flight(exercise), states=["TR", "KZ"])

    for verb, subject, told in (
        (marking.unmark, row, {}),
        (
            marking.mark,
            flight(exercise),
            {"fact": "cargo", "code": "DG_DECLARED", "confidence": "SURE"},
        ),
    ):
        with pytest.raises(NotNow, match="Your own check of this form is recorded"):
            done(exercise, SECURITY, verb, subject, **told)


@pytest.mark.parametrize(
    ("told", "item"),
    [
        ({"fact": "no_such_item"}, "fact"),
        ({"other": "18/REG"}, "other"),
        ({"code": "LANDING"}, "code"),
        ({"code": ""}, "code"),
        ({"confidence": "VERY"}, "confidence"),
    ],
)
def test_what_cannot_be_marked_is_told_at_its_field(told: dict[str, str], item: str) -> None:
    exercise = examined()
    with pytest.raises(ValidationError) as caught:
        mark(exercise, **told)
    assert list(caught.value.message_dict) == [item]
    assert not Mark.objects.exists()


def test_nobody_reads_or_takes_back_the_mark_of_another() -> None:
    exercise = examined()
    row = mark(exercise, words="Only Security knows this.")
    for key in ("KZ-AIR_DEFENCE", "KZ-DEFENCE", "TR-PLANNER"):
        said = body(signed_in(exercise, key).get(f"/x/{exercise.pk}/{key}/flights/1/"))
        assert "Only Security knows this." not in said, key
        with pytest.raises((NotNow, NotYou)):
            done(exercise, key, marking.unmark, row)
    event = Event.objects.filter(exercise=exercise).latest("seq")
    assert (event.verb, event.payload["audience"]) == ("mark", ["INSTRUCTOR"])


def test_where_the_product_shows_all_at_once_nothing_is_marked() -> None:
    exercise = examined(Help.OPEN)
    said = body(signed_in(exercise, SECURITY).get(f"/x/{exercise.pk}/{SECURITY}/flights/1/"))
    assert "do/mark/" not in said


def test_by_a_form_without_script() -> None:
    exercise = examined()
    officer, at = signed_in(exercise, SECURITY), f"/x/{exercise.pk}/{SECURITY}/flights/1/"
    form = form_for(officer.get(at), "do/mark/")
    told = {"fact": "goods.un_number", "other": "passenger_count", "confidence": "GUESS"}
    answer = officer.post(form.action, form.fields | told)
    assert answer.status_code == 422
    assert "Say what is wrong: choose a rule, or use your own words." in body(answer)

    answer = officer.post(form.action, form.fields | told | {"code": "DG_PASSENGERS"})
    assert answer.status_code == 302
    assert "dangerous goods: UN number + passengers: DG_PASSENGERS" in body(officer.get(at))


def test_a_fact_of_the_form_leads_to_its_mark_with_the_rules_that_show_in_it_first() -> None:
    exercise = examined()
    officer, at = signed_in(exercise, SECURITY), f"/x/{exercise.pk}/{SECURITY}/flights/1/"
    said = body(officer.get(at))
    for fact in ("cargo", "spare_registration", "crossings.entry_at"):  # told, left out, of a table
        assert f"?move=mark&fact={fact}#moves" in said

    led_to = officer.get(f"{at}?move=mark&fact=dangerous_goods")
    form = form_for(led_to, "do/mark/")
    assert form.fields["fact"] == "dangerous_goods"
    first = checks.codes_about(
        flight(exercise), playing.seat(exercise, SECURITY), "dangerous_goods"
    )
    ahead = body(led_to).partition('label="What shows in this fact"')[2].partition("</optgroup>")[0]
    assert {code for code in ahead.split('"') if code.isupper()} == first
    assert "DG_DECLARED" in first
    assert "SENSOR_AIRCRAFT" not in first

    nonsense = officer.get(f"{at}?move=mark&fact=no_such_item&code=<b>&once=1")
    assert nonsense.status_code == 200
    assert not form_for(nonsense, "do/mark/").fields.get("fact")


def test_facts_are_marked_by_whoever_checks_the_form_alone_until_they_did() -> None:
    exercise = examined()
    page = f"/x/{exercise.pk}/%s/flights/1/"
    for key in (SECURITY, "KZ-AIR_DEFENCE"):
        assert "move=mark" in body(signed_in(exercise, key).get(page % key))
    for key in ("KZ-OPERATIONS", "INSTRUCTOR"):
        assert "move=mark" not in body(signed_in(exercise, key).get(page % key))
    mark(exercise)
    assert "fact-marked" in body(signed_in(exercise, SECURITY).get(page % SECURITY))
    assert "fact-marked" not in body(signed_in(exercise, "KZ-DEFENCE").get(page % "KZ-DEFENCE"))

    done(exercise, SECURITY, marking.own_check, flight(exercise), states=["TR", "KZ"])

    assert "move=mark" not in body(signed_in(exercise, SECURITY).get(page % SECURITY))
