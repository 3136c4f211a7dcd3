"""Dates of a dossier opened into their days: "show me the count"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from books.calendars import CalendarRangeError
from casework import dates
from transit import lead_times
from transit.mapping import state_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from books.agreements import Allowance
    from transit.models import Revision


@dataclass(frozen=True)
class Count:
    """What is counted, by which rule, the days, and both calendars; no source: training default."""

    title: str
    rule: str
    source: str
    days: tuple[dates.ShownDay, ...]
    strip: tuple[dates.Strip, ...]


def of_answer(revision: Revision, received_at: datetime) -> Count | None:
    """Return how the day is counted on which an answer is due, had nobody asked anything.

    None beyond the years of the calendar.
    """
    flight = revision.flight
    allowance = revision.track.lead_time
    try:
        return _count(
            _("an answer is due"), revision, allowance, received_at, flight.host, flight.entry_at
        )
    except CalendarRangeError:
        return None


def of_notices(revision: Revision, received_at: datetime) -> Iterator[Count]:
    """Give the counts of the notice that the host, and states on the way, ask for.

    None beyond the years of the calendar.
    """
    try:
        host = lead_times.of_host(revision, received_at=received_at)
        others = lead_times.of_third_states(revision, received_at=received_at)
        for one in filter(None, (host, *others)):
            title = _("%(state)s asks for %(notice)s, the note leaves %(count)d") % {
                "state": state_name(one.state, revision.flight.agreement),
                "notice": dates.in_words(one.allowance),
                "count": one.given.count,
            }
            entry_at = one.given.entry_at
            yield _count(title, revision, one.allowance, received_at, one.state, entry_at)
    except CalendarRangeError:
        return


def _count(
    title: str,
    revision: Revision,
    allowance: Allowance,
    received_at: datetime,
    state: str,
    entry_at: datetime | None,
) -> Count:
    flight = revision.flight
    office, own = flight.exercise.office(state), flight.requesting_state
    other = flight.exercise.office(own if own != state else flight.host)
    names = {one.state: state_name(one.state, flight.agreement) for one in (office, other)}
    counted = allowance.count(office, received_at=received_at)
    return Count(
        title,
        dates.rule(counted),
        allowance.source,
        dates.days(counted),
        dates.strip(counted, office, other, names=names, entry_at=entry_at),
    )
