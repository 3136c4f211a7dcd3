"""Notice: does the request leave the host, and the states on the way, the time they ask for?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from books.agreements import MILITARY_CARGO
from books.calendars import CalendarRangeError
from exercises.models import Role
from neighbours import crossed
from rules.book import Hit, rule
from transit import lead_times
from transit.mapping import state_name
from transit.models import Clearance
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rules.book import Matter

SHORTER = (
    "India-Pakistan agreement of 1991: shorter notice accommodated as far as possible. The host's "
    "lead times are training defaults"
)

_OF_FLIGHT = lazy(
    "%(state)s asks for %(days)d working days, not yet granted; an application had to arrive by "
    "%(latest)s."
)
_OF_CARGO = lazy(
    "%(state)s asks for %(days)d working days of “dangerous and military cargo”, which reads both "
    "ways: ask whether this cargo needs them, not yet granted; an application had to arrive by "
    "%(latest)s."
)

#: What the track follows from, and with it the lead time.
TRACK = (
    "priority",
    "aircraft_type",
    "dangerous_goods",
    "has_armament",
    "has_sensors",
    "has_electronic_warfare",
)


@rule(
    "NOTICE_UNJUSTIFIED",
    Severity.BLOCK,
    Role.REGISTRY,
    facts=("short_notice_reason", "crossings.entry_at", "annual_number", *TRACK),
    says=lazy("Too little notice is justified, or the request is returned."),
    clause="SOP 4.1 Lead time",
    source=SHORTER,
    situations=(4, 64),
)
def short_notice_is_not_justified(matter: Matter) -> Iterator[Hit]:
    short = _of_host(matter)
    if short and not matter.revision.short_notice_reason:
        yield Hit(_short(short))


@rule(
    "NOTICE_SHORT",
    Severity.QUERY,
    Role.REGISTRY,
    facts=("short_notice_reason", "crossings.entry_at", "annual_number", *TRACK),
    says=lazy("A justification of short notice is weighed."),
    clause="SOP 4.1 Lead time",
    source=SHORTER,
    situations=(4, 42),
)
def notice_is_short(matter: Matter) -> Iterator[Hit]:
    short = _of_host(matter)
    if short and (reason := matter.revision.short_notice_reason):
        yield Hit(f"{_short(short)} " + _("Justification: “%(said)s”") % {"said": reason})


#: What a state on the way reads of the form, to count its own days.
ABROAD = ("crossings.state", "crossings.entry_at", "crossings.clearance", *TRACK)

third_state_rule = partial(
    rule,
    "THIRD_STATE_NOTICE",
    Severity.QUERY,
    Role.REGISTRY,
    says=lazy("The longest lead time on the way drives the date of the flight."),
    clause="SOP 4.2 States on the way",
    source="Azerbaijan, mfa.gov.az/content/145",
    situations=(31, 42),
)


@third_state_rule(facts=ABROAD, until=2)
@third_state_rule(facts=(*ABROAD, "category", "cargo_kg"), since=2)
def third_state_needs_longer(matter: Matter) -> Iterator[Hit]:
    try:
        asked = lead_times.of_third_states(matter.revision, received_at=matter.received_at)
    except CalendarRangeError:
        return
    for one in asked:
        if one.is_short:
            yield Hit(
                str(_OF_CARGO if one.asked_as == MILITARY_CARGO else _OF_FLIGHT)
                % {
                    "state": state_name(one.state, matter.agreement),
                    "days": one.allowance.amount,
                    "latest": one.given.latest_receipt_at.strftime("%d %b %Y %H:%MZ"),
                },
                about=one.state,
            )


@rule(
    "THIRD_STATE_PENDING",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("crossings.state", "crossings.clearance"),
    says=lazy(
        "Where a state on the way has not granted, the flight is authorized on that condition."
    ),
    clause="SOP 4.2 States on the way",
    situations=(26, 31),
)
def third_state_has_not_granted(matter: Matter) -> Iterator[Hit]:
    own = (matter.flight.host, matter.flight.requesting_state, *matter.told)
    waiting = [row.state for row in matter.crossings if row.clearance != Clearance.GRANTED]
    for state in dict.fromkeys(waiting):
        if state not in own:
            name = state_name(state, matter.agreement)
            yield Hit(_("%(state)s has not granted its clearance.") % {"state": name}, about=state)


@rule(
    "THIRD_STATE_WINDOW",
    Severity.QUERY,
    Role.DEFENCE,
    facts=("crossings.entry_at", "crossings.exit_at"),
    says=lazy(
        "What was told of a clearance on the way holds at both boundaries of that state: out of "
        "one state within its window, into the next within the next one's."
    ),
    clause="SOP 4.2 States on the way",
    source="Azerbaijan, mfa.gov.az/content/145: a single clearance is valid for 72 hours",
    situations=(26,),
    since=2,
)
def told_window_does_not_hold(matter: Matter) -> Iterator[Hit]:
    broken: dict[str, datetime] = {}
    for state, boundary in crossed.beyond(matter.revision, matter.told):
        broken.setdefault(state, boundary.at)
    for state, at in broken.items():
        told = matter.told[state]
        yield Hit(
            _(
                "The clearance of %(state)s that was told, %(number)s, holds from %(start)s to "
                "%(end)s; its boundary is crossed at %(at)s."
            )
            % {
                "state": state_name(state, matter.agreement),
                "number": told.clearance_number,
                "start": f"{told.valid_from:%-d %b %Y %H:%MZ}",
                "end": f"{told.valid_until:%-d %b %Y %H:%MZ}",
                "at": f"{at:%-d %b %Y %H:%MZ}",
            },
            about=state,
        )


@rule(
    "URGENT",
    Severity.NOTIFY,
    Role.REGISTRY,
    facts=("priority",),
    says=lazy("Humanitarian relief, medical evacuation and rescue ask for no minimum notice."),
    clause="SOP 4.3 Urgent flights",
    source="Türkiye, 2014: applications with humanitarian aid are answered immediately",
    situations=(19,),
)
def is_urgent(matter: Matter) -> Iterator[Hit]:
    track = matter.revision.track
    if track.lead_time.unit == "hours":
        yield Hit(
            _("Urgent track “%(track)s”: answered within %(hours)d hours.")
            % {"track": track.label, "hours": track.lead_time.amount}
        )


def _of_host(matter: Matter) -> lead_times.Notice | None:
    """Return the notice to the host where it is too short; before the note, as if sent now."""
    try:
        given = lead_times.of_host(matter.revision, received_at=matter.received_at)
    except CalendarRangeError:
        return None
    return given if given and given.is_short else None


def _short(short: lead_times.Notice) -> str:
    return _(
        "Full days between receipt and entry: %(count)d; %(state)s asks for %(days)d. "
        "In time until %(latest)s."
    ) % {
        "count": short.given.count,
        "state": state_name(short.state),
        "days": short.allowance.amount,
        "latest": f"{short.given.latest_receipt_at:%-d %b %Y %H:%MZ}",
    }
