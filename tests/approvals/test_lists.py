"""The lists searched, filtered and put in order: what is found, and what nobody finds out by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.utils.http import urlencode

from approvals.finding import ANNOUNCED, FLAGS, Asked, desks, flights_found_by, steps
from approvals.sight import flights_known_to
from audit import acts
from books import agreements
from casework import kinds, work
from exercises import paging
from tests import canaries, playing
from tests.browsing import body, signed_in
from tests.copying import multiply
from tests.test_long_lists import references, walk
from transit.models import FlightRequest, FlightStatus, Revision

if TYPE_CHECKING:
    from approvals.known import KnownQuestion
    from approvals.sight import Known
    from exercises.models import Exercise, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SEATS = ("TR-PLANNER", "TR-ATTACHE", "KZ-REGISTRY", "KZ-SECURITY", "TR-REGISTRY", "INSTRUCTOR")


def listed(exercise: Exercise, key: str, **asked: str) -> list[str]:
    """Return the flights on the first page of a seat's list as asked for."""
    address = f"/x/{exercise.pk}/{key}/flights/?{urlencode(asked)}"
    answer = signed_in(exercise, key).get(address)
    assert answer.status_code == 200
    return references(body(answer))


def found(seat: Seat, **asked: object) -> set[str]:
    rows = flights_found_by(seat, Asked(**asked), seat.exercise.last_at)  # type: ignore[arg-type]
    return {row.reference for row in rows}


def known(seat: Seat) -> list[Known]:
    return flights_known_to(seat, seat.exercise.last_at)


# What is found


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("tr-kz-2", ["TR-KZ-0002"]),
        ("TR-KZ-0002", ["TR-KZ-0002"]),
        ("TR-KZ-00002", ["TR-KZ-0002"]),
        ("2026/3", ["TR-KZ-0002"]),  # its note
        ("99-0102", ["TR-KZ-0001", "TR-KZ-0002"]),  # the spare aircraft
        ("99-0102 TR-KZ-1", ["TR-KZ-0001"]),
        ("yardım İSTANBUL", ["TR-KZ-0002"]),
        ("YARDIM istanbul", ["TR-KZ-0002"]),
        ("жаттығу", ["TR-KZ-0002"]),
        ("ЖАТТЫҒУ", ["TR-KZ-0002"]),
    ],
)
def test_a_search_finds_notes_tails_purposes_and_short_references(
    search: str, expected: list[str]
) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, 2)
    Revision.objects.filter(flight__exercise=exercise, flight__number=2).update(
        purpose="İstanbul üzerinden yardım; Жаттығу үшін жүк."
    )
    by_another_note(exercise)

    assert sorted(listed(exercise, "KZ-SECURITY", q=search)) == expected


def by_another_note(exercise: Exercise) -> None:
    """Let the second flight have come by a note of its own."""
    first = FlightRequest.objects.get(exercise=exercise, number=1)
    note = first.notes[0]
    note.pk, note.ref, note.case, note.number = None, "note/99", "TR-KZ-0002", "2026/3-7"
    note.save()


@pytest.mark.parametrize("key", SEATS)
def test_a_list_narrowed_to_a_step_shows_the_flights_whose_page_says_so(key: str) -> None:
    seat = playing.seat(canaries.play(), key)
    for step in FlightStatus:
        expected = {one.reference for one in known(seat) if one.status == step}
        if step.value in steps(seat):
            assert found(seat, step=step.value) == expected, step
        else:
            assert not expected


@pytest.mark.parametrize("key", SEATS)
def test_a_list_narrowed_to_a_track_shows_the_flights_whose_form_leads_there(key: str) -> None:
    seat = playing.seat(canaries.play(), key)
    for track in agreements.TRACKS:
        expected = {one.reference for one in known(seat) if one.revision.track_code == track}
        assert found(seat, track=track) == expected, track


