"""Notice as the short-notice page shows it: who asks for how much, which state drives the date.

Too little notice is no typing error. It leads to a page of its own, with the tracks that ask for
no minimum and the justification that the host weighs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from books.agreements import MILITARY_CARGO
from books.calendars import CalendarRangeError
from casework import dates
from transit import lead_times, preparation
from transit.mapping import state_name

if TYPE_CHECKING:
    from datetime import datetime

    from books import calendars
    from books.agreements import Track
    from exercises.models import Seat
    from transit.models import FlightRequest, FlightStatus

#: What qualifies for the tracks that are measured in hours.
QUALIFIES = {
    "HUMANITARIAN": _(
        "Relief goods and relief teams for people in need, now: priority “urgent humanitarian "
        "relief” in the form, purpose category “humanitarian aid”. Armament, sensors, electronic "
        "warfare, explosives and other goods that are not ordinary take the flight out of it; "
        "fuel, oxygen and batteries do not."
    ),
    "MEDEVAC": _(
        "Evacuation in a life-critical medical emergency, search and rescue: priority “medical "
        "evacuation or search and rescue” in the form, whatever else is on board."
    ),
}


@dataclass(frozen=True)
class Asked:
    """The notice that one state asks for; the one that `drives` asks for it first."""

    name: str
    is_host: bool
    words: str
    source: str
    given: calendars.LeadTime
    drives: bool

    @property
    def is_short(self) -> bool:
        return not self.given.is_in_time


@dataclass(frozen=True)
class UrgentTrack:
    """A track that asks for no minimum; its hours are a target for the host's answer."""

    track: Track
    words: str
    qualifies: Any


@dataclass(frozen=True)
class Page:
    """The page about notice, without its form. `reason` is the justification as it stands."""

    flight: FlightRequest
    status: FlightStatus
    asked: list[Asked]
    strip: tuple[dates.Strip, ...]
    urgent_tracks: list[UrgentTrack]
    may_edit: bool
    reason: str

    @property
    def host(self) -> Asked | None:
        return _of_host(self.asked)


def page(flight: FlightRequest, seat: Seat, at: datetime, *, is_helped: bool) -> Page:
    """Return how much notice the request gives, and to a helped seat who asks for more."""
    found = asked(flight, at=at) if is_helped else []
    host = _of_host(found)
    return Page(
        flight=flight,
        status=flight.status_for(seat),
        asked=found,
        strip=strip(flight, host.given) if host else (),
        urgent_tracks=urgent_tracks(flight),
        may_edit=preparation.edit.row.is_open_to(flight, seat, at),
        reason=flight.latest.short_notice_reason,
    )


def _of_host(found: list[Asked]) -> Asked | None:
    return next((one for one in found if one.is_host), None)


def asked(flight: FlightRequest, *, at: datetime) -> list[Asked]:
    """Return what the host and the states on the way ask for, the one that asks first on top.

    Of a request that was not sent, the note counts as handed over at `at`. Empty where nothing
    can be counted: no entry yet, an urgent track, a date beyond the pinned calendar.
    """
    received_at = flight.latest.received_at(at)
    try:
        host = lead_times.of_host(flight.latest, received_at=received_at)
        others = lead_times.of_third_states(flight.latest, received_at=received_at)
    except CalendarRangeError:
        return []
    found = sorted([*filter(None, [host]), *others], key=lambda one: one.given.latest_receipt_at)
    return [
        Asked(
            name=state_name(one.state, flight.agreement),
            is_host=one is host,
            words=_words(one),
            source=one.allowance.source,
            given=one.given,
            drives=one is found[0],
        )
        for one in found
    ]


def _words(one: lead_times.Notice) -> str:
    words = dates.in_words(one.allowance)
    if one.asked_as != MILITARY_CARGO:
        return words
    return gettext("%(notice)s of “dangerous and military cargo”: ask") % {"notice": words}


def urgent_tracks(flight: FlightRequest) -> list[UrgentTrack]:
    """Return the agreement's tracks in hours, and what qualifies for each."""
    return [
        UrgentTrack(track, dates.in_words(track.lead_time), QUALIFIES.get(track.code, ""))
        for track in flight.agreement.tracks.values()
        if track.lead_time.unit == "hours"
    ]


def strip(flight: FlightRequest, given: calendars.LeadTime) -> tuple[dates.Strip, ...]:
    """Return the days that the host asks for, beside the calendar of the requesting state.

    Empty where they leave the years that the pinned calendar knows.
    """
    own = flight.requesting_state
    other = flight.exercise.office(own)
    allowance = flight.latest.track.lead_time
    names = {code: state_name(code, flight.agreement) for code in (flight.host, own)}
    try:
        counted = allowance.count(given.office, received_at=given.received_at)
        return dates.strip(counted, given.office, other, names=names, entry_at=given.entry_at)
    except CalendarRangeError:
        return ()
