"""Lists and counts of an exercise that is long: page by page, and nothing that grows with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals import examination, minutes, questions
from approvals.rounds import latest_round
from audit import acts
from casework import kinds, work
from casework.written import NEWEST
from control import actions, stories
from exercises import paging
from exercises.models import Exercise
from exercises.recorded import Recorded
from tests import canaries, playing
from tests.browsing import body, signed_in
from tests.copying import DAY, multiply
from transit.models import FlightRequest, Movement

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db]

#: What seats see often, by the move of the story before which they see it.
PAGES = [
    ("concur", "KZ-SECURITY/flights/"),
    ("concur", "KZ-REGISTRY/flights/"),
    ("concur", "TR-PLANNER/flights/"),
    ("concur", "TR-PLANNER/flights/?q=hvk&step=UNDER_REVIEW&sort=entry-last"),
    ("concur", "KZ-SECURITY/flights/?tab=mine&track=STANDARD&desk=SECURITY&sort=newest"),
    ("concur", "KZ-SECURITY/flights/1/"),
    ("concur", "TR-ATTACHE/flights/1/"),
    ("concur", "INSTRUCTOR/control/"),
    ("concur", "INSTRUCTOR/record/"),
    ("concur", "KZ-REGISTRY/annual/"),
    ("check_plan", "KZ-OPERATIONS/flight-day/"),
    ("check_plan", "INSTRUCTOR/flights/"),
]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of all recorded rows that were read from the database."""
    found: list[str] = []
    from_db = Recorded.from_db.__func__  # type: ignore[attr-defined]

    def note(cls: Any, *args: Any) -> Any:
        row = from_db(cls, *args)
        found.append(row.ref)
        return row

    monkeypatch.setattr(Recorded, "from_db", classmethod(note))
    return found


@pytest.fixture
def instructor() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get_or_create(username="instructor")[0])
    return client


def links(page: str, rel: str) -> str:
    """Return where the page before or after is linked on a page; empty if there is none."""
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page)
    return found[1] if found else ""


def walk(client: Client, address: str, rel: str = "next") -> Iterator[str]:
    """Give the pages of a list, one after the other, as they are linked."""
    page = body(client.get(address))
    yield page
    while following := links(page, rel):
        page = body(client.get(address.partition("?")[0] + following))
        yield page


def references(page: str) -> list[str]:
    """Return the flights of a list as they stand."""
    return re.findall(r"(?<=>)[A-Z]{2}-[A-Z]{2}-\d{4}(?=</a>)", page)


@pytest.mark.once
@pytest.mark.parametrize(("verb", "path"), PAGES)
def test_a_page_asks_and_reads_as_much_with_many_flights_as_with_a_page_full_of_them(
    verb: str, path: str, reads: list[str], monkeypatch: pytest.MonkeyPatch, instructor: Client
) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    taken = []
    for number in (8, 40):
        exercise = playing.before("alpha", verb, seated=True)
        if verb == "check_plan":
            opens_at = Movement.objects.get(exercise=exercise).opens_at
            Exercise.objects.filter(pk=exercise.pk).update(sim_anchor=opens_at)
        multiply(exercise, number)
        instructor.force_login(get_user_model().objects.get(username="instructor"))
        instructor.get(f"/x/{exercise.pk}/{path}")
        reads.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = instructor.get(f"/x/{exercise.pk}/{path}")
        assert answer.status_code == 200
        taken.append((len(queries), len(reads)))

    assert taken[0] == taken[1]


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("KZ-SECURITY", "flights/?tab=mine"),
        ("KZ-SECURITY", "flights/"),
        ("KZ-REGISTRY", "flights/"),
        ("TR-PLANNER", "flights/"),
        ("INSTRUCTOR", "control/"),
    ],
)
def test_the_pages_of_a_list_have_every_flight_once_whatever_comes_in_between(
    key: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, 18)
    known = {row.reference for row in FlightRequest.objects.filter(exercise=exercise)}
    client, address = signed_in(exercise, key), f"/x/{exercise.pk}/{key}/{path}"

    found, pages = [], []
    for page in walk(client, address):
        rows = [one for one in listed(page, key) if one in known]
        found += rows
        pages.append(rows)
        stories.perform(exercise, {**prepared(exercise), "by": "TR-PLANNER", "do": "prepare"})

    assert sorted(found) == sorted(known)
    assert len(pages) > 4


def listed(page: str, key: str) -> list[str]:
    """Return the flights of the list, which on the panel is the one under its heading."""
    part = page.partition('id="all-flights"')[2].partition("</section>")[0]
    return references(part if key == "INSTRUCTOR" else page)


