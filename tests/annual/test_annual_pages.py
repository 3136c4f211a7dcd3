"""The register's pages: what each side reads, and what happens to what is typed."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annual.models import AnnualClearance, AnnualStatus
from exercises.models import Exercise
from tests import playing
from tests.annual.annual import ASKED, before, citing, clearance, opened, use
from tests.annual.test_annual import MARCH, NUMBER, examined
from tests.browsing import body, form_for, lasting, signed_in

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Page

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REQUESTING = ("TR-PLANNER", "TR-RELEASE", "TR-ATTACHE")
NEW = {"year": "2027", "categories": ["EXERCISE"], "text": "", "note_number": "2026/900"}


def address(exercise: Exercise, key: str, ending: str = "1/") -> str:
    return f"/x/{exercise.pk}/{key}/annual/{ending}"


def page(exercise: Exercise, key: str, ending: str = "1/") -> Page:
    return signed_in(exercise, key).get(address(exercise, key, ending))


def ask(client: Client, exercise: Exercise, **typed: Any) -> Page:
    where = address(exercise, "TR-ATTACHE", "new/")
    return client.post(where, {"once": str(uuid.uuid4())} | NEW | typed)


def press(exercise: Exercise, key: str, do: str, **typed: Any) -> Page:
    """Open the page of the clearance, fill in the form of a verb and send it."""
    client = signed_in(exercise, key)
    form = form_for(client.get(address(exercise, key)), f"do/{do}/")
    answer: Page = client.post(form.action, form.fields | typed)
    exercise.refresh_from_db()
    return answer


# The course


@pytest.mark.quick
def test_the_course_is_pressed_from_the_pages() -> None:
    exercise = opened(seated=True)
    answer = ask(signed_in(exercise, "TR-ATTACHE"), exercise)
    assert (answer.status_code, answer["Location"]) == (302, address(exercise, "TR-ATTACHE"))

    for key, do, typed in (
        ("KZ-REGISTRY", "send_back_annual", {"missing": "Name the exercises."}),
        ("TR-ATTACHE", "resubmit_annual", NEW | {"note_number": "2026/901"}),
        ("KZ-REGISTRY", "register_annual", {}),
        ("KZ-DEFENCE", "advise_annual", {"answer": "CONCUR"}),
        ("KZ-DECIDER", "grant_annual", {}),
        ("KZ-REGISTRY", "reply_annual", {"note_number": "KZ-900"}),
        ("KZ-DECIDER", "suspend_annual", {"reason": "For us alone."}),
        ("KZ-DEPUTY", "reinstate_annual", {"reason": "Settled."}),
        ("KZ-DECIDER", "revoke_annual", {"reason": "After all."}),
    ):
        answer = press(exercise, key, do, **typed)
        assert (answer.status_code, answer["Location"]) == (302, address(exercise, key)), do

    assert clearance(exercise).status == AnnualStatus.REVOKED


def test_the_form_asks_for_the_next_year_unless_told_otherwise() -> None:
    exercise = opened(seated=True)

    answer = page(exercise, "TR-ATTACHE", "new/")

    assert form_for(answer, "").fields["year"] == "2027"
    assert "1 Dec 2026 18:59Z" in body(answer)
    assert "press digests of the 2024 resolution" in body(answer)


def test_a_form_sent_twice_asks_once() -> None:
    exercise = opened(seated=True)
    client, once = signed_in(exercise, "TR-ATTACHE"), str(uuid.uuid4())

    answers = [ask(client, exercise, once=once) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {address(exercise, "TR-ATTACHE")}
    assert AnnualClearance.objects.filter(exercise=exercise).count() == 1


def test_ids_of_forms_on_one_page_are_apart() -> None:
    exercise = before(seated=True)

    ids = re.findall(r' id="(id_[^"]+)"', page(exercise, "KZ-DECIDER").text)

    assert len(ids) == len({*ids}) > 1


# Who sees what


def test_the_requesting_side_learns_the_decision_by_the_note_alone() -> None:
    exercise = before("grant_annual", seated=True)
    pages = {key: [lasting(page(exercise, key, end)) for end in ("", "1/")] for key in REQUESTING}

    use(exercise, "KZ-DECIDER", "grant_annual")

    for key, said in pages.items():
        assert [lasting(page(exercise, key, end)) for end in ("", "1/")] == said, key
    assert NUMBER in body(page(exercise, "KZ-REGISTRY"))
    use(exercise, "KZ-REGISTRY", "reply_annual", note_number="KZ-900")
    for key in REQUESTING:
        assert NUMBER in body(page(exercise, key))
        assert "Not yet valid" in body(page(exercise, key, ""))


def test_what_the_host_thinks_stays_inside() -> None:
    exercise = before("advise_annual", seated=True)
    use(exercise, "KZ-DEFENCE", "advise_annual", answer="NON_CONCUR", reason="canary-opinion")
    use(exercise, "KZ-DECIDER", "refuse_annual", reason="canary-reason")
    inside = ("canary-opinion", "canary-reason", "Does not concur", "Deciding officer")

    for told in (False, True):
        if told:
            use(exercise, "KZ-REGISTRY", "reply_annual", note_number="KZ-900")
        for key in REQUESTING:
            said = body(page(exercise, key)) + body(page(exercise, key, ""))
            assert not [text for text in inside if text in said]
            assert ("Refused" in said) is told
    for key in ("KZ-REGISTRY", "KZ-OPERATIONS", "INSTRUCTOR"):
        said = body(page(exercise, key))
        assert not [text for text in inside if text not in said], key


def test_a_decision_that_crosses_the_attaches_page_is_no_conflict_and_tells_nothing() -> None:
    exercise = before("grant_annual", seated=True)
    attache, where = signed_in(exercise, "TR-ATTACHE"), address(exercise, "TR-ATTACHE")
    use(exercise, "KZ-DECIDER", "grant_annual")

    answer = attache.post(
        f"{where}do/resubmit_annual/",
        {"once": str(uuid.uuid4()), "seen": "UNDER_REVIEW-1"} | NEW | {"note_number": "2026/901"},
    )

    assert answer.status_code == 409
    assert "The status is “Under examination”." in body(answer)


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("TR-PLANNER", 200),
        ("TR-REGISTRY", 404),
        ("KZ-PLANNER", 404),
        ("KZ-SECURITY", 200),
        ("INSTRUCTOR", 200),
    ],
)
def test_a_clearance_that_a_seat_cannot_know_of_is_not_there(key: str, status: int) -> None:
    exercise = before(seated=True)
    client = signed_in(exercise, key)

    assert client.get(address(exercise, key)).status_code == status
    assert ("TR-KZ-A0001" in body(client.get(address(exercise, key, "")))) is (status == 200)
    pressed = client.post(address(exercise, key, "1/do/suspend_annual/"))
    assert pressed.status_code == (404 if status == 404 else 403)


def test_without_annual_clearances_there_is_no_register() -> None:
    exercise = opened(seated=True)
    assert "/annual/" in page(exercise, "TR-ATTACHE", "").text
    Exercise.objects.filter(pk=exercise.pk).update(agreement_version="1")
    client = signed_in(exercise, "TR-ATTACHE")

    for ending in ("", "new/", "1/", "1/do/suspend_annual/"):
        assert client.get(address(exercise, "TR-ATTACHE", ending)).status_code == 404
    assert "/annual/" not in client.get(f"/x/{exercise.pk}/TR-ATTACHE/flights/").text


def test_the_navigation_counts_what_waits_for_the_seat() -> None:
    exercise = before("register_annual", seated=True)
    counted = re.compile(r'Annual clearances\s*<span class="count">1</span>')

    assert counted.search(page(exercise, "KZ-REGISTRY", "").text)
    assert not counted.search(page(exercise, "TR-ATTACHE", "").text)
    use(exercise, "KZ-REGISTRY", "send_back_annual", missing="All.")
    assert counted.search(page(exercise, "TR-ATTACHE", "").text)


def test_a_blocked_move_says_why() -> None:
    exercise = before("advise_annual", seated=True)

    assert "The defence desk has not given its opinion." in body(page(exercise, "KZ-DECIDER"))


def test_the_box_says_what_the_number_buys_and_what_it_does_not() -> None:
    exercise = before(seated=True)

    said = body(page(exercise, "TR-PLANNER"))

    assert "It never admits a flight by itself." in said
    assert "4 working days (training default)" in said


def test_what_cites_the_number_is_there_for_the_annual_review() -> None:
    """Situation 40."""
    exercise = before(seated=True)
    examined(exercise, citing(exercise, NUMBER, entry_at=MARCH))
    citing(exercise, NUMBER, entry_at=MARCH)  # a draft that the host does not see
    exercise.refresh_from_db()

    for key in ("KZ-DEFENCE", "TR-ATTACHE"):
        said = body(page(exercise, key))
        assert "TR-KZ-0001" in said
        assert "TR-KZ-0002" not in said
    assert "Findings" in body(page(exercise, "KZ-DEFENCE"))
    assert "Findings" not in body(page(exercise, "TR-ATTACHE"))


# What is typed


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"year": "abc"}, "Enter the year in four digits"),
        ({"year": ""}, "Enter the year."),
        ({"year": "9" * 5000}, "Enter the year in four digits"),
        ({"year": "-1"}, "Ask for this year or the next: 2026 or 2027."),
        ({"year": "99999999999999999999"}, "Ask for this year or the next: 2026 or 2027."),
        ({"categories": []}, "Choose at least one category."),
        ({"categories": ["OTHER"]}, "OTHER is not one of the available choices"),
        ({"note_number": ""}, "Enter the note number."),
        ({"note_number": "9" * 31}, "at most 30 characters"),
        ({"text": "a\0b"}, "Null characters are not allowed."),
    ],
    ids=str,
)
def test_what_cannot_be_is_named_at_its_field_and_nothing_is_lost(
    typed: dict[str, Any], fault: str
) -> None:
    exercise = opened(seated=True)
    kept = {"text": "kept-text"} | typed

    answer = ask(signed_in(exercise, "TR-ATTACHE"), exercise, **kept)

    assert answer.status_code == 422
    assert fault in body(answer)
    assert kept["text"] in body(answer)
    assert not AnnualClearance.objects.exists()


def test_a_note_number_used_before_is_named_at_its_field() -> None:
    exercise = before("reply_annual", seated=True)
    use(exercise, "KZ-REGISTRY", "reply_annual", note_number="KZ-900")
    attache = signed_in(exercise, "TR-ATTACHE")

    answer = ask(attache, exercise, note_number=ASKED["note_number"])

    assert answer.status_code == 422
    assert "A note with this number was sent before." in body(answer)
    assert form_for(answer, "").fields["note_number"] == ASKED["note_number"]


def test_a_no_without_reasons_comes_back_to_its_form() -> None:
    exercise = before("advise_annual", seated=True)

    answer = press(exercise, "KZ-DEFENCE", "advise_annual", answer="NON_CONCUR")

    assert answer.status_code == 422
    assert "Give the reasons for not concurring." in body(answer)


def test_who_was_second_reads_what_changed_and_keeps_what_was_typed() -> None:
    exercise = before(seated=True)
    client, where = signed_in(exercise, "KZ-DECIDER"), address(exercise, "KZ-DECIDER")
    form = form_for(client.get(where), "do/suspend_annual/")
    use(exercise, "KZ-DEPUTY", "suspend_annual", reason="First.")

    answer = client.post(form.action, form.fields | {"reason": "my-second-reason"})

    assert answer.status_code == 409
    said = body(answer)
    assert "Annual clearance suspended" in said
    assert "my-second-reason" in said
    assert f'href="{where}"' in said


def test_a_request_that_is_not_the_seats_to_make_keeps_what_was_typed() -> None:
    exercise = opened(seated=True)
    planner = signed_in(exercise, "TR-PLANNER")
    where = address(exercise, "TR-PLANNER", "new/")

    assert planner.get(where).status_code == 403
    answer = planner.post(where, {"once": str(uuid.uuid4())} | NEW | {"text": "kept-text"})

    assert answer.status_code == 403
    assert "kept-text" in body(answer)
    assert "Support of military exercises" in body(answer)


@pytest.mark.parametrize("ending", ["7/", f"{'9' * 25}/", "1/do/nothing/", "1/do/request_annual/"])
def test_what_is_not_there_leads_nowhere(ending: str) -> None:
    exercise = before("register_annual", seated=True)
    client = signed_in(exercise, "KZ-REGISTRY")

    assert client.post(address(exercise, "KZ-REGISTRY", ending)).status_code in (404, 405)
    assert "TR-KZ-A0001" not in client.get(address(exercise, "KZ-REGISTRY", "7/")).text


def test_the_instructors_record_tells_the_register_in_words() -> None:
    exercise = before(seated=True)
    instructor = signed_in(exercise, "INSTRUCTOR")

    said = body(instructor.get(f"/x/{exercise.pk}/INSTRUCTOR/record/"))

    assert "Annual clearance granted" in said
    assert "grant_annual" in playing.verbs(exercise)


def test_the_register_takes_as_many_queries_for_many_clearances_as_for_few() -> None:
    exercise = before(seated=True)
    registry, where = signed_in(exercise, "KZ-REGISTRY"), address(exercise, "KZ-REGISTRY", "")
    taken = []
    for number in range(3):
        registry.get(where)
        with CaptureQueriesContext(connection) as queries:
            answer = registry.get(where)
        taken.append(len(queries))
        asked = ASKED | {"note_number": f"2026/95{number}"}
        use(exercise, "TR-ATTACHE", "request_annual", **asked)

    assert answer.content.count(b"TR-KZ-A000") == 3
    assert len({*taken}) == 1, taken
