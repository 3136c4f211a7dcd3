"""Who sees what: nothing withheld stands in any body, whoever asks for whatever address.

The matrix is `tests.canaries.MATRIX`; the addresses are those that the product answers to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, path, resolve

from approvals import exports
from approvals.views import home
from audit import acts
from audit.models import Event
from casework import kinds
from control import accounts, actions, participation
from tests import canaries
from tests.browsing import body, form_for, lasting, signed_in
from tests.canaries import HOST, MATRIX, REQUESTING
from tests.playing import seat
from tests.selection import by_day, marked
from transit.models import FlightRequest
from transit.public import shapes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Any

    from django.test.client import _MonkeyPatchedWSGIResponse as Page

    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Rules of procedure are nobody's secret: a refusal may name the roles whose move it is, and pages
#: about no exercise those that apply a clause, or that one may practise.
PROCEDURE = {
    "Air defence desk",
    "Security desk",
    "Civil aviation desk",
    "Defence desk (lead)",
    "Deciding officer",
}

GENERAL = {"/", "/sop/", "/practise/", "/exams/", "/first-flight/", "/help/", "/glossary/"}

#: What lists and records answer to besides.
QUERIES = {
    "flights/": (
        "?tab=mine",
        "?tab=open",
        "?tab=done",
        "?q=HVK",
        "?step=REFUSED&sort=entry",
        "?step=UNDER_REVIEW&flag=question&track=STANDARD",
        "?desk=SECURITY&flag=overdue&sort=newest",
    ),
    r"flights/\d+/": ("?tab=history",),
    "contacts/": ("?kind=TELEPHONE&status=FORWARDED", "?about=TR-KZ-0005"),
    "record/": ("?before=event.9", "?seat=CLOCK&since=2026-09-01+06:00"),
}

#: Seats of the flight that goes the other way, and the instructor's.
OTHERS = {"KZ-PLANNER", "KZ-RELEASE", "TR-REGISTRY", "TR-SECURITY", "TR-DECIDER", "INSTRUCTOR"}

#: Those who stand for the others between two changes: of each role somebody.
BY_DAY = {*REQUESTING, *HOST, "TR-SECURITY", "INSTRUCTOR"} - {"TR-RELEASE", "KZ-DEPUTY"}

#: Flights on which every verb is pressed: under examination, and decided without being told.
PRESSED_ON = (canaries.EXAMINED, canaries.AUTHORIZED, canaries.REFUSED)

#: A code that no table has.
NOTHING = "nothing"


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> None:
    settings.DEMO = False


@pytest.fixture
def exercise() -> Exercise:
    return canaries.play()


@dataclass(frozen=True)
class Route:
    """One route of the product, as it is written, with the converters of its parameters."""

    text: str
    converters: dict[str, Any]

    @property
    def is_press(self) -> bool:
        return "/do/" in self.text

    def filled(self, values: dict[str, Any]) -> str:
        """Return the address with these values; they must be such as the converters take."""
        address = "/" + self.text
        for name, converter in self.converters.items():
            address = re.sub(rf"<(?:\w+:)?{name}>", converter.to_url(values[name]), address)
        resolve(address)
        return address


def routes(
    patterns: Iterable[Any] | None = None, before: str = "", known: dict[str, Any] | None = None
) -> Iterator[Route]:
    """Give every route of the URL configuration."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        text = before + str(one.pattern)
        converters = (known or {}) | one.pattern.converters
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, text, converters)
        else:
            yield Route(text, converters)


