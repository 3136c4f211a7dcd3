"""The pages of contacts: the log of a seat, one contact, what control brings in, the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contacts import world
from contacts.models import Contact, Inject
from review import pressure
from tests import canaries, playing
from tests.browsing import body, form_for, signed_in
from tests.contacts.test_contacts import CALL, PROTEST, contact, use
from tests.situations.acting import pass_time

pytestmark = [pytest.mark.django_db, pytest.mark.once]

RIGHT = world.load().entries["NOTE_OF_PROTEST"].handling.why


def here(exercise: Any, key: str, rest: str = "") -> str:
    return f"/x/{exercise.pk}/{key}/contacts/{rest}"


def filled(page: Any, action: str, **items: Any) -> dict[str, Any]:
    return form_for(page, action).fields | items


def test_a_desk_enters_a_contact_forwards_it_and_answers_with_a_line() -> None:
    exercise = canaries.submitted()
    key = "KZ-CIVIL_AVIATION"
    client, new = signed_in(exercise, key), here(exercise, key, "new/")
    wrong = filled(client.get(new), "", **CALL | {"text": ""})

    answer = client.post(new, wrong)
    assert answer.status_code == 422
    assert "Enter what was said." in body(answer)
    assert "A caller" in body(answer)

    answer = client.post(new, wrong | CALL | {"about": "tr-kz-0001"}, follow=True)
    said = body(answer)
    assert contact(exercise).about == "TR-KZ-0001"
    assert "Hurry." in said
    assert f'href="/x/{exercise.pk}/{key}/flights/1/"' in said
    one = here(exercise, key, "1/")
    assert answer.redirect_chain[-1][0] == one

    client.post(f"{one}do/forward_contact/", filled(answer, f"{one}do/forward_contact/"))
    page = client.get(one)
    line = filled(page, f"{one}do/answer_contact/", line="BY_CHANNEL")
    said = body(client.post(f"{one}do/answer_contact/", line, follow=True))
    assert "Contact answered" in said
    assert str(world.load().lines["BY_CHANNEL"].text) in said
    assert world.load().lines["WILL_HASTEN"].why not in said


def test_the_log_is_narrowed_and_a_case_names_its_contacts() -> None:
    exercise = canaries.submitted()
    key = "KZ-AIR_DEFENCE"
    use(exercise, key, "take_down", **CALL)
    use(exercise, key, "take_down", **CALL | {"kind": "MAIL", "about": "TR-KZ-0009"})
    client = signed_in(exercise, key)

    found = {
        query: [number for number in (1, 2) if f"TR-KZ-C000{number}" in body(answer)]
        for query in ("", "?kind=MAIL", "?about=tr-kz-0001", "?status=ANSWERED", "?kind=PIGEON")
        if (answer := client.get(here(exercise, key) + query)).status_code == 200
    }

    assert found == {
        "": [1, 2],
        "?kind=MAIL": [2],
        "?about=tr-kz-0001": [1],
        "?status=ANSWERED": [],
        "?kind=PIGEON": [1, 2],
    }
    case = f"/x/{exercise.pk}/{key}/flights/1/"
    assert "1 contact about this case" in body(client.get(case))
    registry = signed_in(exercise, "KZ-REGISTRY")
    assert "about this case" not in body(registry.get(case.replace(key, "KZ-REGISTRY")))
    planner = signed_in(exercise, "TR-PLANNER")
    assert planner.get(here(exercise, "TR-PLANNER")).status_code == 404


def test_control_brings_a_contact_in_schedules_one_and_calls_it_off() -> None:
    exercise = canaries.submitted()
    client, inject = signed_in(exercise, "INSTRUCTOR"), here(exercise, "INSTRUCTOR", "inject/")
    page = client.get(f"{inject}?entry=NOTE_OF_PROTEST&receiver=KZ-REGISTRY")
    form = filled(page, "", about="TR-KZ-0001")
    assert (form["entry"], form["receiver"]) == ("NOTE_OF_PROTEST", "KZ-REGISTRY")

    said = body(client.post(inject, form, follow=True))
    assert RIGHT in said
    assert contact(exercise).about == "TR-KZ-0001"
    own = signed_in(exercise, "KZ-REGISTRY")
    page = own.get(here(exercise, "KZ-REGISTRY", "1/"))
    assert contact(exercise).text in body(page)
    assert RIGHT not in body(page)

    exercise.refresh_from_db()
    later = exercise.last_at + timedelta(hours=3)
    again = filled(client.get(inject), "", **PROTEST, arrives_at=f"{later:%Y-%m-%d %H:%M}")
    past = client.post(inject, again | {"arrives_at": "2026-01-01 00:00"})
    assert past.status_code == 422
    assert "That moment is past" in body(past)
    page = client.post(inject, again, follow=True)
    row = Inject.objects.get(exercise=exercise)
    assert row.alarm_at == later.replace(second=0)
    off = f"{inject}1/off/"
    client.post(off, filled(page, off))
    assert client.post(off, filled(page, off)).status_code == 302  # a double click
    pass_time(exercise, to=later + timedelta(days=1))
    assert Contact.objects.filter(exercise=exercise).count() == 1
    assert own.get(inject.replace("INSTRUCTOR", "KZ-REGISTRY")).status_code == 403


# The ledger


def test_the_ledger_compares_before_and_after_and_names_whom_a_decision_alarms() -> None:
    exercise = canaries.examined()
    use(exercise, "INSTRUCTOR", "bring_in", **PROTEST)
    use(exercise, "KZ-REGISTRY", "log_contact", 1)
    use(exercise, "KZ-REGISTRY", "answer_contact", 1, line="WILL_CONSIDER")
    again: dict[str, Any] = {"desks": ["CIVIL_AVIATION"], "reason": "Again."}
    use(exercise, "KZ-DECIDER", "new_round", **again)
    use(exercise, "KZ-CIVIL_AVIATION", "concur", answer="NON_CONCUR", reason="The papers.")
    use(exercise, "KZ-DEFENCE", "concur", answer="CONCUR")
    use(exercise, "KZ-DECIDER", "refuse", ground="ROUTE", reasons="Closed.")
    use(exercise, "INSTRUCTOR", "bring_in", receiver="KZ-DEFENCE", entry="INVOICE")
    late: dict[str, Any] = {"receiver": "KZ-SECURITY", "entry": "MINISTER_HURRIES"}
    pass_time(exercise, to=exercise.last_at + timedelta(hours=1))
    use(exercise, "INSTRUCTOR", "bring_in", **late, about="TR-KZ-0001")

    general, ledger = pressure.ledgers(playing.seat(exercise, "INSTRUCTOR"))

    assert (general.reference, general.decided_at, general.moved) == ("", None, ())
    assert ledger.decision == "refused"
    assert ledger.pleased == ("Russia", "Iran")
    assert ledger.alarmed == ()
    protest, minister = ledger.contacts
    assert (protest.stood, minister.stood) == (True, False)
    assert [(one.desk, one.before, one.after) for one in protest.moved] == [
        ("Civil aviation", "Concurs", "Does not concur")
    ]
    assert ledger.moved == ("Civil aviation",)
    assert protest.handled[-2:] == ("not forwarded", "answered on the substance")
    assert len(protest.lacks) == 2
    assert minister.handled == ("not logged", "not answered")

    client = signed_in(exercise, "INSTRUCTOR")
    said = body(client.get(f"/x/{exercise.pk}/INSTRUCTOR/pressure/"))
    assert "Civil aviation: Concurs, then Does not concur" in said
    assert "came after the decision" in said
    other = signed_in(exercise, "KZ-DECIDER")
    assert other.get(f"/x/{exercise.pk}/KZ-DECIDER/pressure/").status_code == 403


def test_the_ledger_of_the_story_says_that_nothing_moved() -> None:
    exercise = playing.whole("protest")

    [ledger] = pressure.ledgers(playing.seat(exercise, "INSTRUCTOR"))

    assert (ledger.decision, ledger.moved) == ("authorized", ())
    assert "Russia" in ledger.alarmed
    handled = [one for one in ledger.contacts if one.behind]
    assert len(handled) == 2
    assert all(one.lacks == () for one in handled)
    assert {one.handled[-1] for one in handled} == {"answered with a neutral line"}
