"""What a draft says: its items and tables, and a new revision made from the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit import acts
from transit.models import Crossing, DangerousGood, FlightRequest, Revision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from exercises.models import Seat
    from transit.models import FlightRequest


#: What is filled in, by the name of the item: a form, or one row of its tables.
Items = dict[str, Any]

CROSSING_ITEMS = (
    "state",
    "action",
    "entry_point",
    "entry_at",
    "exit_point",
    "exit_at",
    "ground_minutes",
    "clearance",
    "clearance_number",
)
GOOD_ITEMS = (
    "un_number",
    "proper_shipping_name",
    "hazard_class",
    "packing_group",
    "packages",
    "gross_kg",
    "net_quantity",
    "net_unit",
    "net_explosive_kg",
    "packing",
    "small_quantity",
    "compliant",
    "from_point",
    "to_point",
)

#: The parts of a revision that hold its tables.
TABLES = {"crossing": "crossings", "good": "goods"}

#: The tables of the form: how their rows are called in the record, and what a row says.
ROWS: dict[str, tuple[type[Crossing | DangerousGood], tuple[str, ...]]] = {
    "crossing": (Crossing, CROSSING_ITEMS),
    "good": (DangerousGood, GOOD_ITEMS),
}


def fill(
    draft: Revision,
    form: Items,
    crossings: Iterable[Items],
    goods: Iterable[Items],
    *,
    at: datetime,
) -> None:
    for item in form.keys() & {*Revision.form_items()}:
        setattr(draft, item, form[item])
    _check_items(draft, Revision.form_items())
    if draft.category and draft.category not in draft.flight.agreement.categories:
        raise ValidationError({"category": _("The agreement knows no such category.")})
    acts.save(draft)
    _save_rows(draft, "crossing", crossings)
    _save_rows(draft, "good", goods)
    flight = draft.flight
    if flight.examined is None:
        flight.entry_at = entry_of(draft)
        if flight.entry_at and flight.entry_at <= at:
            raise ValidationError(
                {"crossings": _("The entry into the host state lies in the past.")}
            )
        flight.ring_at(None)
        acts.save(flight)


def _save_rows(draft: Revision, kind: str, rows: Iterable[Items]) -> None:
    """Let a table of the draft say exactly these rows, numbered from 1."""
    model, names = ROWS[kind]
    kept = {row.number: row for row in getattr(draft, TABLES[kind]).all()}
    said = []
    for number, items in enumerate(rows, start=1):
        row = kept.pop(number, None) or model(
            exercise=draft.exercise,
            revision=draft,
            number=number,
            ref=f"{draft.ref}/{kind}/{number}",
        )
        for name in names:
            setattr(row, name, items.get(name, model._meta.get_field(name).get_default()))  # type: ignore[union-attr]
        _check_items(row, names)
        said.append(row)
    acts.save(*said)
    for row in kept.values():
        acts.delete(row)


def _check_items(row: Revision | Crossing | DangerousGood, items: Iterable[str]) -> None:
    others = {field.name for field in row._meta.concrete_fields} - {*items}
    row.full_clean(exclude=others, validate_unique=False, validate_constraints=False)


def begin_revision(flight: FlightRequest, *, by: Seat) -> Revision:
    """Open revision n+1 as a copy of the last enclosed one."""
    return copy_form(flight.content, flight, by=by)


def copy_form(form: Revision, to: FlightRequest, *, by: Seat, **otherwise: Any) -> Revision:
    """Open the next revision of a request as a copy of a form, but for what is said otherwise."""
    draft = Revision(prepared_by=by, prepared_hand=by.hand)
    return _copy(form, draft, to, otherwise)


def file_form(form: Revision, to: FlightRequest) -> Revision:
    """Put a form that a note enclosed to another request as well, as it is: its next revision."""
    filed = Revision(
        prepared_by=form.prepared_by,
        prepared_hand=form.prepared_hand,
        released_by=form.released_by,
        released_hand=form.released_hand,
        enclosed_at=form.enclosed_at,
    )
    return _copy(form, filed, to, {})


def _copy(form: Revision, row: Revision, to: FlightRequest, otherwise: Items) -> Revision:
    row.number = max((one.number for one in to.revisions.all()), default=0) + 1
    row.of_flight(to, f"revision/{row.number}")
    for item in Revision.form_items():
        setattr(row, item, otherwise.get(item, getattr(form, item)))
    acts.save(row)
    for kind, rows in (("crossing", form.crossings.all()), ("good", form.goods.all())):
        _save_rows(
            row, kind, [{name: getattr(row, name) for name in ROWS[kind][1]} for row in rows]
        )
    return row


#: What of an earlier request a new one says for itself: when, under which leave, on whose word.
NOT_COPIED = {
    *("departs_at", "arrives_at", "short_notice_reason"),
    *(item for item in Revision.form_items() if item.startswith("undertakes_")),
}
NOT_COPIED_IN_ROWS = {"entry_at", "exit_at", "clearance", "clearance_number"}


def copied(revision: Revision) -> dict[str, Any]:
    """Return form and tables of an earlier request, with which a new one can begin."""
    said: dict[str, Any] = {
        "form": {
            item: getattr(revision, item)
            for item in Revision.form_items()
            if item not in NOT_COPIED
        }
    }
    for kind, part in TABLES.items():
        said[part] = [
            {name: getattr(row, name) for name in ROWS[kind][1] if name not in NOT_COPIED_IN_ROWS}
            for row in getattr(revision, part).all()
        ]
    return said


def mark_released(draft: Revision, *, by: Seat) -> None:
    """Put the release officer's name to a draft."""
    draft.released_by, draft.released_hand = by, by.hand
    acts.save(draft)


def entry_of(revision: Revision) -> datetime | None:
    """Return when the flight enters the host's airspace, as planned."""
    return revision.planned_entry.entry_at if revision.planned_entry else None


def changed_items(old: Revision, new: Revision) -> set[str]:
    """Return the form items in which two revisions differ; `crossings`, `goods` for their rows."""
    changed = {item for item in Revision.form_items() if getattr(old, item) != getattr(new, item)}
    tables = {"crossings": CROSSING_ITEMS, "goods": GOOD_ITEMS}
    for table, items in tables.items():
        rows = [
            [tuple(getattr(row, item) for item in items) for row in getattr(one, table).all()]
            for one in (old, new)
        ]
        if rows[0] != rows[1]:
            changed.add(table)
    return changed