def rows_for(exercise: Exercise, key: str, route: Route) -> dict[str, list[Any]]:
    """Return what the parameters of a route can be about: rows of the exercise, and one too many.

    What there is to press follows from the row it is pressed on: a flight, an annual clearance,
    else the exercise itself.
    """
    kind = next((one for one in kinds.kinds().values() if f"/{one.address}/" in route.text), None)
    model = kind.model if kind else FlightRequest
    numbers = [row.number for row in model._default_manager.filter(exercise=exercise)]
    tables = kind.doors if kind else acts.doors(actions, participation)
    if route.text.endswith("/paper/"):
        tables = {code: door for code, door in tables.items() if door.row.has_paper}
    return {
        "exercise": [exercise.pk],
        "seat": [key],
        "number": [*PRESSED_ON]
        if route.is_press and model is FlightRequest
        else [*numbers, max(numbers, default=0) + 1],
        "code": [*tables, NOTHING],
        "what": [*(kind.written if kind else ()), NOTHING],
        "kind": [*shapes.KINDS, NOTHING],
        "pk": [exercise.seats.all()[0].pk],
        "file": [*exports.FILES, NOTHING],
        "name": papers_of(kind, exercise, route),
    }


def papers_of(kind: kinds.Kind | None, exercise: Exercise, route: Route) -> list[str]:
    """Return what papers of a kind of case are called, and a name of none.

    Its files say what the page of a paper says: one of each is asked for.
    """
    if kind is None or "name" not in route.converters:
        return [NOTHING]
    control = seat(exercise, "INSTRUCTOR")
    cases = kind.visible_to(control)
    found = sorted({name for case in cases for name in kind.papers(case, control)})
    return [*found, NOTHING] if route.text.endswith("<slug:name>/") else [*found, NOTHING][:1]


def addresses(exercise: Exercise, key: str, *, sits: bool = True) -> Iterator[str]:
    """Give every address that the URL configuration has, with everything it could be about.

    Whoever does not sit there presses each verb once, on one row.
    """
    for route in routes():
        if route.text.startswith("admin/"):
            continue  # all of them in a test of their own
        rows = rows_for(exercise, key, route)
        unknown = {*route.converters} - {*rows}
        assert not unknown, f"{route.text}: say in rows_for what {unknown} can be about"
        for chosen in product(*(rows[name] for name in route.converters)):
            values = dict(zip(route.converters, chosen, strict=True))
            if is_left_to_another_row(key if sits else NOTHING, values, rows):
                continue
            address = route.filled(values)
            yield address
            for ending, queries in QUERIES.items():
                if re.fullmatch(rf"/x/\d+/{key}/{ending}", address):
                    yield from (address + query for query in queries)


def is_left_to_another_row(key: str, values: dict[str, Any], rows: dict[str, list[Any]]) -> bool:
    """Say whether what is pressed here is pressed in another place.

    A verb that is not of a seat's role is refused before anything is looked at: this seat presses
    it once, the next verb on the next row.
    """
    door = kinds.doors().get(values.get("code", NOTHING))
    if door is None or "number" not in values or key.partition("-")[2] in door.row.roles:
        return False
    turn = rows["code"].index(values["code"]) % len(rows["number"])
    return bool(values["number"] != rows["number"][turn])


def test_an_address_that_the_walk_cannot_fill_is_found_out(exercise: Exercise) -> None:
    strange = path("x/<int:exercise>/<slug:seat>/leaves/<uuid:leaf>/", home)
    route = next(routes([strange]))
    assert {*route.converters} - {*rows_for(exercise, "KZ-REGISTRY", route)} == {"leaf"}


def answers(
    client: Client, exercise: Exercise, key: str, *, sits: bool = True, but: Collection[str] = ()
) -> Iterator[tuple[str, Page]]:
    """Give every answer to GET, and to POST of an empty form, taking back what it did.

    To GET, what is there to be pressed only sends back to its page.
    """
    for address in addresses(exercise, key, sits=sits):
        if address in but:
            continue
        if "/do/" not in address or address.endswith(f"/{NOTHING}/"):
            yield f"GET {address}", client.get(address)
        if address == "/sign-out/" or "?" in address:
            continue
        before = transaction.savepoint()
        yield f"POST {address}", client.post(address)
        transaction.savepoint_rollback(before)