def prepared(exercise: Exercise) -> dict[str, Any]:
    """Return a line of a script by which the planner prepares another flight."""
    last = FlightRequest.objects.filter(exercise=exercise).exclude(entry_at=None).latest("entry_at")
    assert last.entry_at is not None
    entry_at = last.entry_at - 5 * DAY  # in the midst of the others
    return {"at": exercise.last_at, "with": playing.prepared("TR", entry_at=entry_at)}


def test_going_back_shows_the_same_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, 18)
    for path in ("KZ-SECURITY/flights/", "KZ-REGISTRY/flights/"):
        client = signed_in(exercise, path.partition("/")[0])
        there = [*walk(client, f"/x/{exercise.pk}/{path}")]
        address = f"/x/{exercise.pk}/{path}{links(there[-2], 'next')}"
        back = [*walk(client, address, "prev")]

        assert [references(page) for page in back] == [references(page) for page in reversed(there)]


def test_least_time_left_is_first_over_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, 18)
    client = signed_in(exercise, "KZ-SECURITY")

    found = [
        date
        for page in walk(client, f"/x/{exercise.pk}/KZ-SECURITY/flights/")
        for date in re.findall(r'data-countdown="([^"]*)"', page)
    ]

    assert len(found) == 18
    assert found == sorted(found)


@pytest.mark.once
@pytest.mark.parametrize("key", ["TR-PLANNER", "KZ-REGISTRY", "KZ-PLANNER", "TR-REGISTRY"])
@pytest.mark.parametrize("tab", ["mine", "open", "done"])
def test_each_side_meets_its_own_on_every_page(
    key: str, tab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 1)
    exercise = canaries.play()
    seat = playing.seat(exercise, key)
    known = {row.reference for row in FlightRequest.objects.visible_to(seat)}
    client = signed_in(exercise, key)

    found = [
        one
        for page in walk(client, f"/x/{exercise.pk}/{key}/flights/?tab={tab}")
        for one in references(page)
    ]

    assert {*found} <= known
    assert len(found) == len({*found})
    if tab != "mine":
        closed = FlightRequest.objects.filter(closed_at__isnull=tab != "done")
        assert {*found} == known & {row.reference for row in closed}


@pytest.mark.parametrize("search", ["99-0007", "tr-kz-0007", "hvk4821 99-0007", "%", "nothing"])
def test_a_search_looks_at_every_page(search: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 4)
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, 12)

    answer = signed_in(exercise, "KZ-SECURITY").get(
        f"/x/{exercise.pk}/KZ-SECURITY/flights/", {"q": search}
    )

    expected = [] if search in ("%", "nothing") else ["TR-KZ-0007"]
    assert references(body(answer)) == expected


@pytest.mark.parametrize("place", ["x", "due", "due.5", "entry.20260101T000000Z", "entry.x.y"])
def test_what_is_no_place_in_a_list_is_not_there(place: str) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    client = signed_in(exercise, "KZ-SECURITY")

    for name in ("after", "before"):
        answer = client.get(f"/x/{exercise.pk}/KZ-SECURITY/flights/", {name: place})
        assert answer.status_code == 404


@pytest.mark.parametrize(("number", "said"), [(3, "3"), (4, "3+")])
def test_nobody_counts_further_than_a_thousand(
    number: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 3)
    exercise = playing.before("alpha", "concur", seated=True)
    multiply(exercise, number)

    page = body(signed_in(exercise, "KZ-SECURITY").get(f"/x/{exercise.pk}/KZ-SECURITY/flights/"))

    assert page.count(f'<span class="count">{said}</span>') == 3  # frame, my work, all open


@pytest.mark.parametrize("name", ["demo", "late-change", "returned", "landing", "mirror"])
def test_the_database_counts_what_the_cases_say_at_every_stage(name: str) -> None:
    story = stories.load(name)
    exercise = actions.create(story.title, at=story.start, agreement=story.agreement)
    for line in story.acts:
        stories.perform(exercise, line)
        exercise.refresh_from_db()
        said = work.open_work(exercise, exercise.last_at)
        assert work.count(exercise, exercise.last_at).number == len(said)
        counts = work.counts({exercise: exercise.last_at})
        for seat in exercise.seats.all():
            mine = [task for task in said if task.is_of(seat)]
            assert work.count(exercise, exercise.last_at, seat=seat).number == len(mine)
            assert counts.get(seat.pk, paging.Count(0)).number == len(mine)
            for kind in kinds.kinds().values():
                owing = kind.model._default_manager.filter(
                    work.is_owed_by(seat, kind, exercise.last_at), exercise=exercise
                )
                cases = {task.case for task in mine if task.case.noun == kind.code}
                assert {*owing} == cases


