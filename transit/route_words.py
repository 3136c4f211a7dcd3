"""What is wrong with a route, in words that can be translated; `airspace` itself speaks English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

if TYPE_CHECKING:
    from airspace.points import RouteError

#: Every message of a `RouteError`, named here for the catalogues.
MESSAGES = (
    _("%(point)s lies off the map, which covers 28 to 60 N and 18 to 96 E."),
    _("A route of %(count)s points is too long: %(most)s are the most."),
    _("A route needs at least two points."),
    _("%(point)s and %(next)s follow each other and are the same position."),
    _("%(point)s stands twice in succession."),
    _("%(point)s is no position: write 4028N05003E, or decimal degrees 40.47,50.05."),
    _("%(point)s is the %(fir)s, not an aerodrome; the aerodrome is %(near)s."),
    _("%(point)s is the %(fir)s, not an aerodrome; aerodromes there: %(near)s."),
    _("%(point)s is the %(fir)s, not an aerodrome."),
    _("%(point)s may be any of these: %(candidates)s. Name the one you mean."),
    _("%(point)s looks like an airway, and no airways are held: name the points on it."),
    _("%(point)s is not a known point; did you mean %(near)s?"),
    _(
        "%(point)s is not a known point: give the ICAO code of an aerodrome, the name of a"
        " waypoint, or a position such as 4028N05003E."
    ),
    _("The leg from %(point)s to %(next)s leaves the map, which covers 28 to 60 N and 18 to 96 E."),
)


def sentence(error: RouteError) -> str:
    """Return the sentence of a `RouteError` in the language of the reader."""
    return gettext(error.message) % error.params