def leaks(key: str, asked: str, answer: Page, said: str) -> Iterator[str]:
    for withheld in MATRIX:
        if withheld.may_reach(key) or withheld.text not in said:
            continue
        is_general = answer.status_code == 403 or asked.partition(" ")[2] in GENERAL
        if withheld.text in PROCEDURE and is_general:
            continue
        yield f"{key} reads “{withheld.text}” in {asked} ({answer.status_code})"


@pytest.mark.parametrize(
    "key",
    [
        *marked(sorted(BY_DAY), quick=("KZ-SECURITY", "TR-PLANNER")),
        *by_day(sorted({*REQUESTING, *HOST, *OTHERS} - BY_DAY)),
    ],
)
def test_no_seat_meets_what_is_withheld_from_it(exercise: Exercise, key: str) -> None:
    client = signed_in(exercise, key)
    found: list[str] = []
    read: list[str] = []
    for asked, answer in answers(client, exercise, key):
        said = body(answer)
        found += leaks(key, asked, answer, said)
        read.append(said)
    found += [
        f"{key} never reads “{withheld.text}”: the test proves nothing"
        for withheld in MATRIX
        if withheld.shown_to == key and not any(withheld.text in said for said in read)
    ]
    assert not found, "\n".join(found)


def test_nobody_else_learns_anything(exercise: Exercise) -> None:
    other = canaries.submitted()
    stranger = get_user_model().objects.create_user("stranger")
    elsewhere = get_user_model().objects.create_user("elsewhere")
    joined = accounts.join("Ayşe", "kedi miyav")
    instructor = seat(other, "INSTRUCTOR")
    for do, details in (("vacate", {}), ("sit", {"holder": "elsewhere"})):
        with acts.act(other, by=instructor) as at:
            getattr(actions, do)(seat(other, "KZ-REGISTRY"), by=instructor, at=at, **details)
    found: list[str] = []
    asked_for = ("KZ-DECIDER", "TR-PLANNER", "INSTRUCTOR")
    for user, keys in (
        *((None, asked_for), (elsewhere, asked_for)),
        *((stranger, asked_for[:1]), (joined, asked_for[1:2])),
    ):
        client = Client()
        if user:
            client.force_login(user)
        seen: set[str] = set()
        for key in keys:
            there = {*addresses(exercise, key, sits=False)}
            for asked, answer in answers(client, exercise, key, sits=False, but=seen):
                found += leaks("nobody", asked, answer, body(answer))
                if asked.split()[1].startswith("/x/"):
                    assert answer.status_code == (404 if user else 302), asked
                if user is None and answer.status_code == 302:
                    assert answer["Location"].startswith("/?next="), asked
            seen |= there
    assert not found, "\n".join(found)


def test_a_seat_that_somebody_else_holds_is_not_there(exercise: Exercise) -> None:
    keys = ["TR-PLANNER", "TR-SECURITY", "KZ-PLANNER", "KZ-SECURITY", "KZ-DECIDER", "INSTRUCTOR"]
    for mine in keys:
        client = signed_in(exercise, mine)
        for other in keys:
            status = client.get(f"/x/{exercise.pk}/{other}/clock/").status_code
            assert status == (200 if mine in (other, "INSTRUCTOR") else 404), (mine, other)


@pytest.mark.parametrize(
    ("key", "number", "status"),
    [
        ("TR-PLANNER", canaries.DRAFT, 200),
        ("KZ-REGISTRY", canaries.DRAFT, 404),
        ("TR-REGISTRY", canaries.FLOWN, 404),
        ("KZ-PLANNER", canaries.FLOWN, 404),
        ("KZ-PLANNER", canaries.MIRROR, 200),
        ("TR-PLANNER", canaries.MIRROR, 404),
        ("TR-SECURITY", canaries.MIRROR, 200),
        ("INSTRUCTOR", canaries.MIRROR, 200),
    ],
)
def test_a_flight_that_a_seat_cannot_know_of_is_not_there(
    exercise: Exercise, key: str, number: int, status: int
) -> None:
    client = signed_in(exercise, key)
    page = f"/x/{exercise.pk}/{key}/flights/{number}/"
    assert client.get(page).status_code == status
    assert client.get(f"{page}live/").status_code == status
    assert client.post(f"{page}do/minute/").status_code in ({404} if status == 404 else {403, 422})


