"""The deadline calculator: a due date opened into its days, for anybody, outside any exercise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from airspace import reference
from books import agreements, calendars, neighbours
from books.agreements import MILITARY_CARGO, Allowance
from books.calendars import CalendarRangeError
from casework import dates
from casework.fields import MomentField, NumberField
from casework.typed import MOMENT_HINT
from transit.public.exam import closed_in_exams

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from books.agreements import Agreement, Annual
    from books.calendars import AnnualDeadline, Count, LeadTime, Office

#: The most working days that can be asked about: one year of them.
MOST_DAYS = 250


def beyond() -> str:
    """Say which days the calendar knows, of a count that leaves them."""
    office = calendars.office(calendars.LATEST, "TR")
    return gettext(
        "The calendar knows the days from {first} to {last}; this count leaves them."
    ).format(first=office.first_day.isoformat(), last=office.last_day.isoformat())


@dataclass(frozen=True)
class OfferedTrack:
    """A track as a page offers it: how much notice it asks for, and which states ask so."""

    code: str
    states: tuple[str, ...]
    label: str
    allowance: Allowance

    def __str__(self) -> str:
        return f"{self.label}: {dates.in_words(self.allowance)}"


@dataclass(frozen=True)
class Answer:
    """What the page says about one note.

    `track` is None where a number of working days was given. `notice` and `annual` (for the year
    of the entry) need an entry; hours are a target, of which no notice is asked.
    """

    host: str
    office: Office
    track: OfferedTrack | None
    count: Count
    strip: tuple[dates.Strip, ...]
    entry_at: datetime | None
    notice: LeadTime | None
    annual: AnnualDeadline | None

    @property
    def rule(self) -> str:
        return dates.rule(self.count)

    @property
    def days(self) -> tuple[dates.ShownDay, ...]:
        return dates.days(self.count)

    @property
    def is_target(self) -> bool:
        return self.count.unit == "hours"

    @property
    def is_reached(self) -> bool:
        """Whether a target lies before the planned entry."""
        return bool(self.entry_at and self.count.due_at and self.count.due_at <= self.entry_at)

    @property
    def closing_source(self) -> str:
        """Who published when the office closes; empty means training default."""
        return self.office.sources.get("closes_at", "")


class DeadlineForm(forms.Form):
    """When a note reached whom, and how much notice is asked for."""

    host = forms.ChoiceField(
        label=_("host state"),
        initial="KZ",
        help_text=_("Its calendar, zone and close of business count."),
    )
    requesting = forms.ChoiceField(
        label=_("requesting state"),
        initial="TR",
        help_text=_("Shown beside; its holidays never count."),
    )
    received = MomentField(label=_("received by the host"), help_text=MOMENT_HINT)
    entry = MomentField(label=_("planned entry"), help_text=MOMENT_HINT, required=False)
    track = forms.ChoiceField(label=_("track"), initial="STANDARD", required=False)
    working_days = NumberField(
        label=_("or a number of working days"), min_value=1, max_value=MOST_DAYS, required=False
    )

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.names = names_of_states(agreement)
        self.offered = {one.code: one for one in offered_tracks(agreement)}
        states = [
            (state, f"{self.names[state]} ({state})")
            for state in calendars.states(calendars.LATEST)
            if state in self.names  # not those of a fictional agreement
        ]
        tracks: list[Any] = [("", gettext("none: a number of working days"))]
        for group, rows in groupby(self.offered.values(), key=lambda one: one.states):
            title = gettext("Host %(states)s") % {
                "states": ", ".join(self.names[state] for state in group)
            }
            tracks.append((title, [(one.code, str(one)) for one in rows]))
        for name, choices in {"host": states, "requesting": states, "track": tracks}.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_received(self) -> datetime:
        return self._known("received")

    def clean_entry(self) -> datetime | None:
        return self._known("entry") if self.cleaned_data["entry"] else None

    def clean(self) -> dict[str, Any]:
        """Make an `allowance` of the track or the number, whichever was given."""
        data = self.cleaned_data
        if {"host", "requesting"} <= data.keys() and data["host"] == data["requesting"]:
            self.add_error("requesting", _("Host and requesting state are two states."))
        if {"host", "track", "working_days"} <= data.keys():
            self._clean_allowance(data["host"], data["track"], data["working_days"])
        return data

    def _clean_allowance(self, host: str, track: str, working_days: int | None) -> None:
        chosen = self.offered.get(track)
        if working_days and chosen:
            self.add_error(
                "working_days", _("Choose a track or give a number of working days, not both.")
            )
        elif working_days:
            self.cleaned_data["allowance"] = Allowance(working_days=working_days)
        elif chosen is None:
            self.add_error("track", _("Choose a track or give a number of working days."))
        elif host not in chosen.states:
            self.add_error(
                "track",
                gettext(
                    "%(state)s has no such track: choose none, and give a number of working days."
                )
                % {"state": self.names[host]},
            )
        else:
            self.cleaned_data["allowance"] = chosen.allowance

    def _known(self, name: str) -> datetime:
        """Return a moment, UTC, of the years that the calendar knows."""
        moment: datetime = self.cleaned_data[name]
        office = calendars.office(calendars.LATEST, "TR")
        if not office.first_day <= moment.date() <= office.last_day:
            raise forms.ValidationError(beyond())
        return moment


@closed_in_exams
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Ask, and show the answer below what was asked."""
    agreement = agreements.load(agreements.SHIPPED, agreements.latest(agreements.SHIPPED))
    form = DeadlineForm(request.GET or None, agreement=agreement)
    found = None
    if form.is_valid():
        try:
            found = answer(form, agreement)
        except CalendarRangeError:
            form.add_error("received", beyond())
    context = {"form": form, "answer": found, "agreement": agreement}
    return render(request, "transit/deadlines.html", context, status=422 if form.errors else 200)