@pytest.mark.parametrize("key", SEATS)
def test_a_list_narrowed_by_what_forms_announce_reads_the_form_that_is_shown(key: str) -> None:
    seat = playing.seat(canaries.play(), key)
    for flag in ANNOUNCED:
        expected = {one.reference for one in known(seat) if announces(one.revision, flag)}
        assert found(seat, flags=(flag,)) == expected, flag


def announces(form: Revision, flag: str) -> bool:
    match flag:
        case "goods":
            return form.announces_goods
        case "weapons":
            return bool(form.has_personal_weapons)
        case "equipment":
            return bool(form.has_armament or form.has_sensors or form.has_electronic_warfare)
        case "landing":
            return form.lands_in_host
        case "annual":
            return bool(form.annual_number)
    return bool(form.short_notice_reason)


@pytest.mark.parametrize("key", SEATS)
def test_an_open_question_is_one_that_looks_open_to_the_seat(key: str) -> None:
    exercise = canaries.play()
    seat = playing.seat(exercise, key)

    def is_open(question: KnownQuestion, flight: Known) -> bool:
        return question.is_open and (not flight.is_inside or flight.status in EXAMINED)

    expected = {
        one.reference for one in known(seat) if any(is_open(it, one) for it in one.questions)
    }
    assert found(seat, flags=("question",)) == expected
    if key == "TR-PLANNER":
        assert "TR-KZ-0003" in expected  # dropped by a refusal that no note has told


EXAMINED = (FlightStatus.UNDER_REVIEW, FlightStatus.DECISION_PENDING)


def test_the_host_narrows_its_list_to_what_waits_for_a_desk() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    registry = playing.seat(exercise, "KZ-REGISTRY")

    assert {"SECURITY", "AIR_DEFENCE"} < {*desks(registry)}
    assert found(registry, desk="SECURITY") == {"TR-KZ-0001"}
    assert found(registry, desk="CUSTOMS") == set()


def test_own_steps_overdue_are_those_whose_date_has_passed() -> None:
    exercise = canaries.play()
    for seat in exercise.seats.all():
        late = {
            task.case.reference
            for task in work.open_work(exercise, exercise.last_at)
            if task.case.noun == "flight"
            and task.due_at
            and task.due_at < exercise.last_at
            and (seat.is_instructor or task.is_of(seat))
        }
        assert found(seat, flags=("overdue",)) == late, seat.key


@pytest.mark.parametrize("order", ["entry", "entry-last", "newest", "oldest"])
@pytest.mark.parametrize("tab", ["mine", "open"])
def test_every_page_of_a_list_in_another_order_has_every_flight_once(
    order: str, tab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, 18)
    client = signed_in(exercise, "KZ-SECURITY")
    address = f"/x/{exercise.pk}/KZ-SECURITY/flights/?tab={tab}&sort={order}&track=STANDARD"

    there = [references(said) for said in walk(client, address)]

    numbers = [f"TR-KZ-{number:04d}" for number in range(1, 19)]  # each a day after the other
    turned = order in ("entry-last", "newest")
    assert [one for page in there for one in page] == (numbers[::-1] if turned else numbers)
    assert len(there) == 5


def test_what_a_list_is_asked_for_stays_in_every_address_of_it() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, 60)
    asked = urlencode({"q": "hvk", "track": "STANDARD", "desk": "SECURITY", "sort": "newest"})

    page = body(
        signed_in(exercise, "KZ-SECURITY").get(f"/x/{exercise.pk}/KZ-SECURITY/flights/?{asked}")
    )

    there = asked.replace("&", "&amp;")
    assert page.count(f"&amp;{there}") + page.count(f"&{asked}") >= 5  # tabs, live, next page
    assert '<option value="newest" selected>' in page
    assert "Order: Newest request first" in page


def test_the_flight_day_is_searched_as_the_queue_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    exercise = playing.before("alpha", "check_plan", seated=True)
    multiply(exercise, 12)
    client = signed_in(exercise, "KZ-OPERATIONS")
    address = f"/x/{exercise.pk}/KZ-OPERATIONS/flight-day/"

    one = body(client.get(address, {"q": "tr-kz-7"}))
    every = [said for page in walk(client, f"{address}?q=hvk") for said in set(numbers(page))]

    assert set(numbers(one)) == {"TR-KZ-0007"}
    assert sorted(every) == [f"TR-KZ-{number:04d}" for number in range(1, 13)]
    assert "Nothing found" in body(client.get(address, {"q": "nowhere"}))


