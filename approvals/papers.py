"""The papers of a flight: the notes with form or authorization enclosed, the post-flight report.

A new kind of paper is a function here and a line in `NOTES`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField

from casework import papers
from casework.models import Note, NoteKind
from papers.paper import Enclosure, Item, Items, Paper, Paragraph, Phrase, Table, Typed
from transit.models import Movement, Revision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from casework.models import CaseRow
    from exercises.models import Seat
    from papers.paper import Block, Said
    from transit.models import Authorization, Crossing, DangerousGood, FlightRequest

#: The items of the form under the numbers of the European Union's; those without one come last.
FORM = {
    "part_aircraft": {
        "1.1": ("operator",),
        "1.2": ("used_as",),
        "1.3": ("aircraft_count",),
        "1.4": ("aircraft_type",),
        "1.5": ("registration",),
        "1.6": ("spare_registration",),
        "1.7": ("call_sign", "spare_call_sign"),
        "1.8": ("crew_count",),
        "1.9": ("captain",),
        "1.10": ("has_sensors",),
        "1.11": ("has_armament",),
        "1.12": ("has_electronic_warfare", "equipment"),
        "1.13": ("has_personal_weapons", "has_ammunition", "personal_weapons"),
        "1.14": ("category",),
        "1.15": ("purpose",),
        "1.16": ("principals",),
        "1.17": ("priority",),
        "1.18": ("escort",),
        "1.19": ("short_notice_reason",),
    },
    "part_itinerary": {
        "2.1": ("departs_at",),
        "2.2": ("departure", "destination", "alternates"),
        "2.3": ("arrives_at",),
        "2.4": ("flight_rules",),
        "2.5": ("cruise_level", "cruise_knots"),
        "2.8": ("route",),
        "2.11": ("activity",),
        "2.12": ("leaves_behind", "stay_instrument", "stays_until", "returns_by"),
    },
    "part_load": {
        "3.1": ("passenger_count", "attendant_count", "passengers"),
        "3.2": ("cargo", "cargo_kg"),
        "3.3": ("dangerous_goods", "dangerous_goods_list"),
        "3.5": ("property_list", "consignee", "end_user"),
    },
    "part_contact": {
        "4.1": ("contact_name", "contact_phone", "contact_email"),
        "4.2": ("remarks",),
        "4.3": (
            "undertakes_route",
            "undertakes_sensors",
            "undertakes_changes",
            "undertakes_report",
        ),
    },
}
CROSSINGS = ("state", "action", "entry", "exit", "ground", "clearance")
GOODS = (
    "un_number",
    "proper_shipping_name",
    "hazard_class",
    "packing_group",
    "quantity",
    "packing",
)


def of_flight(flight: FlightRequest, seat: Seat) -> dict[str, Note | CaseRow]:
    """Return what a seat may read as a paper: the notes of its state, and reports that came in."""
    reports = {
        movement.address: movement
        for movement in flight.movements_known_to(seat)
        if movement.reported_at
    }
    return papers.of_notes(flight, seat) | reports


def paper(flight: FlightRequest, row: Note | Movement) -> Paper:
    """Return the paper of a note or of a movement that was reported on."""
    if isinstance(row, Movement):
        return report(flight, row)
    return NOTES.get(NoteKind(row.kind), papers.of_note)(flight, row)


def with_form(flight: FlightRequest, note: Note) -> Paper:
    """Return a note that may enclose a form."""
    enclosed = [row for row in flight.revisions.all() if row.ref == note.enclosure]
    said: tuple[Block, ...] = (Typed(note.text),) if note.text else ()
    amended = flight.amended if note.kind == NoteKind.REQUEST else None
    return papers.note_verbale(
        flight,
        note,
        "AMENDMENT" if amended else note.kind,
        gaps={"clearance": amended.number} if amended else {},
        blocks=(
            *said,
            *(Paragraph(Phrase("revision_of", {"number": str(row.number)})) for row in enclosed),
        ),
        enclosures=tuple(Enclosure("form", (*form(row, note),)) for row in enclosed),
    )


def decision(flight: FlightRequest, note: Note) -> Paper:
    """Return the note in reply: with the authorization, or neutral, with no reason.

    What is outside the scope of the agreement is not refused: it is not examined under it.
    """
    if note.text:
        given = [row for row in flight.authorizations.all() if row.number == note.text]
        one = next((row for row in given if row.ref == note.enclosure), given[0])
        enclosed = Enclosure("authorization", authorization(one))
        return papers.note_verbale(flight, note, "AUTHORIZATION", blocks=(), enclosures=(enclosed,))
    kind = "OUT_OF_SCOPE" if flight.ground == "OUT_OF_SCOPE" else "REFUSAL"
    return papers.note_verbale(flight, note, kind)


def on_number(flight: FlightRequest, note: Note) -> Paper:
    """Return a note on the number that was given: suspended, in force again, revoked."""
    numbers = [row.number for row in flight.authorizations.all()]
    gaps = {"clearance": note.text or numbers[-1]}
    return papers.note_verbale(flight, note, note.kind, gaps=gaps, blocks=())


def report(flight: FlightRequest, movement: Movement) -> Paper:
    """Return the post-flight report, as the requesting side sent it."""
    given = movement.authorization
    assert movement.reported_at  # noqa: S101 - what is not reported has no paper
    flown = [
        Item("1", "clearance_number", (given.number if given else "",)),
        Item("2", "call_sign", (movement.filed_call_sign,)),
        Item("3", "registration", (movement.filed_registration,)),
        Item("4", "persons_on_board", (str(movement.persons_on_board or ""),)),
        Item("5", "entry", (_passed(movement.reported_entry_point, movement.reported_entry_at),)),
        Item("6", "exit", (_passed(movement.reported_exit_point, movement.reported_exit_at),)),
    ]
    return Paper(
        kind="REPORT",
        sender=papers.party(flight, flight.requesting_state),
        addressee=papers.party(flight, flight.host),
        at=movement.reported_at,
        reference=flight.reference,
        exercise=flight.exercise.name,
        blocks=(Items("flight", tuple(flown)), Typed(movement.report)),
    )


#: What a note says beside its text, by kind.
NOTES: Mapping[NoteKind, Callable[[FlightRequest, Note], Paper]] = {
    NoteKind.REQUEST: with_form,
    NoteKind.ANSWER: with_form,
    NoteKind.SUPPLEMENT: with_form,
    NoteKind.REPLY: decision,
    NoteKind.SUSPENSION: on_number,
    NoteKind.REINSTATEMENT: on_number,
    NoteKind.REVOCATION: on_number,
}


def authorization(given: Authorization) -> tuple[Block, ...]:
    """Return an authorization in its version: number, window, conditions, for which form."""
    flown = given.revision
    items = [
        Item("1", "clearance_number", (given.number,)),
        Item("2", "version", (str(given.version),)),
        Item("3", "valid_from", (given.valid_from,)),
        Item("4", "valid_until", (given.valid_until,)),
        Item("5", "call_sign", (flown.call_sign, flown.spare_call_sign)),
        Item("6", "registration", (flown.registration, flown.spare_registration)),
        Item("7", "revision", (str(flown.number),)),
        Item("8", "conditions", tuple(given.conditions)),
    ]
    return Items("flight", tuple(items)), Paragraph(Phrase("one_flight"))


def form(revision: Revision, note: Note) -> Iterator[Block]:
    """Give the request form as a note enclosed it, part by part."""
    flight = revision.flight
    yield Items(
        "part_header",
        (
            Item("0.2", "reference", (flight.reference,)),
            Item("0.3", "revision", (str(revision.number),)),
            _item("0.5", "legal_basis", revision),
            _item("0.6", "annual_number", revision),
            Item("0.7", "note", (note.number, note.sent_at)),
            Item("0.8", "requesting_state", (flight.requester.name,)),
            Item("0.9", "host", (flight.host_state.name,)),
        ),
    )
    tables = {"part_itinerary": _crossings(revision), "part_load": _goods(revision)}
    for part, numbers in FORM.items():
        yield Items(
            part,
            tuple(
                _item(number, name, revision) for number, names in numbers.items() for name in names
            ),
        )
        if part in tables and tables[part].rows:
            yield tables[part]


def _passed(point: str, at: datetime | None) -> str:
    return f"{point} {at:%Y-%m-%d %H:%MZ}" if at else point


def _crossings(revision: Revision) -> Table:
    rows = tuple(_crossing(row) for row in revision.crossings.all())
    return Table("2.6", "crossings", CROSSINGS, rows)


def _crossing(row: Crossing) -> tuple[Said, ...]:
    stands = Phrase(f"clearance.{row.clearance}") if row.clearance else ""
    return (
        row.state,
        Phrase(f"action.{row.action}"),
        f"{row.entry_point} {row.entry_at:%Y-%m-%d %H:%MZ}",
        f"{row.exit_point} {row.exit_at:%Y-%m-%d %H:%MZ}",
        str(row.ground_minutes or ""),
        row.clearance_number or stands,
    )


def _goods(revision: Revision) -> Table:
    rows = tuple(_good(row) for row in revision.goods.all())
    return Table("3.4", "goods", GOODS, rows)


def _good(row: DangerousGood) -> tuple[Said, ...]:
    mass = row.net_quantity
    quantity = "" if mass is None else f"{Decimal(mass).normalize():f} {row.net_unit}"
    return (
        row.un_number,
        row.proper_shipping_name,
        row.hazard_class,
        row.packing_group,
        quantity,
        row.packing,
    )


def _item(number: str, name: str, revision: Revision) -> Item:
    value = getattr(revision, name)
    default = _column(name).get_default()
    return Item(number, name, _said(name, value, revision), is_stated=value != default)


def _said(name: str, value: Any, revision: Revision) -> tuple[Said, ...]:
    column = _column(name)
    if value is None or value == "":
        return ()
    if name == "category":
        return (revision.flight.agreement.categories.get(value, value),)
    if isinstance(column, BooleanField):
        return (Phrase("yes" if value else "no"),)
    if column.choices:
        return (Phrase(f"{name}.{value}"),)
    if isinstance(value, datetime):
        return (value,)
    return (str(value),)


@cache
def _column(name: str) -> Any:
    return Revision._meta.get_field(name)
