"""The form with its tables, as one page shows it and one request sends it; and two pages merged.

A wrong item keeps nothing else from being saved: it stays as it was, and is shown as typed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from casework.fields import understood
from casework.forms import put_errors
from transit import drafting
from transit.forms import CrossingForm, CrossingFormSet, GoodForm, GoodFormSet, RevisionForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BoundField
    from django.http import QueryDict

    from books.agreements import Agreement
    from casework.typed import Zones
    from transit.drafting import Items
    from transit.models import Revision

    #: What a page sends untouched, by the name of each item and of each cell: crossing-0-state.
    Values = Mapping[str, str]

#: The tables by the prefix of their rows.
ROWS: dict[str, type[CrossingForm | GoodForm]] = {"crossing": CrossingForm, "good": GoodForm}
#: A cell of a table.
CELL = re.compile(r"(crossing|good)-(\d{1,4})-(\w+)")


@dataclass(frozen=True)
class Sheet:
    """The form and its two tables; bound to what was sent, or as the draft has it."""

    form: RevisionForm
    crossings: Any
    goods: Any
    sent: QueryDict | None = None

    @property
    def tables(self) -> list[Any]:
        return [self.crossings, self.goods]

    @property
    def has_faults(self) -> bool:
        """Say whether anything in it is wrong; all is asked, so that every fault is found."""
        of_tables = [table.total_error_count() for table in self.tables]
        return bool(self.form.errors) or any(of_tables)

    @property
    def is_whole(self) -> bool:
        """Say whether its tables came with it; without them it is no form, and nothing is saved."""
        return all(table.management_form.is_valid() for table in self.tables)

    @property
    def said(self) -> dict[str, Any]:
        """What of it is right, as verbs take it; a table wrong as a whole stays as it was."""
        crossings, goods = (
            table.initial if table.non_form_errors() else table.said for table in self.tables
        )
        return {"form": self.form.said, "crossings": crossings, "goods": goods}

    @property
    def shown(self) -> dict[str, str]:
        """What the page sends if nobody touches it."""
        rows = (row for table in self.tables for row in table.initial_forms)
        return {
            field.html_name: _raw(field)
            for form in (self.form, *rows)
            for field in form
            if field.name != "DELETE"
        }

    def put(self, error: forms.ValidationError) -> dict[str, Any]:
        """Put at their items what a verb found, and return what is said without them."""
        faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, table in (("crossings", self.crossings), ("goods", self.goods)):
            table.non_form_errors().extend(faults.pop(name, ()))
        if faults:
            put_errors(self.form, forms.ValidationError(faults))
        return self.said

    def ask(self, asked: Mapping[str, str]) -> None:
        """Ask about the items and tables that two pages changed, each in its own way."""
        for name, theirs in asked.items():
            if name in ROWS:
                table = self.crossings if name == "crossing" else self.goods
                table.asked = theirs or _("an empty table")
                table.non_form_errors().append(
                    _("Changed meanwhile in another window. Yours is below: save it again, or not.")
                )
                continue
            form: Any = self.form
            if cell := CELL.fullmatch(name):
                table = self.crossings if cell[1] == "crossing" else self.goods
                form, name = table.forms[int(cell[2])], cell[3]
            said = _in_words(form.fields[name], theirs)
            form.fields[name].asked = said
            form.add_error(
                name,
                _("Changed meanwhile in another window, to “%(theirs)s”. Save yours, or take it.")
                % {"theirs": said},
            )

    def understood(self, zones: Zones) -> list[str]:
        """Say of each item that was read otherwise than it was typed, how it was read."""
        found = list(understood(self.form, zones))
        for table in self.tables:
            for number, row in enumerate(table.forms, start=1):
                if row.is_valid() and not row.is_blank:
                    found += [
                        _("%(called)s %(number)d, %(said)s")
                        % {"called": row.called, "number": number, "said": said}
                        for said in understood(row, zones)
                    ]
        return found


def sheet(
    draft: Revision | None,
    *,
    agreement: Agreement,
    state: str,
    data: QueryDict | None = None,
    begin_with: Mapping[str, Any] | None = None,
) -> Sheet:
    """Return the form of a draft of `state`, bound to `data` if it came.

    Without a draft it begins with a form and tables as the verbs take them, or empty.
    """
    begun = begin_with or {}
    form = RevisionForm(
        data, instance=draft, agreement=agreement, state=state, initial=begun.get("form")
    )
    crossings = CrossingFormSet(
        data,
        initial=rows(draft, "crossing") if draft else begun.get("crossings", []),
        prefix="crossing",
    )
    crossings.extra = 1 if draft or begun else 3
    goods = GoodFormSet(
        data, initial=rows(draft, "good") if draft else begun.get("goods", []), prefix="good"
    )
    return Sheet(form, crossings, goods, data)


def rows(draft: Revision, kind: str) -> list[Items]:
    """Return what a table of a draft says, row by row."""
    found = getattr(draft, drafting.TABLES[kind]).all()
    return [{name: getattr(row, name) for name in drafting.ROWS[kind][1]} for row in found]


def base_of(data: QueryDict) -> dict[str, str] | None:
    """Return what stood on the page from which `data` came; None if it does not say."""
    try:
        said = json.loads(data.get("base", ""))
    except ValueError:
        return None
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        return None
    return said


def taken(data: QueryDict, base: Values) -> QueryDict:
    """Return `data` with what was there before in the items for which that was chosen."""
    chosen = data.copy()
    for name in data.getlist("take"):
        if name in ROWS:
            _write_rows(chosen, name, _rows_in(base, name))
        elif name in base:
            chosen[name] = base[name]
    return chosen


def merged(mine: QueryDict, base: Values, theirs: Values) -> tuple[QueryDict, dict[str, str]]:
    """Merge what two pages made of one draft, item by item.

    `base` is what stood on the page from which `mine` came, `theirs` what was saved meanwhile.
    Returns the data with what only one of them changed, and what is to be asked about: by name of
    the item, the cell or the table what the other made of it; there the data keep `mine`.
    """
    data, asked, sent = mine.copy(), {}, {name: mine.get(name, "") for name in mine}
    for name, value in theirs.items():
        if not CELL.fullmatch(name):
            kept, ask = _merged(mine.get(name, ""), base.get(name, ""), value)
            data[name] = kept
            if ask:
                asked[name] = value
    for kind in ROWS:
        table = [_rows_in(values, kind) for values in (sent, base, theirs)]
        found, ask_in = _merged_table(kind, *table)
        asked |= ask_in
        _write_rows(data, kind, found)
    return data, asked


def _merged(mine: str, base: str, theirs: str) -> tuple[str, bool]:
    """Return the one that changed, and whether both did."""
    one, before, other = (" ".join(value.split()) for value in (mine, base, theirs))
    if one in (before, other):
        return theirs, False
    return mine, other != before


Row = dict[str, str]


def _merged_table(
    kind: str, mine: list[Row], base: list[Row], theirs: list[Row]
) -> tuple[list[Row], dict[str, str]]:
    if len(mine) == len(base) == len(theirs):
        asked, table = {}, []
        for number, (one, before, other) in enumerate(zip(mine, base, theirs, strict=True)):
            row = {}
            for name in one:
                row[name], ask = _merged(one[name], before[name], other[name])
                if ask:
                    asked[f"{kind}-{number}-{name}"] = other[name]
            table.append(row)
        return table, asked
    if mine in (base, theirs):
        return theirs, {}
    if theirs == base:
        return mine, {}
    said = "; ".join(" ".join(filter(None, row.values())) for row in theirs)
    return mine, {kind: said}


def _rows_in(values: Values, kind: str) -> list[Row]:
    """Return the rows of a table that say something, in their order."""
    form = ROWS[kind]
    numbers = {
        int(cell[2]) for name in values if (cell := CELL.fullmatch(name)) and cell[1] == kind
    }
    found = []
    for number in sorted(numbers):
        row = {name: values.get(f"{kind}-{number}-{name}", "") for name in form.base_fields}
        is_said = any(row[name].strip() for name in row.keys() - {*form.preset})
        if is_said and not values.get(f"{kind}-{number}-DELETE"):
            found.append(row)
    return found


def _write_rows(data: QueryDict, kind: str, table: Sequence[Row]) -> None:
    for name in [name for name in data if name.startswith(f"{kind}-")]:
        if CELL.fullmatch(name):
            del data[name]
    for number, row in enumerate(table):
        for name, value in row.items():
            data[f"{kind}-{number}-{name}"] = value
    data[f"{kind}-TOTAL_FORMS"] = str(len(table) + 1)  # and an empty one


def _raw(field: BoundField) -> str:
    """Return what an untouched item sends."""
    widget, value = field.field.widget, field.value()
    if isinstance(widget, forms.CheckboxInput):
        return "on" if value else ""
    if isinstance(widget, forms.Select | forms.RadioSelect):
        return "" if value is None else str(value)
    return str(widget.format_value(value) or "")


def _in_words(field: forms.Field, value: str) -> str:
    """Say what stands in an item as its page says it."""
    choices = {str(code): str(label) for code, label in getattr(field, "choices", ()) if code != ""}
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    return choices.get(value, value) or _("nothing")
