"""What the list of flights is asked for in its address: searched, narrowed, put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from approvals import finding
from approvals.finding import FLAGS, MOST_CHARACTERS, Asked
from books import agreements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.models import Seat

#: How a list can be put in order; the first is how it stands by itself.
ORDERS = {
    "": _("own work first, least time left"),
    "entry": _("entry, soonest first"),
    "entry-last": _("entry, latest first"),
    "newest": _("newest request first"),
    "oldest": _("oldest request first"),
}


#: Said of what an address asks for and nobody offers.
UNKNOWN = _("“%(value)s” is nothing to choose here; the list is shown without it.")


@dataclass(frozen=True)
class Chip:
    """One thing that a list is narrowed or put in order by, and the address without it."""

    label: str
    without: str


class SearchForm(forms.Form):
    """What a list is searched for. What it cannot be searched for is told and narrows nothing."""

    q = forms.CharField(
        label=_("search"),
        required=False,
        max_length=MOST_CHARACTERS,
        error_messages={"max_length": _("A search has at most %(limit_value)d characters.")},
    )

    @property
    def told(self) -> dict[str, Any]:
        """What was understood, item by item."""
        self.is_valid()
        return self.cleaned_data

    @property
    def asked(self) -> Asked:
        """What the list is narrowed to."""
        return Asked(search=self.told.get("q", ""))

    @property
    def terms(self) -> list[tuple[str, str]]:
        """What was understood, as the address has it."""
        named = ((name, self.told.get(name)) for name in self.fields)
        return [
            (name, value)
            for name, values in named
            for value in (values if isinstance(values, list) else [values])
            if value
        ]


class ListForm(SearchForm):
    """What a list of flights is asked for, likewise."""

    step = forms.ChoiceField(label=_("step"), required=False)
    track = forms.ChoiceField(label=_("track, by the form"), required=False)
    desk = forms.ChoiceField(label=_("waits for"), required=False)
    sort = forms.ChoiceField(
        label=_("order"),
        required=False,
        choices=[(code, capfirst(said)) for code, said in ORDERS.items()],
    )
    flag = forms.MultipleChoiceField(
        label=_("with"),
        required=False,
        choices=[(code, capfirst(said)) for code, said in FLAGS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, seat: Seat, **options: Any) -> None:
        super().__init__(*args, **options)
        tracks = agreements.of(seat.exercise).tracks
        offered = {
            "step": finding.steps(seat),
            "track": {code: str(tracks[code].label) for code in agreements.TRACKS},
            "desk": finding.desks(seat),
        }
        for name, rows in offered.items():
            field: Any = self.fields[name]
            field.choices = [
                ("", _("Any")),
                *((code, capfirst(said)) for code, said in rows.items()),
            ]
        if not offered["desk"]:
            del self.fields["desk"]
        for name in self.fields.keys() - {"q"}:
            self.fields[name].error_messages["invalid_choice"] = UNKNOWN

    @property
    def asked(self) -> Asked:
        """What the list is narrowed to."""
        told = self.told
        return Asked(
            search=told.get("q", ""),
            step=told.get("step", ""),
            track=told.get("track", ""),
            desk=told.get("desk", ""),
            flags=tuple(told.get("flag", ())),
        )

    @property
    def order(self) -> str:
        return str(self.told.get("sort", ""))

    def chips(self, tab: str) -> Iterator[Chip]:
        """Give what was understood, besides the search, each with the list's address without."""
        for term in self.terms:
            name, value = term
            if name != "q":
                field: Any = self.fields[name]
                others = [other for other in self.terms if other != term]
                label = f"{capfirst(field.label)}: {dict(field.choices)[value]}"
                yield Chip(label, f"?{urlencode([('tab', tab), *others])}")
