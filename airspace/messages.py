"""The messages that follow a filed flight plan: CHG, DLA, CNL, DEP, ARR; read, written, applied.

After ICAO Doc 4444, appendices 2 and 3. They name the plan by call sign, aerodromes, off-block time
and date, and say what differs: CHG the items that are replaced, each whole; DLA the new off-block
time; CNL that the plan is cancelled; DEP and ARR when the aircraft took off and landed.

What `flight_plan` says of readers holds here too: line ends and blanks are alike, lower case is
read as upper case, headings are passed over. Times are UTC. A message that is none raises
`flight_plan.PlanError`, in an English sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from airspace import flight_plan
from airspace.errors import gettext_noop as _
from airspace.flight_plan import FORMS, ITEMS, PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airspace.flight_plan import FlightPlan

CHANGE, DELAY, CANCELLATION = "CHG", "DLA", "CNL"
DEPARTURE, ARRIVAL = "DEP", "ARR"
KINDS = (CHANGE, DELAY, CANCELLATION, DEPARTURE, ARRIVAL)

#: The items that a change may replace.
CHANGEABLE = (*(str(item) for item in ITEMS), "18", "19")

_CHANGED = re.compile(r"0?([1-9][0-9]?)/(.*)", re.DOTALL)
_LANDED = re.compile(r"([A-Z]{4})([0-9]{4})(?: ([A-Z0-9.,'=+:? ]+))?")


@dataclass(frozen=True)
class Message:
    """One message about a filed plan; never other than one that can be sent, else `PlanError`.

    `at` is UTC, hours and minutes: of a CHG and a CNL the off-block time as filed, of a DLA the new
    one, of a DEP the take-off, empty in an ARR. `changed` are the items that a CHG replaces, by
    number. An ARR says where and when it landed, and with `destination` that it was bound for
    another aerodrome; `landed_name` is the name of a place without an indicator (ZZZZ).
    """

    kind: str
    call_sign: str
    departure: str
    at: str = ""
    destination: str = ""
    other: Mapping[str, str] = field(default_factory=dict)
    ssr: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)
    landed: str = ""
    landed_at: str = ""
    landed_name: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise PlanError(
                "OTHER_MESSAGE", None, _("“%(text)s” is no message about a plan."), text=self.kind
            )
        arrived = self.kind == ARRIVAL
        self._require("call_sign", "ssr", "departure")
        if self.at or not arrived:
            self._require(eobt=self.at)
        if self.destination or not arrived:
            self._require("destination")
        if arrived:
            self._require(destination=self.landed, eobt=self.landed_at)
        if bool(self.changed) != (self.kind == CHANGE):
            raise PlanError("CHANGES", 22, _("Item 22: a CHG says what it changes."))
        for item in self.changed:
            if item not in CHANGEABLE:
                raise PlanError(
                    "CHANGES", 22, _("Item 22: item %(text)s cannot change."), text=item
                )
        if not arrived and "DOF" in self.other and self.date_of_flight is None:
            raise PlanError(
                "DOF", 18, _("Item 18: DOF/ needs a date such as 260914."), text=self.other["DOF"]
            )

    @property
    def date_of_flight(self) -> date | None:
        """The date of DOF/; None where there is none, or none that can be read."""
        return flight_plan.read_date(self.other.get("DOF", ""))

    def _require(self, *names: str, **values: str) -> None:
        """Hold these fields to the form that they have in a flight plan."""
        for name in names:
            values[name] = getattr(self, name)
        for name, value in values.items():
            item, pattern, sentence = FORMS[name]
            if not re.fullmatch(pattern, value):
                raise PlanError(name.upper(), item, sentence, text=value)


def kind_of(text: str) -> str:
    """Return what a message begins with, FPL for a flight plan; empty for none that is known."""
    found = re.search(r"\(\s*([A-Z]{3})", text.upper())
    return found[1] if found and found[1] in ("FPL", *KINDS) else ""


def read(text: str) -> Message:
    """Return one message. Raises `PlanError` if it is none of these."""
    kind, fields = flight_plan.fields_of(text, KINDS)
    if len(fields) < 3:
        raise PlanError(
            "ITEM_MISSING", None, _("The message ends before it says what it is about.")
        )
    call_sign, _stroke, ssr = fields[0].partition("/")
    about: dict[str, Any] = {"kind": kind, "call_sign": call_sign, "ssr": ssr}
    about |= {"departure": fields[1][:4], "at": fields[1][4:]}
    if kind == ARRIVAL:
        return _arrival(about, fields[2:])
    rest = fields[3:]
    at = next((nth for nth, part in enumerate(rest) if _is_change(part)), len(rest))
    changes = rest[at:] if kind == CHANGE else []
    other = " ".join(rest[:at] if kind == CHANGE else rest)
    return Message(
        **about,
        destination=fields[2][:4],
        other=flight_plan.item_18_of("" if other == "0" else other),
        changed=_changes(changes),
    )


def write(message: Message) -> str:
    """Return the text of a message, folded as a flight plan is."""
    head = "/".join(filter(None, (message.call_sign, message.ssr)))
    parts = [message.kind, head, f"{message.departure}{message.at}"]
    if message.kind == ARRIVAL:
        landed = f"{message.landed}{message.landed_at} {message.landed_name}".strip()
        parts += [*filter(None, [message.destination]), landed]
    else:
        said = " ".join(f"{name}/{text}" if name else text for name, text in message.other.items())
        parts += [message.destination, said or "0"]
        parts += [f"{item}/{text}" for item, text in message.changed.items()]
    return "\n".join(flight_plan.folded(f"({'-'.join(parts)})"))


def is_about(message: Message, plan: FlightPlan) -> bool:
    """Say whether a message names a plan: call sign and departure, where given the rest as well."""
    named = (message.call_sign, message.departure)
    if named != (plan.call_sign, plan.departure):
        return False
    if message.kind in (CHANGE, CANCELLATION) and message.at != plan.eobt:
        return False
    day = message.date_of_flight
    if message.kind != DELAY and day and plan.date_of_flight and day != plan.date_of_flight:
        return False
    return message.destination in ("", plan.destination)


def applied(message: Message, plan: FlightPlan) -> FlightPlan:
    """Return the plan as a CHG or a DLA leaves it. Raises `PlanError` if it cannot.

    A DLA whose time has passed midnight is of the next day; with DOF/ it says so itself.
    """
    require_about(message, plan)
    if message.kind == DELAY:
        day = _delayed_to(message, plan)
        other = dict(plan.other) | ({"DOF": f"{day:%y%m%d}"} if day else {})
        return replace(plan, eobt=message.at, other=other)
    if message.kind == CHANGE:
        items = {name: plan.item(name) for name in CHANGEABLE} | dict(message.changed)
        destination, *alternates = items["16"].split()
        if len(destination) == 4:  # as in the examples of the document: the elapsed time stays
            items["16"] = " ".join((f"{destination}{plan.total_eet}", *alternates))
        parts = [items[name] for name in CHANGEABLE if items[name]]
        return flight_plan.read(f"(FPL-{'-'.join(parts)})")
    raise PlanError("OTHER_MESSAGE", None, _("A %(text)s changes no plan."), text=message.kind)


def require_about(message: Message, plan: FlightPlan) -> None:
    """Raise `PlanError` for a message about another plan."""
    if not is_about(message, plan):
        raise PlanError(
            "OTHER_PLAN",
            None,
            _(
                "The message is about another plan: call sign, aerodromes, off-block time and "
                "date are those of the plan as filed, %(text)s."
            ),
            text=f"{plan.call_sign} {plan.departure}{plan.eobt} {plan.destination}",
        )


def change(plan: FlightPlan, wanted: FlightPlan) -> Message:
    """Return the CHG that makes the one plan of the other. Raises `PlanError` if none differs."""
    changed = {
        name: wanted.item(name) for name in CHANGEABLE if wanted.item(name) != plan.item(name)
    }
    return _about(plan, CHANGE, at=plan.eobt, changed=changed)


def delay(plan: FlightPlan, eobt: str) -> Message:
    """Return the DLA of a plan to a new off-block time of the same day."""
    return _about(plan, DELAY, at=eobt)


def cancellation(plan: FlightPlan) -> Message:
    """Return the CNL of a plan."""
    return _about(plan, CANCELLATION, at=plan.eobt)


def departed(plan: FlightPlan, at: str) -> Message:
    """Return the DEP of a plan that took off at `at`."""
    return _about(plan, DEPARTURE, at=at)


def arrived(plan: FlightPlan, at: str, landed: str = "") -> Message:
    """Return the ARR of a plan; `landed` is where, if it is not the destination."""
    return Message(
        kind=ARRIVAL,
        call_sign=plan.call_sign,
        departure=plan.departure,
        at=plan.eobt,
        destination=plan.destination if landed and landed != plan.destination else "",
        landed=landed or plan.destination,
        landed_at=at,
    )


def _about(
    plan: FlightPlan, kind: str, *, at: str, changed: Mapping[str, str] | None = None
) -> Message:
    day = plan.other.get("DOF")
    return Message(
        kind=kind,
        call_sign=plan.call_sign,
        departure=plan.departure,
        at=at,
        destination=plan.destination,
        other={"DOF": day} if day else {},
        changed=changed or {},
    )


def _arrival(about: dict[str, Any], fields: list[str]) -> Message:
    bound = fields[0] if len(fields) > 1 and re.fullmatch(r"[A-Z]{4}", fields[0]) else ""
    last = fields[1] if bound else fields[0]
    landed = _LANDED.fullmatch(last)
    if landed is None:
        raise PlanError(
            "ARRIVAL",
            17,
            _("Item 17: an aerodrome with a time such as UACC0948, not “%(text)s”."),
            text=last,
        )
    return Message(
        **about,
        destination=bound,
        landed=landed[1],
        landed_at=landed[2],
        landed_name=landed[3] or "",
    )


def _is_change(part: str) -> bool:
    return _CHANGED.fullmatch(part) is not None


def _changes(parts: list[str]) -> dict[str, str]:
    """Return the items that are replaced; a hyphen in one begins the next, as in a plan."""
    found: dict[str, str] = {}
    for part in parts:
        changed = _CHANGED.fullmatch(part)
        if changed is None:
            raise PlanError("CHANGES", 22, _("Item 22: “%(text)s” names no item."), text=part)
        found[changed[1]] = changed[2].strip()
    return found


def _delayed_to(message: Message, plan: FlightPlan) -> date | None:
    """Return the date of the new off-block time; None where neither message nor plan has one."""
    filed, said = plan.date_of_flight, message.date_of_flight
    if said and said != filed:
        return said
    if filed is None:
        return None
    new, old = (datetime.combine(filed, _clock(one)) for one in (message.at, plan.eobt))
    return filed + timedelta(days=1) if new < old else filed


def _clock(text: str) -> time:
    return time(int(text[:2]), int(text[2:]))
