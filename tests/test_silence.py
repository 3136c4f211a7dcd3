"""What one side does in secret leaves no trace on anything that the other side is answered.

Status, headers (with the ETag and the length), bodies with every hidden item of a form: before and
after each act that a side is not told of and does not see, at one moment, real time standing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

from audit.verbs import HOST, REQUESTING
from casework import kinds
from control import actions, stories
from exercises.models import REQUESTER_ROLES, Help
from tests import canaries, playing, wall
from tests.annual import annual
from tests.browsing import signed_in
from tests.situations.acting import pass_time
from tests.test_visibility import addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audit.verbs import Verb
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> None:
    settings.DEMO = False  # where anybody may sit down anywhere, and is told what waits there


#: What differs between any two answers: the key of a form, and the token against forgery.
KEYS = re.compile(r'name="(?:once|csrfmiddlewaretoken)"\s+value="[^"]*"')

Answer = tuple[int, dict[str, str], str]

#: By seat: what its side does, one act after the other, of which the other side is not told.
Acts = tuple[tuple[str, str, dict[str, Any]], ...]

FORM = canaries.form(days=30, remarks="Seven words that nobody else may read.")
WEAPONS = {"findings": ["WEAPONS_DECLARED"], "disposal": "ACCEPTED", "reason": "Of the crew."}
CALL = {"kind": "TELEPHONE", "source": "A caller", "text": "Nobody else may read this."}
PROTEST = {"entry": "NOTE_OF_PROTEST_CASPIAN", "about": "TR-KZ-0001"}
NO = {"answer": "NON_CONCUR", "reason": "No."}
CLEARED = {
    "clearance_number": "EXGE26S0077",
    "valid_from": canaries.moment(43, 0),
    "valid_until": canaries.moment(46, 0),
}
TURNED_BACK = {
    "kind": "TURN_BACK",
    "ordered_by": "Deciding officer",
    "passed_by": "Aktobe ACC",
    "passed_at": datetime(2026, 9, 14, 7, 12, tzinfo=UTC),
}
HEARD = {"reason": "Heard by Almaty.", "expected_at": datetime(2026, 9, 14, 12, tzinfo=UTC)}
ASKS = {
    "nature": "RADIO",
    "happened_at": datetime(2026, 9, 14, 8, tzinfo=UTC),
    "text": "Asks for a transit.",
}
MARKED = {"fact": "personal_weapons", "code": "WEAPONS_DECLARED", "confidence": "SURE"}


def with_desks() -> Exercise:
    return canaries._told(
        "With the desks", 1, *canaries._submitted(1, 1, note="2026/1", **canaries.WEAPONS)
    )


def with_officers() -> Exercise:
    return playing.before("alpha", "concur", seated=True, help_shown=Help.AFTER)


def inside() -> Exercise:
    """The aircraft of the story alpha is inside, at the moment of its entry."""
    return playing.before("alpha", "exit", seated=True)


def overdue() -> Exercise:
    exercise = playing.before("alpha", "exit", seated=True)
    pass_time(exercise, to=datetime(2026, 9, 14, 9, tzinfo=UTC))
    return exercise


def returned() -> Exercise:
    return playing.before("returned", "revise", seated=True)


def on_the_desk_for_the_year() -> Exercise:
    return annual.before("advise_annual", seated=True)


def authorized() -> Exercise:
    return playing.before("alpha", "file_plan", seated=True)


def amended() -> Exercise:
    """An amendment on which every desk has answered."""
    story = stories.load("six-to-one")
    exercise = actions.create(story.title, at=story.start, then=stories.seat_cast)
    for line in story.acts:
        if line["do"] == "authorize" and line.get("flight") == 2:
            break
        stories.perform(exercise, line)
    exercise.refresh_from_db()
    return exercise


STRETCHES: dict[str, tuple[Callable[[], Exercise], Acts]] = {
    "desks": (
        with_desks,
        (
            ("KZ-OPERATIONS", "minute", {"text": "Nothing to say."}),
            ("KZ-DEFENCE", "call_in", {"desk": "LEGAL"}),
            ("KZ-SECURITY", "deal_with", WEAPONS),
            ("KZ-AIR_DEFENCE", "concur", {"answer": "CONCUR"}),
            ("KZ-CIVIL_AVIATION", "concur", NO),
            ("KZ-SECURITY", "concur", {"answer": "CONCUR"}),
            ("KZ-DEFENCE", "enter_answer", {"answer": "CONCUR", "paper": "By telephone."}),
            ("KZ-DEFENCE", "concur", {"answer": "CONCUR"}),
            ("KZ-DECIDER", "new_round", {"desks": ["CIVIL_AVIATION"], "reason": "Again."}),
            ("KZ-CIVIL_AVIATION", "concur", {"answer": "CONCUR"}),
            ("KZ-DEFENCE", "concur", {"answer": "CONCUR"}),
            ("KZ-DECIDER", "authorize", {"conditions": ["Not below FL195."]}),
        ),
    ),
    "contacts": (
        canaries.submitted,
        (
            ("KZ-AIR_DEFENCE", "take_down", {**CALL, "about": "TR-KZ-0001"}),
            ("INSTRUCTOR", "bring_in", {"receiver": "KZ-AIR_DEFENCE", **PROTEST}),
            ("KZ-AIR_DEFENCE", "log_contact", {"contact": 2}),
            ("KZ-AIR_DEFENCE", "forward_contact", {"contact": 2}),
            ("KZ-AIR_DEFENCE", "answer_contact", {"contact": 2, "line": "NOTED"}),
            (
                "INSTRUCTOR",
                "schedule_contact",
                {"receiver": "KZ-SECURITY", "arrives_at": canaries.moment(2, 6), **PROTEST},
            ),
            ("INSTRUCTOR", "call_off", {}),
        ),
    ),
    "refusal": (
        canaries.submitted,
        (("KZ-DECIDER", "refuse", {"ground": "CARGO", "reasons": "Too heavy."}),),
    ),
    "officers": (
        with_officers,
        (
            ("KZ-SECURITY", "mark", MARKED),
            ("KZ-SECURITY", "unmark", {}),
            ("KZ-SECURITY", "own_check", {"states": ["TR", "KZ"]}),
        ),
    ),
    "duty": (canaries.handed_over_on_a_saturday, (("KZ-DUTY", "hold", {"reason": "Monday."}),)),
    "number": (
        canaries.filed,
        (
            ("KZ-DECIDER", "suspend", {"reason": "Closed."}),
            ("KZ-OPERATIONS", "acknowledge", {}),
            ("KZ-AIR_DEFENCE", "acknowledge", {}),
            ("KZ-DEPUTY", "reinstate", {"reason": "Open again."}),
            ("KZ-DECIDER", "revoke", {"reason": "Another load."}),
            ("KZ-CIVIL_AVIATION", "acknowledge", {}),
        ),
    ),
    "inside": (
        inside,
        (
            ("KZ-DECIDER", "revoke", {"reason": "Another load."}),
            ("KZ-OPERATIONS", "acknowledge", {}),
            ("KZ-OPERATIONS", "instruct", TURNED_BACK),
        ),
    ),
    "plan": (canaries.filed, (("KZ-OPERATIONS", "check_plan", {"remarks": "By telephone."}),)),
    "day": (
        overdue,
        (
            ("KZ-OPERATIONS", "deviate", {"state": "UZ", "nature": "Storms.", "told": ["Nukus."]}),
            ("KZ-SECURITY", "report_load", {"load": "Detonators.", "source": "A partner."}),
            ("KZ-OPERATIONS", "cancel_alert", HEARD),
            ("KZ-OPERATIONS", "log_occurrence", ASKS),
            ("KZ-OPERATIONS", "refuse_approach", {"reason": "No authorization."}),
            ("KZ-OPERATIONS", "accept_distress", {"text": "Fire.", "told": ["The ministry."]}),
            ("KZ-DEFENCE", "close_occurrence", {"outcome": "Landed."}),
        ),
    ),
    "year": (
        on_the_desk_for_the_year,
        (
            ("KZ-DEFENCE", "advise_annual", {"answer": "CONCUR"}),
            ("KZ-DECIDER", "grant_annual", {}),
        ),
    ),
    "no-year": (
        on_the_desk_for_the_year,
        (
            ("KZ-DEFENCE", "advise_annual", NO),
            ("KZ-DECIDER", "refuse_annual", {"reason": "Not this year."}),
        ),
    ),
    "on-the-way": (
        canaries.submitted,
        (
            ("TR-ATTACHE", "ask_neighbour", {"state": "GE", "note_number": "2026/9"}),
            ("INSTRUCTOR", "acknowledge_asking", {}),
            ("INSTRUCTOR", "question_asking", {"text": "What is on board?"}),
            ("TR-ATTACHE", "answer_neighbour", {"text": "Relief goods."}),
            ("INSTRUCTOR", "clear_crossing", CLEARED),
            ("TR-ATTACHE", "withdraw_asking", {"reason": "Another way."}),
            ("TR-ATTACHE", "ask_anew", {"note_number": "2026/10"}),
            ("INSTRUCTOR", "refuse_crossing", {}),
        ),
    ),
    "draft": (
        canaries.submitted,
        (
            ("TR-PLANNER", "prepare", {"host": "KZ", **FORM}),
            ("TR-PLANNER", "edit", {"flight": 2, **FORM}),
            ("TR-PLANNER", "justify", {"flight": 2, "reason": "Urgent."}),
            ("TR-PLANNER", "request_release", {"flight": 2}),
            ("TR-RELEASE", "decline_release", {"flight": 2, "reason": "Not yet."}),
            ("TR-PLANNER", "request_release", {"flight": 2}),
            ("TR-RELEASE", "release", {"flight": 2}),
            ("TR-PLANNER", "begin_supplement", {}),
            ("TR-PLANNER", "edit", FORM),
            ("TR-RELEASE", "release_supplement", {}),
        ),
    ),
    "amendment-draft": (
        authorized,
        (
            ("TR-PLANNER", "amend", {}),
            ("TR-PLANNER", "edit", {"flight": 2, **FORM}),
        ),
    ),
    "amendment": (
        amended,
        (
            ("KZ-REGISTRY", "classify", {"flight": 2, "takes": "AMENDMENT"}),
            ("KZ-DECIDER", "authorize", {"flight": 2, "conditions": ["By day."]}),
        ),
    ),
    "other-draft": (
        canaries.submitted,
        (("KZ-PLANNER", "prepare", {"host": "TR", **canaries.form(days=30)}),),
    ),
    "completion": (
        returned,
        (
            ("TR-PLANNER", "revise", {}),
            ("TR-PLANNER", "edit", FORM),
        ),  # with the request for release the host is told of the completion no more
    ),
}

#: What the clock does by itself has no moment of its own at which nothing else moves.
CLOCKS = {
    *("arrive", "escalate", "escalate_contact", "escalate_preparation", "escalate_desk"),
    "lapse_asking",
}


@pytest.mark.parametrize("name", STRETCHES)
def test_what_a_side_does_in_secret_changes_nothing_that_the_other_is_answered(name: str) -> None:
    start, moves = STRETCHES[name]
    with wall.standing():
        exercise = start()
        state = moves[0][0].partition("-")[0]
        others = [seat.key for seat in exercise.seats.all() if seat.state not in ("", state)]
        others = [key for key in others if may_see_the_flight(key, name)][:2]
        before = {key: answers(exercise, key, pages(exercise, key)) for key in others}
        found: list[str] = []
        for (by, do, details), key in zip(moves, cycle(others), strict=False):
            perform(exercise, by, do, dict(details))
            found += differences(do, before[key], answers(exercise, key, before[key]))
    assert not found, "\n".join(found)


def test_every_secret_act_is_among_them() -> None:
    done = {do for _start, moves in STRETCHES.values() for _by, do, _details in moves}
    doors = kinds.doors().values()
    assert done == {door.row.code for door in doors if is_secret(door.row)} - CLOCKS


def is_secret(row: Verb) -> bool:
    return not row.conduct and not {REQUESTING, HOST} <= {*row.audience, *row.seen_by}


def may_see_the_flight(key: str, name: str) -> bool:
    """Say whether a seat is of the other side, and not only of the other state."""
    role, is_preparing = key.partition("-")[2], name in ("draft", "completion", "amendment-draft")
    if name == "other-draft":
        return role in REQUESTER_ROLES
    return role in (("REGISTRY", "DEFENCE", "DECIDER") if is_preparing else REQUESTER_ROLES)


def pages(exercise: Exercise, key: str) -> Iterator[str]:
    """Give every address of a seat that there may be to read, and its front page."""
    yield "/"
    for address in addresses(exercise, key):
        if address.startswith("/x/") and "/do/" not in address and "/control/" not in address:
            yield address


def answers(exercise: Exercise, key: str, asked: Iterable[str]) -> dict[str, Answer]:
    """Return what a seat reads at these addresses, but for keys."""
    client = signed_in(exercise, key)
    found = {}
    for address in asked:
        answer = client.get(address)
        body = KEYS.sub("…", answer.getvalue().decode(errors="replace"))
        if answer.status_code == 200:
            headers = {**answer.headers}
            del headers["X-Request-ID"]  # drawn by chance
            found[address] = (answer.status_code, headers, body)
    return found


def differences(do: str, before: dict[str, Answer], after: dict[str, Answer]) -> Iterator[str]:
    """Name what differs, address by address."""
    for address, (status, headers, said) in before.items():
        now, others, says = after.get(address, (0, {}, ""))
        parts = {"status": (status, now), "body": (said, says)}
        parts |= {name: (headers.get(name), others.get(name)) for name in {*headers, *others}}
        differ = sorted(part for part, (one, other) in parts.items() if one != other)
        if differ:
            yield f"{do}: {address}: {', '.join(differ)}"


def perform(exercise: Exercise, by: str, do: str, details: dict[str, Any]) -> None:
    """Let a seat act at the moment at which the exercise stands."""
    line = {"at": exercise.last_at, "by": by, "do": do}
    for kind in ("flight", "contact"):
        if kind in details:
            line[kind] = details.pop(kind)
    if do == "enter_answer":
        line["desk"] = "LEGAL"
    stories.perform(exercise, line | {"with": details})
    exercise.refresh_from_db()