def test_the_first_of_what_is_owed_is_the_first_of_all() -> None:
    exercise = playing.whole("demo")
    everything = work.open_work(exercise, exercise.last_at)

    for first in (1, 2, 5):
        found = work.open_work(exercise, exercise.last_at, first=first)
        assert [one.due_at for one in found] == [one.due_at for one in everything[:first]]


# What people write on one case


def write(exercise: Exercise, number: int) -> None:
    """Let a desk ask and be answered so many times, write a minute, and be asked again itself."""
    flight = FlightRequest.objects.select_related("exercise").get(exercise=exercise, number=1)
    desk, attache = playing.seat(exercise, "KZ-SECURITY"), playing.seat(exercise, "TR-ATTACHE")
    decider = playing.seat(exercise, "KZ-DECIDER")
    so_far = len(flight.questions.all())
    with acts.act(exercise, by=desk) as at:
        for serial in range(so_far, so_far + number):
            asked = questions.ask(flight, by=desk, at=at, text=f"question-{serial:03d}-asked")
            text = f"question-{serial:03d}-answered"
            questions.answer(asked, by=attache, at=at, text=text)
            minutes.minute(flight, by=desk, at=at, text=f"minute-{serial:03d}-written")
            (mine,) = (row for row in latest_round(asked.flight) if row.desk == "SECURITY")
            examination.concur(mine, by=desk, at=at, answer="CONCUR", conditions=[], reason="")
            examination.new_round(flight, by=decider, at=at, desks=["SECURITY"], reason="Again.")
    exercise.refresh_from_db()


@pytest.mark.once
def test_the_page_of_a_case_stays_as_it_is_however_much_is_written_on_it() -> None:
    exercise = canaries.submitted()
    opened = FlightRequest.objects.select_related("exercise").get(exercise=exercise, number=1)
    desk = playing.seat(exercise, "KZ-AIR_DEFENCE")
    with acts.act(exercise, by=desk) as at:
        questions.ask(opened, by=desk, at=at, text="question-that-is-open")
    sizes: dict[str, list[int]] = {"KZ-SECURITY": [], "TR-ATTACHE": []}
    clients = {key: signed_in(exercise, key) for key in sizes}
    for _times in range(2):
        write(exercise, 30)
        for key, client in clients.items():
            live = client.get(f"/x/{exercise.pk}/{key}/flights/1/live/")
            sizes[key].append(len(live.content))

    for key, (size, after) in sizes.items():
        assert abs(after - size) < 1000, key  # counts, dates

    for key, client in clients.items():
        page = f"/x/{exercise.pk}/{key}/flights/1/"
        said = body(client.get(page)).partition('id="tab-history"')[0]
        assert "question-that-is-open" in said
        shown = {*re.findall(r"question-\d+-asked", said)}
        assert shown == {f"question-{serial:03d}-asked" for serial in range(61 - NEWEST, 61)}
        assert re.search(r'Notes <span class="count">122</span>', said)  # with the request itself
        for what, number in (("questions", 61), ("notes", 122)):
            assert f'<a href="{page}all/{what}/">All {number} {what}</a>' in said
            found = [*walk(client, f"{page}all/{what}/")]
            texts = [text for one in found for text in re.findall(r"question-[-a-z\d]+", one)]
            assert len({*texts}) == 121
            assert f'<a href="{page}">TR-KZ-0001</a>' in found[0]
            assert len(found) == -(-number // paging.SIZE)

    page = f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"
    said = body(clients["KZ-SECURITY"].get(page))
    written = re.findall(r"minute-\d+-written", said)
    assert written == [f"minute-{serial:03d}-written" for serial in range(60, 60 - NEWEST, -1)]
    for what in ("minutes", "answers"):
        assert f'href="{page}all/{what}/"' in said
        assert clients["KZ-SECURITY"].get(f"{page}all/{what}/").status_code == 200
        other = page.replace("KZ-SECURITY", "TR-ATTACHE")
        assert clients["TR-ATTACHE"].get(f"{other}all/{what}/").status_code == 404
    (first, second) = walk(clients["KZ-SECURITY"], f"{page}all/minutes/")
    assert re.findall(r"minute-\d+-written", first + second) == [
        f"minute-{serial:03d}-written" for serial in range(60, 0, -1)
    ]
