"""One exercise, played by verbs alone, in which everything that is withheld carries a canary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from audit import acts
from casework import kinds
from control import actions, stories
from exercises.models import HOST_ROLES, REQUESTER_ROLES, Exercise
from tests.keeping import kept
from tests.playing import seat
from transit.models import FlightRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTRUCTOR = frozenset({"INSTRUCTOR"})
REQUESTING = frozenset(f"TR-{role}" for role in REQUESTER_ROLES)
HOST = frozenset(f"KZ-{role}" for role in HOST_ROLES)
#: Security's reasons: the desk itself, the lead desk, the deciders.
INNER = frozenset({"KZ-SECURITY", "KZ-DEFENCE", "KZ-DECIDER", "KZ-DEPUTY"})
#: Who reads what was forwarded, but for security's.
LEADERSHIP = frozenset({"KZ-REGISTRY", "KZ-DEFENCE", "KZ-DECIDER", "KZ-DEPUTY"})
#: One flight goes the other way: the sides follow the flight, not the state.
OTHER_REQUESTING = frozenset(f"KZ-{role}" for role in REQUESTER_ROLES)
OTHER_HOST = frozenset(f"TR-{role}" for role in HOST_ROLES)
HOSTS = HOST | OTHER_HOST


@dataclass(frozen=True)
class Withheld:
    """A text that only these seats and the instructor may meet; `shown_to` does meet it."""

    text: str
    seats: frozenset[str]
    shown_to: str

    def may_reach(self, key: str) -> bool:
        return key in self.seats | INSTRUCTOR


#: The matrix: what is withheld, and who may read it nevertheless.
MATRIX = [
    # The requesting side's own affairs
    Withheld("canary-draft", REQUESTING, "TR-PLANNER"),
    Withheld("canary-declined", REQUESTING, "TR-RELEASE"),
    Withheld("canary-live-supplement", REQUESTING, "TR-ATTACHE"),
    Withheld("canary-untold-justification", REQUESTING, "TR-PLANNER"),
    # What the notes carried: both sides
    Withheld("canary-returned", REQUESTING | HOST, "TR-PLANNER"),
    Withheld("canary-question", REQUESTING | HOST, "TR-ATTACHE"),
    Withheld("canary-answer", REQUESTING | HOST, "KZ-SECURITY"),
    Withheld("canary-granted-condition", REQUESTING | HOST, "TR-PLANNER"),
    Withheld("canary-report", REQUESTING | HOST, "KZ-DEFENCE"),
    Withheld("canary-told-justification", REQUESTING | HOST, "KZ-REGISTRY"),
    Withheld("CANARYPLAN", REQUESTING | HOST, "TR-ATTACHE"),
    # What is asked of a state on the way, and what the host is told of it
    Withheld("canary-way-note", REQUESTING, "TR-PLANNER"),
    Withheld("canary-way-question", REQUESTING, "TR-ATTACHE"),
    Withheld("canary-way-answer", REQUESTING, "TR-RELEASE"),
    Withheld("canary-way-withdrawn", REQUESTING, "TR-ATTACHE"),
    Withheld("EXGE26SCANARY", REQUESTING, "TR-ATTACHE"),
    Withheld("canary-way-condition", REQUESTING, "TR-PLANNER"),
    Withheld("EXAZ26STOLD", REQUESTING | HOST, "KZ-OPERATIONS"),
    # The host's inside
    Withheld("canary-reason-air", HOST, "KZ-CIVIL_AVIATION"),
    Withheld("canary-reason-civil", HOST, "KZ-REGISTRY"),
    Withheld("canary-reason-security", INNER, "KZ-DECIDER"),
    Withheld("canary-reason-lead", HOST, "KZ-DECIDER"),
    Withheld("canary-reason-legal", HOST, "KZ-DECIDER"),
    Withheld("canary-paper", HOST, "KZ-DECIDER"),
    Withheld("canary-desk-condition", HOST, "KZ-SECURITY"),
    Withheld("canary-lead-condition", HOST, "KZ-DECIDER"),
    Withheld("canary-minute", HOST, "KZ-OPERATIONS"),
    Withheld("canary-new-round", HOST, "KZ-DEFENCE"),
    Withheld("canary-override", HOST, "KZ-DEFENCE"),
    Withheld("canary-finding", HOST, "KZ-DEFENCE"),
    Withheld("canary-deviation", HOST, "KZ-DEFENCE"),
    Withheld("canary-informed-state", HOST, "KZ-OPERATIONS"),
    Withheld("canary-occurrence", HOST, "KZ-REGISTRY"),
    Withheld("canary-heard", HOST, "KZ-REGISTRY"),
    Withheld("canary-information", REQUESTING | HOST, "TR-ATTACHE"),
    Withheld("canary-check-reason", HOST, "KZ-CIVIL_AVIATION"),
    Withheld("canary-hold", HOST, "KZ-OPERATIONS"),
    Withheld("canary-remarks", HOST, "KZ-OPERATIONS"),
    # What was decided of a number: why, and to the other side not before the note
    Withheld("canary-suspended", HOST, "KZ-OPERATIONS"),
    Withheld("canary-revoked", HOST, "KZ-DEFENCE"),
    Withheld("canary-ordered", HOST, "KZ-OPERATIONS"),
    Withheld("canary-fulfilment", REQUESTING | HOST, "KZ-DEFENCE"),
    # What the host's rules and its comparison say of what only the host knows
    Withheld("TR-KZ-0001 was closed with findings", HOST, "KZ-DEFENCE"),
    Withheld("As the authorization calls for it", HOST, "KZ-OPERATIONS"),
    Withheld("SPARE_TAIL_USED", HOST, "KZ-OPERATIONS"),
    Withheld("canary-mirror-minute", OTHER_HOST, "TR-SECURITY"),
    # Contacts: whom they reached, and whom they were forwarded to; never the other state
    Withheld("canary-contact-air", frozenset({"KZ-AIR_DEFENCE"}), "KZ-AIR_DEFENCE"),
    Withheld("canary-contact-told", LEADERSHIP | {"KZ-CIVIL_AVIATION"}, "KZ-REGISTRY"),
    Withheld("canary-contact-answer", LEADERSHIP | {"KZ-CIVIL_AVIATION"}, "KZ-DECIDER"),
    Withheld("canary-contact-security", INNER, "KZ-DEFENCE"),
    Withheld("canary-contact-attache", frozenset({"TR-ATTACHE"}), "TR-ATTACHE"),
    Withheld("canary-contact-ahead", frozenset(), "INSTRUCTOR"),
    Withheld("not by who recalls it", frozenset(), "INSTRUCTOR"),
    # The annual register: what notes carried, then the host's inside and an untold number
    Withheld("canary-annual-text", REQUESTING | HOST, "KZ-REGISTRY"),
    Withheld("EXKZ27A0001", REQUESTING | HOST, "TR-PLANNER"),
    Withheld("canary-annual-opinion", HOST, "KZ-DECIDER"),
    Withheld("canary-annual-suspended", HOST, "KZ-DEFENCE"),
    Withheld("EXKZ27A0002", HOST, "KZ-REGISTRY"),
    # Decided, and not notified
    Withheld("canary-secret-condition", HOST, "KZ-REGISTRY"),
    Withheld("canary-refusal", HOST, "KZ-REGISTRY"),
    Withheld("EXKZ26S0002", HOST, "KZ-REGISTRY"),
    Withheld("the scope of the agreement", HOSTS, "KZ-REGISTRY"),
    # Internal escalations, and who acted
    Withheld("told: Deciding officer", HOSTS, "KZ-DEFENCE"),
    Withheld("instructor acting", HOST, "KZ-DEFENCE"),
    # Names of desks and deciders
    *(
        Withheld(name, HOSTS, "KZ-DECIDER")
        for name in (
            "Air defence desk",
            "Security desk",
            "Civil aviation desk",
            "Defence desk (lead)",
            "Deciding officer",
        )
    ),
    # Holders: each state knows its own people
    *(
        Withheld(name, frozenset(seats), shown_to)
        for seats, names in (
            (
                REQUESTING | OTHER_HOST,
                {
                    "tr-planner": "TR-RELEASE",
                    "tr-release": "TR-PLANNER",
                    "tr-attache": "TR-PLANNER",
                    "tr-registry": "TR-DECIDER",
                },
            ),
            (
                HOST | OTHER_REQUESTING,
                {
                    "kz-registry": "KZ-DECIDER",
                    "kz-air-defence": "KZ-DECIDER",
                    "kz-security": "KZ-DECIDER",
                    "kz-decider": "KZ-REGISTRY",
                    "kz-planner": "KZ-RELEASE",
                },
            ),
        )
        for name, shown_to in names.items()
    ),
]

#: The flights of the exercise, by what became of them.
FLOWN, AUTHORIZED, REFUSED, DRAFT, EXAMINED, HELD = range(1, 7)
MIRROR = 5001

Line = dict[str, Any]

#: What a check finds.
WEAPONS: dict[str, Any] = {
    "has_personal_weapons": True,
    "personal_weapons": "Pistols of the crew, unloaded.",
    "has_ammunition": False,
}

#: What is filed for the first flight: with the listed spare, and a word to look for.
PLAN = next(
    line["with"]["message"].replace("REG/990101", "REG/990102").replace("EXERCISE", "CANARYPLAN")
    for line in stories.load("alpha").acts
    if line["do"] == "file_plan"
)


@kept
def play() -> Exercise:
    """Play the exercise: paused at its last moment, two decisions still untold."""
    exercise = actions.create("Canaries", at=moment(1, 6), then=stories.seat_cast)
    for line in chain(
        _flown(),
        _authorized(),
        _refused(),
        _draft(),
        _examined(),
        _on_the_way(),
        _mirror(),
        _annual(),
        _held(),
        _contacts(),
        _silence(),
    ):
        if line.pop("by_instructor", False):
            _perform_as_instructor(exercise, line)
        else:
            stories.perform(exercise, line)
    return Exercise.objects.get(pk=exercise.pk)


@kept
def examined(**items: Any) -> Exercise:
    """Play one request up to the decision; `items` of its form say something else."""
    return _told(
        "Before the decision", 1, *_submitted(1, 1, note="2026/1", **items), *_concurred(2, 1)
    )


@kept
def submitted() -> Exercise:
    """Play one request until the desks examine it."""
    return _told("Under examination", 1, *_submitted(1, 1, note="2026/1"))


@kept
def handed_over_on_a_saturday() -> Exercise:
    """Play one request up to its note, which comes on a Saturday."""
    *before, _register = _submitted(5, 1, note="2026/1")
    return _told("On a Saturday", 5, *before)


@kept
def filed() -> Exercise:
    """Play one request until its flight plan, with the spare aircraft, is filed."""
    decided = lines(
        3,
        1,
        ("KZ-DECIDER", "authorize"),
        ("KZ-REGISTRY", "reply", {"note_number": "KZ-1"}),
    )
    plan = {"at": moment(14, 4), "by": "TR-PLANNER", "do": "file_plan", "with": {"message": PLAN}}
    opened = {"at": moment(14, 5), "by": "KZ-OPERATIONS", "do": "minute", "with": {"text": "Open."}}
    return _told(
        "On the day",
        1,
        *_submitted(1, 1, note="2026/1", days=0),
        *_concurred(2, 1),
        *decided,
        plan,
        opened,
    )


def _told(name: str, day: int, *script: Line) -> Exercise:
    """Play these lines in an exercise that opens on a day of September, with the cast seated."""
    exercise = actions.create(name, at=moment(day, 6), then=stories.seat_cast)
    for line in script:
        stories.perform(exercise, line)
    return Exercise.objects.get(pk=exercise.pk)


def lines(day: int, flight: int, *steps: tuple[Any, ...]) -> Iterator[Line]:
    """Give lines of a script, from 07:00 UTC of a day on, ten minutes each."""
    at = moment(day, 7)
    for by, do, *details in steps:
        with_, more = [*details, {}, {}][:2]
        yield {"at": at, "by": by, "do": do, "flight": flight, "with": with_, **more}
        at += timedelta(minutes=10)


def form(*, days: int = 0, **items: Any) -> Line:
    """Return the form and the crossings of the story `alpha`, so many days later."""
    script = stories.load("alpha").acts[0]["with"]
    later = timedelta(days=days)
    moved = {
        name: value + later if isinstance(value, datetime) else value
        for name, value in script["form"].items()
    }
    crossings = [
        {
            name: value + later if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in script["crossings"]
    ]
    return {"form": moved | items, "crossings": crossings}


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 9, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


def _perform_as_instructor(exercise: Exercise, line: Line) -> None:
    """Let the instructor act for a seat that somebody else holds; the record marks it."""
    by = seat(exercise, line["by"])
    by.taken_by = seat(exercise, "INSTRUCTOR").holder
    flight = FlightRequest.objects.get(exercise=exercise, number=line["flight"])
    with acts.act(exercise, at=line["at"], by=by) as at:
        kinds.doors()[line["do"]](flight, by=by, at=at, **line["with"])


def _submitted(day: int, flight: int, *, note: str, days: int = 30, **items: Any) -> Iterator[Line]:
    yield from lines(
        day,
        flight,
        ("TR-PLANNER", "prepare", {"host": "KZ", **form(days=days, **items)}),
        ("TR-PLANNER", "request_release"),
        ("TR-RELEASE", "release"),
        ("TR-ATTACHE", "transmit", {"note_number": note}),
        ("KZ-REGISTRY", "register"),
    )


def _concurred(day: int, flight: int) -> Iterator[Line]:
    yield from lines(
        day,
        flight,
        ("KZ-AIR_DEFENCE", "concur", {"answer": "CONCUR"}),
        ("KZ-CIVIL_AVIATION", "concur", {"answer": "CONCUR"}),
        ("KZ-SECURITY", "concur", {"answer": "CONCUR"}),
        ("KZ-DEFENCE", "concur", {"answer": "CONCUR"}),
    )


def _flown() -> Iterator[Line]:
    """A request with everything in it: returned, questioned, overridden, flown, closed."""
    day = form(days=0)
    yield from lines(
        1,
        FLOWN,
        ("TR-PLANNER", "prepare", {"host": "KZ", **day}),
        ("TR-PLANNER", "request_release"),
        ("TR-RELEASE", "decline_release", {"reason": "canary-declined"}),
        ("TR-PLANNER", "request_release"),
        ("TR-RELEASE", "release"),
        ("TR-ATTACHE", "transmit", {"note_number": "2026/1"}),
        ("KZ-REGISTRY", "send_back", {"missing": "canary-returned"}),
        ("TR-PLANNER", "revise"),
        ("TR-PLANNER", "request_release"),
        ("TR-RELEASE", "release"),
        ("TR-ATTACHE", "transmit", {"note_number": "2026/2"}),
        ("KZ-REGISTRY", "register"),
        ("KZ-SECURITY", "ask", {"text": "canary-question"}),
        ("TR-ATTACHE", "answer", {"text": "canary-answer"}),
    )
    no = {"answer": "NON_CONCUR", "reason": "canary-reason-civil"}
    lead = {
        "answer": "CONDITIONS",
        "conditions": ["canary-lead-condition"],
        "reason": "canary-reason-lead",
    }
    yield from lines(
        2,
        FLOWN,
        ("KZ-OPERATIONS", "minute", {"text": "canary-minute"}),
        ("KZ-DEFENCE", "call_in", {"desk": "LEGAL"}),
        (
            "KZ-AIR_DEFENCE",
            "concur",
            {
                "answer": "CONDITIONS",
                "conditions": ["canary-desk-condition"],
                "reason": "canary-reason-air",
            },
        ),
        ("KZ-CIVIL_AVIATION", "concur", no),
        ("KZ-SECURITY", "concur", {"answer": "CONCUR", "reason": "canary-reason-security"}),
        (
            "KZ-DEFENCE",
            "enter_answer",
            {"answer": "CONCUR", "paper": "canary-paper", "reason": "canary-reason-legal"},
            {"desk": "LEGAL"},
        ),
        ("KZ-DEFENCE", "concur", lead),
        ("KZ-DECIDER", "new_round", {"desks": ["CIVIL_AVIATION"], "reason": "canary-new-round"}),
        ("KZ-CIVIL_AVIATION", "concur", no),
        ("KZ-DEFENCE", "concur", lead),
        (
            "KZ-DECIDER",
            "authorize",
            {
                "library": ["ACTUAL_TIMES"],
                "conditions": ["canary-granted-condition"],
                "override_ground": "canary-override",
            },
        ),
        ("KZ-REGISTRY", "reply", {"note_number": "KZ-1"}, {"by_instructor": True}),
    )
    yield from lines(
        3,
        FLOWN,
        ("KZ-DECIDER", "suspend", {"reason": "canary-suspended"}),
        ("KZ-OPERATIONS", "acknowledge"),
        ("KZ-REGISTRY", "notify", {"note_number": "KZ-4"}),
        ("TR-ATTACHE", "acknowledge_note"),
        ("KZ-DECIDER", "reinstate", {"reason": "Looked at again."}),
        ("KZ-REGISTRY", "notify", {"note_number": "KZ-5"}),
    )
    plan = {"message": PLAN}
    yield {"at": moment(14, 4), "by": "TR-PLANNER", "do": "file_plan", "with": plan}
    remarks = {"remarks": "canary-remarks"}
    yield {"at": moment(14, 5), "by": "KZ-OPERATIONS", "do": "check_plan", "with": remarks}
    entered = {"entered_at": moment(14, 7), "point": "BALUN"}
    yield {"at": moment(14, 7), "by": "KZ-OPERATIONS", "do": "enter", "with": entered}
    deviated = {"state": "UZ", "nature": "canary-deviation", "told": ["canary-informed-state"]}
    yield {"at": moment(14, 7), "by": "KZ-OPERATIONS", "do": "deviate", "with": deviated}
    logged = {"nature": "RADIO", "happened_at": moment(14, 7), "text": "canary-occurrence"}
    yield {"at": moment(14, 7), "by": "KZ-OPERATIONS", "do": "log_occurrence", "with": logged}
    logged = {**logged, "text": "canary-heard"}
    yield {"at": moment(14, 7), "by": "KZ-OPERATIONS", "do": "log_occurrence", "with": logged}
    note = {"text": "canary-information", "note_number": "KZ-D2"}
    about = {"do": "tell_of_occurrence", "occurrence": 2, "with": note}
    yield {"at": moment(14, 7), "by": "KZ-REGISTRY", **about}
    yield from _revoked_inside()
    exited = {"exited_at": moment(14, 8), "point": "URASA"}
    yield {"at": moment(14, 8), "by": "KZ-OPERATIONS", "do": "exit", "with": exited}
    yield from lines(
        15,
        FLOWN,
        ("TR-ATTACHE", "fulfil", {"fulfilment": "canary-fulfilment"}),
        ("TR-ATTACHE", "report", {"text": "canary-report", "persons_on_board": 11}),
        ("KZ-OPERATIONS", "accept_condition"),
        ("KZ-REGISTRY", "notify", {"note_number": "KZ-6"}),
        ("TR-ATTACHE", "acknowledge_note"),
        ("KZ-AIR_DEFENCE", "acknowledge"),
        ("KZ-CIVIL_AVIATION", "acknowledge"),
        ("KZ-DEFENCE", "close", {"findings": "canary-finding"}),
    )


def _revoked_inside() -> Iterator[Line]:
    """The number revoked while the aircraft is inside; a note tells of it the day after."""
    at = moment(14, 7) + timedelta(minutes=20)
    revoked = {"reason": "canary-revoked"}
    yield {"at": at, "by": "KZ-DECIDER", "do": "revoke", "with": revoked}
    yield {"at": at, "by": "KZ-OPERATIONS", "do": "acknowledge"}
    told = {"ordered_by": "canary-ordered", "passed_by": "Aktobe ACC", "passed_at": at}
    by_way_of = {"kind": "REROUTE", "place": "URASA"}
    yield {"at": at, "by": "KZ-OPERATIONS", "do": "instruct", "with": told | by_way_of}


def _authorized() -> Iterator[Line]:
    yield from _submitted(16, AUTHORIZED, note="2026/3")
    yield from _concurred(17, AUTHORIZED)
    yield from lines(
        18,
        AUTHORIZED,
        ("KZ-DECIDER", "authorize", {"conditions": ["canary-secret-condition"]}),
    )
    closed = {"state": "GE", "closed_from": moment(30, 0), "words": "Until further notice."}
    yield from lines(18, AUTHORIZED, ("INSTRUCTOR", "close_airspace", closed))


def _refused() -> Iterator[Line]:
    yield from _submitted(18, REFUSED, note="2026/4")
    yield from lines(
        19,
        REFUSED,
        ("KZ-AIR_DEFENCE", "ask", {"text": "Which route?"}),
        ("KZ-DECIDER", "refuse", {"ground": "OUT_OF_SCOPE", "reasons": "canary-refusal"}),
    )


def _draft() -> Iterator[Line]:
    yield from lines(
        19,
        DRAFT,
        ("TR-PLANNER", "prepare", {"host": "KZ", **form(days=30, remarks="canary-draft")}),
        ("TR-PLANNER", "justify", {"reason": "canary-untold-justification"}),
        ("TR-PLANNER", "request_release"),
    )


def _examined() -> Iterator[Line]:
    """A request under examination: desks that keep silent, a supplement in the making."""
    yield from _submitted(19, EXAMINED, note="2026/5", **WEAPONS)
    accepted = {
        "findings": ["WEAPONS_DECLARED"],
        "disposal": "ACCEPTED",
        "reason": "canary-check-reason",
    }
    yield from lines(
        20,
        EXAMINED,
        ("KZ-SECURITY", "deal_with", accepted),
        ("TR-PLANNER", "begin_supplement"),
        ("TR-PLANNER", "edit", form(days=30, remarks="canary-live-supplement")),
    )


def _on_the_way() -> Iterator[Line]:
    """Two states on the way are asked; one asks, grants and is told otherwise, one is let go."""
    window = {"valid_from": moment(43, 0), "valid_until": moment(46, 0)}
    yield from lines(
        20,
        EXAMINED,
        ("TR-ATTACHE", "ask_neighbour", {"state": "GE", "note_number": "canary-way-note"}),
        ("INSTRUCTOR", "set_temper", {"temper": "silent"}),
        ("INSTRUCTOR", "question_asking", {"text": "canary-way-question"}),
        ("TR-ATTACHE", "answer_neighbour", {"text": "canary-way-answer"}),
        (
            "INSTRUCTOR",
            "clear_crossing",
            {
                "clearance_number": "EXGE26SCANARY",
                "conditions": ["canary-way-condition"],
                **window,
            },
        ),
        ("TR-ATTACHE", "ask_neighbour", {"state": "AZ", "note_number": "2026/92"}),
        (
            "TR-ATTACHE",
            "withdraw_asking",
            {"reason": "canary-way-withdrawn"},
            {"neighbour": 2},
        ),
        (
            "TR-ATTACHE",
            "tell_clearance",
            {
                "state": "AZ",
                "clearance_number": "EXAZ26STOLD",
                "note_number": "2026/93",
                **window,
            },
        ),
    )


def _mirror() -> Iterator[Line]:
    yield from lines(
        20,
        MIRROR,
        ("KZ-PLANNER", "prepare", {"host": "TR", **form(days=30)}),
        ("KZ-PLANNER", "request_release"),
        ("KZ-RELEASE", "release"),
        ("KZ-ATTACHE", "transmit", {"note_number": "KZ-2"}),
        ("TR-REGISTRY", "register"),
        ("TR-DEFENCE", "minute", {"text": "canary-mirror-minute"}),
    )


def _annual() -> Iterator[Line]:
    """One annual clearance that is suspended, and one whose grant is still untold."""
    for serial, note in ((1, "2026/6"), (2, "2026/7")):
        asked = {"year": 2027, "categories": ["EXERCISE"], "note_number": note}
        about = {"annual": serial}
        yield from lines(
            21,
            FLOWN,
            ("TR-ATTACHE", "request_annual", asked | {"text": "canary-annual-text"}),
            ("KZ-REGISTRY", "register_annual", {}, about),
            (
                "KZ-DEFENCE",
                "advise_annual",
                {"answer": "CONCUR", "reason": "canary-annual-opinion"},
                about,
            ),
            ("KZ-DECIDER", "grant_annual", {}, about),
        )
    yield from lines(
        22,
        FLOWN,
        ("KZ-REGISTRY", "reply_annual", {"note_number": "KZ-3"}),
        ("KZ-DECIDER", "suspend_annual", {"reason": "canary-annual-suspended"}),
    )


def _held() -> Iterator[Line]:
    """A note handed over on a Saturday with too little notice; the duty officer leaves it."""
    yield from lines(
        26,
        HELD,
        ("TR-PLANNER", "prepare", {"host": "KZ", **form(days=18)}),
        ("TR-PLANNER", "justify", {"reason": "canary-told-justification"}),
        ("TR-PLANNER", "request_release"),
        ("TR-RELEASE", "release"),
        ("TR-ATTACHE", "transmit", {"note_number": "2026/8"}),
        ("KZ-DUTY", "hold", {"reason": "canary-hold"}),
    )


def _contacts() -> Iterator[Line]:
    """What reached the desks of both states, forwarded or not, and what is still to come."""
    told = {"kind": "TELEPHONE", "source": "A caller", "about": "TR-KZ-0005"}
    yield from lines(
        27,
        EXAMINED,
        ("KZ-AIR_DEFENCE", "take_down", told | {"text": "canary-contact-air"}),
        ("KZ-CIVIL_AVIATION", "take_down", told | {"text": "canary-contact-told"}),
        ("KZ-CIVIL_AVIATION", "forward_contact", {}, {"contact": 2}),
        (
            "KZ-CIVIL_AVIATION",
            "answer_contact",
            {"line": "OWN", "words": "canary-contact-answer"},
            {"contact": 2},
        ),
        ("KZ-SECURITY", "take_down", told | {"text": "canary-contact-security"}),
        ("KZ-SECURITY", "forward_contact", {}, {"contact": 3}),
        ("TR-ATTACHE", "take_down", told | {"text": "canary-contact-attache"}),
        (
            "INSTRUCTOR",
            "bring_in",
            {"receiver": "KZ-AIR_DEFENCE", "entry": "NOTE_OF_PROTEST_CASPIAN"},
        ),
        (
            "INSTRUCTOR",
            "schedule_contact",
            {
                "receiver": "KZ-SECURITY",
                "entry": "CSTO_ASKS",
                "text": "canary-contact-ahead",
                "arrives_at": moment(45, 6),
            },
        ),
    )


def _silence() -> Iterator[Line]:
    """Days pass; the clock finds the silent desks overdue, and tells the decider."""
    yield from lines(29, EXAMINED, ("KZ-OPERATIONS", "minute", {"text": "Still waiting."}))