def answer(form: DeadlineForm, agreement: Agreement) -> Answer:
    """Reckon what was asked. Raises `CalendarRangeError` beyond the years of the calendar."""
    data = form.cleaned_data
    received_at, entry_at, allowance = data["received"], data["entry"], data["allowance"]
    host = calendars.office(calendars.LATEST, data["host"])
    other = calendars.office(calendars.LATEST, data["requesting"])
    counted = allowance.count(host, received_at=received_at)
    annual = agreement.annual if host.state in agreement.states else None
    return Answer(
        host=form.names[host.state],
        office=host,
        track=form.offered.get(data["track"]),
        count=counted,
        strip=dates.strip(counted, host, other, names=form.names, entry_at=entry_at),
        entry_at=entry_at,
        notice=allowance.notice(host, received_at=received_at, entry_at=entry_at)
        if entry_at
        else None,
        annual=_annual(host, annual, received_at, entry_at) if annual and entry_at else None,
    )


def _annual(
    host: Office, annual: Annual, received_at: datetime, entry_at: datetime
) -> AnnualDeadline:
    month, day = annual.deadline
    year = host.local(entry_at).year
    return calendars.annual_deadline(host, year, received_at=received_at, month=month, day=day)


def offered_tracks(agreement: Agreement) -> list[OfferedTrack]:
    """Return the lead times of an agreement's tracks and of the states on the way."""
    parties = tuple(agreement.states)
    rows = [
        OfferedTrack(track.code, parties, str(track.label), track.lead_time)
        for track in agreement.tracks.values()
    ]
    for state, third in neighbours.published(agreement).items():
        rows += [
            OfferedTrack(f"{state}-{code}", (state,), _label(agreement, code), lead_time)
            for code, lead_time in third.lead_times.items()
        ]
    return rows


def _label(agreement: Agreement, code: str) -> str:
    return (
        gettext("military cargo") if code == MILITARY_CARGO else str(agreement.tracks[code].label)
    )


def names_of_states(agreement: Agreement) -> dict[str, str]:
    """Return the states' names by code, those of the parties in the language of the reader."""
    return reference.states() | {code: str(one.name) for code, one in agreement.states.items()}