def test_only_staff_enters_the_admin(exercise: Exercise) -> None:
    client = signed_in(exercise, "INSTRUCTOR")
    for route in routes():
        if route.text.startswith("admin/"):
            filled = re.sub(r"<(?:\w+:)?\w+>", "1", route.text)
            address = "/" + re.sub(r"\(\?P<\w+>.*\)\$?|[\^$]", "x", filled)
            answer = client.get(address)
            assert answer.status_code in (301, 302, 404) or "login" in address, address


# Decided is not notified: what the host does inside changes nothing on the other side's pages


#: The pages of an exercise by its record's head: what several tests begin with is read once.
READ: dict[tuple[int, str], dict[str, str]] = {}


def of_requesters(exercise: Exercise) -> dict[str, str]:
    """Return every page of the attaché, without what changes at every rendering.

    The planner and the release officer are asked, headers included, in `tests/test_silence.py`.
    """
    exercise.refresh_from_db()
    state = exercise.pk, exercise.head
    if state not in READ:
        READ[state] = _read_by_requesters(exercise)
    return READ[state]


def _read_by_requesters(exercise: Exercise) -> dict[str, str]:
    key = "TR-ATTACHE"
    client = signed_in(exercise, key)
    return {
        address: lasting(client.get(address))
        for address in addresses(exercise, key)
        if "/do/" not in address and address.startswith("/x/")
    }


def inside(exercise: Exercise, key: str, do: str, **details: Any) -> None:
    """Let a seat of the host act at the moment at which the exercise stands."""
    by = seat(exercise, key)
    subject: Any = FlightRequest.objects.get(exercise=exercise, number=1)
    if kinds.doors()[do].row.subject == "concurrence":
        subject = subject.concurrences.filter(desk=by.role).latest("round")
    elif kinds.doors()[do].row.subject == "movement":
        subject = subject.movements.get()
    with acts.act(exercise, by=by) as at:
        kinds.doors()[do](subject, by=by, at=at, **details)
    exercise.refresh_from_db()


@pytest.mark.parametrize(
    ("key", "do", "details"),
    [
        ("KZ-DECIDER", "authorize", {"conditions": ["Not below FL195."]}),
        ("KZ-DECIDER", "refuse", {"ground": "CARGO", "reasons": "Too heavy."}),
        ("KZ-DECIDER", "new_round", {"desks": ["SECURITY"], "reason": "Look again."}),
        ("KZ-OPERATIONS", "minute", {"text": "Nothing to say."}),
        (
            "KZ-SECURITY",
            "deal_with",
            {"findings": ["WEAPONS_DECLARED"], "disposal": "REFUSED", "reason": "Too many."},
        ),
    ],
    ids=["authorize", "refuse", "new-round", "minute", "deal-with"],
)
def test_what_the_host_does_inside_changes_no_page_of_the_requesting_side(
    key: str, do: str, details: dict[str, Any]
) -> None:
    exercise = canaries.examined(**canaries.WEAPONS if do == "deal_with" else {})
    before = of_requesters(exercise)
    inside(exercise, key, do, **details)
    after = of_requesters(exercise)
    assert [page for page in before if before[page] != after[page]] == []


def test_a_refusal_that_drops_a_question_leaves_it_open_to_the_requesting_side() -> None:
    exercise = canaries.submitted()
    inside(exercise, "KZ-AIR_DEFENCE", "ask", text="Which route?")
    before = of_requesters(exercise)
    inside(exercise, "KZ-DECIDER", "refuse", ground="CARGO", reasons="Too heavy.")
    after = of_requesters(exercise)
    assert [page for page in before if before[page] != after[page]] == []


