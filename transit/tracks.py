"""The track to which a form leads, as the database finds it out of many forms.

The same as `Revision.track_code`, which says it of one; `tests/transit/test_tracks.py` holds the
two together. Whether a relief flight or a delegation carries only what the agreement calls ordinary
is read form by form: few announce goods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Q, Value, When

from airspace import reference
from exercises import parts
from transit.models import FlightRequest, Priority, Revision, Statement

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Forms of which only a reader can say.
_UNREAD = ""


def on_track(track: str, forms: QuerySet[Revision]) -> QuerySet[Revision]:
    """Return those of the forms that lead to a track."""
    sorted_out = forms.alias(leads_to=_leads_to())
    unread = sorted_out.filter(leads_to=_UNREAD)
    keys = set(unread.values_list("pk", flat=True))
    flights = list(FlightRequest.objects.filter(revisions__in=keys).select_related("exercise"))
    parts.load(flights, "revisions__goods")
    read = [
        form.pk
        for flight in flights
        for form in flight.revisions.all()
        if form.pk in keys and form.track_code == track
    ]
    return sorted_out.filter(Q(leads_to=track) | Q(pk__in=read))


def _leads_to() -> Any:
    special = [
        designator
        for designator, kind in reference.aircraft_types().items()
        if kind.transport_regime == "special"
    ]
    equipped = (
        Q(has_armament=True)
        | Q(has_sensors=True)
        | Q(has_electronic_warfare=True)
        | Q(aircraft_type__in=special)
    )
    goods, asks = Q(dangerous_goods=Statement.LIST), Q(priority__in=(Priority.HUM, Priority.VIP))
    return Case(
        When(priority__in=(Priority.MEDEVAC, Priority.SAR), then=Value("MEDEVAC")),
        When(equipped, then=Value("SENSITIVE")),
        When(goods & asks, then=Value(_UNREAD)),
        When(goods, then=Value("SENSITIVE")),
        When(priority=Priority.HUM, then=Value("HUMANITARIAN")),
        When(priority=Priority.VIP, then=Value("VIP")),
        default=Value("STANDARD"),
        output_field=CharField(),
    )
