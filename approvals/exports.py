"""What a seat may know of a flight, to take along: the same as on its page, in files.

Everything here comes from `approvals.sight`; whoever may not see it on the page finds it in no
file either, and a file of nothing is not there.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from airspace import route_files
from approvals.sight import flights_known_to
from casework import files, kinds
from casework.dates import Shown
from casework.work import Tray
from exercises.recorded import Recorded, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from airspace.crossings import Route
    from approvals.known import KnownMovement
    from approvals.sight import Known
    from exercises.models import Exercise
    from exercises.seating import SeatedRequest

#: Of the seat's own steps so many stand in its calendar, those with least time left.
MOST_DATES = 200

#: Rows of the form, and how their own book-keeping is called.
_BOOKKEEPING = ("ref", "revision")


def flight_file(known: Known, name: str) -> str | None:
    """Return the content of a file about a flight, by the file's name; None if there is none."""
    make = FILES.get(name)
    return make(known) if make else None


def offered(known: Known) -> list[str]:
    """Return the names of the files that there are of a flight."""
    is_there: dict[str, object] = {
        "route.geojson": _route(known),
        "route.kml": _route(known),
        "authorization.json": known.cleared,
    }
    return [name for name in FILES if is_there.get(name, True)]


def own_deadlines(request: SeatedRequest) -> str:
    """Return the dates that press the seat on any flight as a calendar, least time left first."""
    seat, at = request.seat, request.at
    tray = Tray("due", seat, kinds.kinds()["flight"], at, is_dated=True)
    keys = [row.pk for row in tray.slice(None, MOST_DATES, backwards=False)]
    dates = [
        date
        for known in flights_known_to(seat, at, keys=keys)
        for date in _dates(known, mine_only=True)
    ]
    return _calendar(_("Own deadlines"), dates, request.exercise, at)


def content(known: Known) -> dict[str, Any]:
    """Return what the page of a flight says, in plain values for JSON; times are UTC."""
    return {
        "exercise": known.exercise.name,
        "as_seen_by": known.seat.key,
        "at": encode(known.at),
        "reference": known.reference,
        "requesting_state": known.states[0],
        "host": known.states[1],
        "agreement": {
            "code": known.agreement.code,
            "version": known.agreement.version,
            "title": known.agreement.called,
        },
        "status": known.status.value,
        "status_words": str(known.status.label),
        "track": known.track.code,
        "arrived_at": plain(known.arrived_at) if known.has_arrived else None,
        "revision": known.revision.number,
        "is_draft": known.is_draft,
        "form": {name: _cell(known.revision, name) for name in known.revision.form_items()},
        "crossings": [_row(row) for row in known.revision.crossings.all()],
        "goods": [_row(row) for row in known.revision.goods.all()],
        "notes": [
            {
                "number": note.number,
                "kind": note.kind,
                "from": note.from_state,
                "to": note.to_state,
                "sent_at": encode(note.sent_at),
                "in_reply_to": note.in_reply_to.number if note.in_reply_to else None,
                "revision": note.form_number,
                "text": note.text,
            }
            for note in known.notes
        ],
        "questions": plain(known.questions),
        "answers": plain(known.answers),
        "minutes": [
            {"text": one.text, "written_at": encode(one.written_at)} for one in known.minutes
        ],
        "decision": plain(known.decision),
        "authorization": plain(known.authorization),
        "findings": None
        if known.findings is None
        else [
            {"code": one.rule.code, "severity": one.weighs.value, "sentence": one.sentence}
            for one in known.findings
        ],
        "movements": [_movement(one) for one in known.movements],
        "owed": [
            {"by": holder.who, "what": step.what, "due_at": plain(step.due)}
            for holder in known.holders(known.work)
            for step in holder.steps
        ],
        "history": [
            {"at": encode(one.at), "what": one.title, "by": one.by, "text": one.text}
            for one in known.history.entries
        ],
    }


def plain(value: object) -> Any:
    """Return a part of `approvals.known` in plain values; of a date only when it is due."""
    if isinstance(value, Shown):
        return plain(value.at)
    if isinstance(value, Promise):
        return str(value)
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return encode(value)


def _movement(one: KnownMovement) -> dict[str, Any]:
    """Return a movement; of its comparison the codes, of its authorization the number."""
    other = {"reference", "flight", "revision", "authorization", "comparison"}
    said = {item.name: getattr(one, item.name) for item in fields(one) if item.name not in other}
    return {
        **{name: plain(value) for name, value in said.items()},
        "discrepancies": None
        if one.comparison is None or not one.comparison.is_helped
        else [found.row.code for found in one.comparison.found],
        "remarks": one.comparison.remarks if one.comparison else "",
    }


def _row(row: Recorded) -> dict[str, Any]:
    named = (field.name for field in row.recorded_fields())
    return {name: _cell(row, name) for name in named if name not in _BOOKKEEPING}


def _cell(row: Any, name: str) -> Any:
    return encode(getattr(row, name))


def _title(known: Known, what: str = "") -> str:
    return f"{known.reference} {what}".strip()


def _json(known: Known) -> str:
    return files.as_json(_title(known), content(known))


def _csv(known: Known) -> str:
    return "".join(files.as_csv(("item", "value"), files.flat(content(known))))


def _authorization(known: Known) -> str | None:
    cleared = known.cleared
    return files.as_json(_title(known, cleared.number), cleared.as_dict()) if cleared else None


def _route(known: Known) -> Route | None:
    return known.look.route if known.look else None


def _geojson(known: Known) -> str | None:
    route = _route(known)
    if route is None:
        return None
    title = files.marked(_title(known))
    return files.as_json(_title(known), route_files.geojson(route, title=title))


def _kml(known: Known) -> str | None:
    route = _route(known)
    return route_files.kml(route, title=files.marked(_title(known))) if route else None


def _deadlines(known: Known) -> str:
    return _calendar(_title(known), _dates(known, mine_only=False), known.exercise, known.at)


def _dates(known: Known, *, mine_only: bool) -> list[files.Date]:
    return [
        files.Date(
            key=step.key.replace("/", "-"),
            at=step.due.at,
            title=f"{known.reference}, {step.what}",
            text=f"{holder.who}: {step.what}. {step.due.rule} {step.due.source}",
        )
        for holder in known.holders(known.work)
        for step in holder.steps
        if step.due and step.due.at and (holder.is_me or not mine_only)
    ]


def _calendar(what: str, dates: Iterable[files.Date], exercise: Exercise, at: datetime) -> str:
    age = int((at - exercise.opened_at).total_seconds()) // 60
    return files.as_calendar(what, dates, exercise=exercise.pk, at=at, age=age)


#: The files of a flight by name, in the order in which its page offers them.
FILES: dict[str, Callable[[Known], str | None]] = {
    "flight.csv": _csv,
    "flight.json": _json,
    "authorization.json": _authorization,
    "route.geojson": _geojson,
    "route.kml": _kml,
    "deadlines.ics": _deadlines,
}