def test_the_last_answer_of_a_desk_changes_no_page_of_the_requesting_side() -> None:
    exercise = canaries.submitted()
    before = of_requesters(exercise)
    for desk in ("AIR_DEFENCE", "CIVIL_AVIATION", "SECURITY", "DEFENCE"):
        inside(exercise, f"KZ-{desk}", "concur", answer="CONCUR")
    assert FlightRequest.objects.get(exercise=exercise).status == "DECISION_PENDING"
    after = of_requesters(exercise)
    assert [page for page in before if before[page] != after[page]] == []


def test_a_note_that_the_duty_officer_holds_looks_as_handed_over() -> None:
    exercise = canaries.handed_over_on_a_saturday()
    before = of_requesters(exercise)
    inside(exercise, "KZ-DUTY", "hold", reason="Nobody is in; it is not urgent.")
    after = of_requesters(exercise)
    assert [page for page in before if before[page] != after[page]] == []


def test_the_comparison_and_release_of_a_flight_plan_stay_inside() -> None:
    exercise = canaries.filed()
    before = of_requesters(exercise)
    inside(exercise, "KZ-OPERATIONS", "check_plan", remarks="By telephone.")
    assert FlightRequest.objects.get(exercise=exercise).movements.get().status == "CHECKED"
    after = of_requesters(exercise)
    assert [page for page in before if before[page] != after[page]] == []


@pytest.mark.parametrize("do", ["authorize", "refuse"])
def test_a_withdrawal_that_crosses_a_secret_decision_is_no_conflict(do: str) -> None:
    exercise = canaries.examined()
    page = f"/x/{exercise.pk}/TR-ATTACHE/flights/1/"
    attache = signed_in(exercise, "TR-ATTACHE")
    form = form_for(attache.get(page), "do/withdraw/")
    details = {"ground": "CARGO", "reasons": "Too heavy."} if do == "refuse" else {}
    inside(exercise, "KZ-DECIDER", do, **details)
    answer = attache.post(form.action, form.fields | {"reason": "No longer needed."})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert Event.objects.filter(exercise=exercise).latest("seq").verb == "withdraw"
    assert FlightRequest.objects.get(exercise=exercise).closed_at, "as one that nobody decided"


def test_an_answer_that_crosses_a_secret_refusal_is_no_conflict() -> None:
    exercise = canaries.submitted()
    inside(exercise, "KZ-AIR_DEFENCE", "ask", text="Which route?")
    page = f"/x/{exercise.pk}/TR-ATTACHE/flights/1/"
    attache = signed_in(exercise, "TR-ATTACHE")
    form = form_for(attache.get(page), "do/answer/")
    inside(exercise, "KZ-DECIDER", "refuse", ground="CARGO", reasons="Too heavy.")
    answer = attache.post(form.action, form.fields | {"text": "By BALUN."})
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_a_conflict_tells_the_requesting_side_only_what_notes_told() -> None:
    exercise = canaries.examined()
    page = f"/x/{exercise.pk}/TR-ATTACHE/flights/1/"
    attache = signed_in(exercise, "TR-ATTACHE")
    form = form_for(attache.get(page), "do/withdraw/")
    inside(exercise, "KZ-DECIDER", "authorize", conditions=["canary-condition"])
    inside(exercise, "KZ-DECIDER", "minute", text="canary-minute")
    inside(exercise, "KZ-REGISTRY", "reply", note_number="KZ-1")
    answer = attache.post(form.action, form.fields | {"reason": "No longer needed."})
    said = body(answer)
    assert answer.status_code == 409
    assert "Answered by note" in said
    assert "The host state, Kazakhstan" in said
    assert "No longer needed." in said
    assert not {"canary-minute", "Minute written", "Deciding officer"} & {
        text for text in ("canary-minute", "Minute written", "Deciding officer") if text in said
    }
