"""Closed airspace: does the flight meet what a state closed to military flights?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exercises.models import Role
from rules.book import Hit, rule
from transit import closed_airspace
from transit.mapping import state_name
from transit.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.book import Matter


@rule(
    "AIRSPACE_CLOSED",
    Severity.QUERY,
    Role.AIR_DEFENCE,
    facts=("crossings.state", "crossings.entry_at"),
    says=lazy(
        "A flight does not meet airspace that is closed to military flights: it goes another way, "
        "or the state that closed it excepts it, in writing."
    ),
    clause="SOP 13.10 Airspace closed to military flights",
    source="Ministry of Foreign Affairs of Georgia, statement of October 2020",
    situations=(27,),
    looks_around=True,
    since=2,
)
def airspace_is_closed(matter: Matter) -> Iterator[Hit]:
    for met in closed_airspace.meetings(matter.revision):
        state = state_name(met.closed.state, matter.agreement)
        until = met.closed.ends_at
        yield Hit(
            _(
                "%(state)s %(area)s is closed to military flights %(until)s; the flight is there "
                "from %(entry)s."
            )
            % {
                "state": state,
                "area": met.closed.area,
                "until": _("until %(moment)s") % {"moment": f"{until:%d %b %H:%MZ}"}
                if until
                else _("until further notice"),
                "entry": f"{met.enters_at:%d %b %H:%MZ}",
            },
            about=str(met.closed.number),
        )