def numbers(page: str) -> list[str]:
    return re.findall(r"TR-KZ-\d{4}", page)


# What nobody finds out


def test_the_requesting_side_finds_no_decision_that_no_note_has_told() -> None:
    exercise = canaries.play()
    for key in ("TR-PLANNER", "TR-RELEASE", "TR-ATTACHE"):
        seat = playing.seat(exercise, key)
        assert found(seat, search="EXKZ26S0002") == set()
        assert found(seat, step="REFUSED") == set()
        assert "TR-KZ-0002" in found(seat, step="UNDER_REVIEW")
        assert "DECISION_PENDING" not in steps(seat)
        assert desks(seat) == {}
    assert found(playing.seat(exercise, "KZ-REGISTRY"), search="EXKZ26S0002") == {"TR-KZ-0002"}


def test_a_desk_in_the_address_tells_the_requesting_side_nothing() -> None:
    exercise = canaries.play()
    assert listed(exercise, "TR-PLANNER", desk="SECURITY") == listed(exercise, "TR-PLANNER")
    with pytest.raises(ValueError, match="knows of no desk"):
        found(playing.seat(exercise, "TR-PLANNER"), desk="SECURITY")


def test_a_draft_that_the_host_has_not_is_found_by_its_own_side_alone() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    planner = playing.seat(exercise, "TR-PLANNER")
    flight = FlightRequest.objects.get(exercise=exercise)
    with acts.act(exercise, by=planner) as at:
        kinds.doors()["begin_supplement"](flight, by=planner, at=at)
        flight = FlightRequest.objects.get(exercise=exercise)
    Revision.objects.filter(flight=flight, number=2).update(
        purpose="Something secret", has_personal_weapons=True, priority="VIP"
    )

    for key, seen in (("TR-PLANNER", {"TR-KZ-0001"}), ("KZ-SECURITY", set())):
        seat = playing.seat(exercise, key)
        assert found(seat, search="secret") == seen
        assert found(seat, flags=("weapons",)) == seen
        assert found(seat, track="VIP") == seen


# What is odd


@pytest.mark.parametrize(
    "search",
    [
        "'; DROP TABLE transit_flightrequest; --",
        '"%_\\',
        "x" * 60_000,
        "[iİı](?=x)*+",
        "ıİſK\u212a ٣ 航 \u202e",
        "tr-kz-99999999999999999999",
        "тr-kz-1",
        "\x00",
        "ﬁ ß Σς",
    ],
)
def test_an_odd_search_finds_nothing_and_breaks_nothing(search: str) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    client = signed_in(exercise, "KZ-SECURITY")

    answer = client.get(f"/x/{exercise.pk}/KZ-SECURITY/flights/", {"q": search})

    assert answer.status_code == 200
    too_long = len(search) > 200 or "\x00" in search
    assert references(body(answer)) == (["TR-KZ-0001"] if too_long else [])
    assert ("There is a problem" in body(answer)) == too_long


@pytest.mark.parametrize(
    "asked",
    ["sort=due_at", "sort=-pk", "step=EVERYTHING", "track=%00", "flag=goods&flag=secret", "desk=X"],
)
def test_what_an_address_asks_for_and_nobody_offers_is_told_and_left_out(asked: str) -> None:
    exercise = playing.before("alpha", "concur", seated=True)

    answer = signed_in(exercise, "KZ-SECURITY").get(
        f"/x/{exercise.pk}/KZ-SECURITY/flights/?{asked}"
    )

    assert answer.status_code == 200
    assert "is nothing to choose here" in body(answer)
    assert references(body(answer)) == ["TR-KZ-0001"]


def test_flags_have_words() -> None:
    assert all(str(said) for said in FLAGS.values())
