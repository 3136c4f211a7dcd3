"""What a dossier says at a fact: as it was given, and as it is once a mistake is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from airspace import flight_plan
from approvals import checks
from approvals.facts import TABLES
from approvals.sections import form
from casework.typed import plain
from scenarios.dossier import keep
from transit.form import ITEMS
from transit.models import Revision

if TYPE_CHECKING:
    from django.db.models import Model

    from airspace.flight_plan import FlightPlan
    from scenarios.models import Assignment

#: The tables of a form by the name that facts give them: what a row is, and its columns.
ROWS = {name: (model, columns) for name, model, columns in TABLES}

#: What names a row to its reader, by table.
NAMED_BY = {"crossings": "state", "goods": "un_number"}


@dataclass(frozen=True)
class Paper:
    """What a seat read: the form as its note enclosed it, and the flight plan as it was filed."""

    revision: Revision
    plan: FlightPlan | None = None

    def at(self, fact: str) -> tuple[str, ...]:
        """Return what stands at a fact, in words; of a column of a table one for each row."""
        table, _dot, column = fact.partition(".")
        if table in ROWS:
            return tuple(_named(row, table, column) for row in self.rows(table))
        if fact in ITEMS:
            unit = ITEMS[fact].unit
            return (" ".join(filter(None, (in_words(form.said(self.revision, fact)), unit))),)
        return (self.plan.item(fact),) if self.plan else ()

    def rows(self, table: str) -> list[Any]:
        """Return the rows of a table of the form."""
        return list(getattr(self.revision, table).all())

    def mended(self, mends: dict[str, Any]) -> Paper:
        """Return what would be read if these parts said what they should, as `Key.mends` has it."""
        old = self.revision
        items = {name: getattr(old, name) for name in Revision.form_items()}
        items |= {
            name: _read(Revision, name, value) for name, value in mends.items() if name in items
        }
        new = Revision(pk=0, number=old.number, flight=old.flight, **items)
        for table, (model, columns) in ROWS.items():
            rows = self.rows(table)
            if table in mends:
                rows = [
                    model(
                        revision=new,
                        number=number,
                        **{name: _read(model, name, row.get(name)) for name in columns},
                    )
                    for number, row in enumerate(mends[table], start=1)
                ]
            keep(new, table, rows)
        plan = flight_plan.read(mends["plan"]) if mends.get("plan") else self.plan
        return Paper(new, plan)


@dataclass(frozen=True)
class Version:
    """A fact in its two versions: as `given`, and as it would be `right`; None: nobody can say."""

    label: str
    given: tuple[str, ...]
    right: tuple[str, ...] | None

    @property
    def is_same(self) -> bool:
        """What stood there may stay: something else is at fault."""
        return self.given == self.right


def paper_of(row: Assignment) -> Paper:
    """Return what the seats read of a dossier that has come in."""
    flight = row.flight
    assert flight is not None  # noqa: S101 - the note is in
    plan = flight_plan.read(_numbered(row, row.plan)) if row.plan else None
    return Paper(flight.revisions.all()[0], plan)


def mended(row: Assignment, given: Paper, kind: str) -> Paper | None:
    """Return what would be read if one mistake were mended; None: no item of it can be."""
    mends = {**row.key["mends"].get(kind, {})}
    if mends.get("plan"):
        mends["plan"] = _numbered(row, mends["plan"])
    return given.mended(mends) if mends else None


def _numbered(row: Assignment, message: str) -> str:
    """Return a plan with the number that was issued, as it was filed."""
    assert row.flight is not None  # noqa: S101 - the note is in
    movement = checks.filed(row.flight)
    if movement is None or movement.authorization is None:
        return message
    return message.replace(row.dossier["clearance"], movement.authorization.number)


def version(fact: str, label: str, given: Paper, right: Paper | None) -> Version:
    """Set a fact of two papers side by side; of tables that differ the rows that do."""
    said = given.at(fact)
    if right is None:
        return Version(label, said, None)
    mended = right.at(fact)
    if "." in fact and said != mended:
        one = tuple(words for words in said if words not in mended)
        other = tuple(words for words in mended if words not in said)
        return Version(label, one, other)
    return Version(label, said, mended)


def in_words(value: Any) -> str:
    """Say a value as pages do; a moment in UTC."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{date_format(value, 'j M Y H:i')}Z"
    return plain(value) if isinstance(value, Decimal) else str(value)


def cell(row: Any, column: str) -> str:
    """Return what stands in a column of a row of a table."""
    display = getattr(row, f"get_{column}_display", None)
    value = getattr(row, column)
    return str(display()) if display and value else in_words(value)


def _named(row: Any, table: str, column: str) -> str:
    name = getattr(row, NAMED_BY[table])
    if column == NAMED_BY[table]:
        return str(name)
    return f"{name}: {cell(row, column) or '–'}"


def _read(model: type[Model], name: str, value: Any) -> Any:
    """Return a plain value as its column holds it; what is not said is as the column begins."""
    field: Any = model._meta.get_field(name)
    return field.get_default() if value is None else field.to_python(value)
