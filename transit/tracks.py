"""The track to which a form leads, as the database finds it out of many forms.

The same as `FormItems.track_code`, which says it of one; `tests/transit/test_tracks.py` holds the
two together.
"""

from __future__ import annotations

from django.db.models import Case, CharField, Q, Value, When

from airspace import reference
from transit.models import Priority, Statement


def leads_to() -> Case:
    """Return the code of the track of a revision, for a query; the first that holds."""
    special = [
        designator
        for designator, kind in reference.aircraft_types().items()
        if kind.transport_regime == "special"
    ]
    sensitive = (
        Q(dangerous_goods=Statement.LIST)
        | Q(has_armament=True)
        | Q(has_sensors=True)
        | Q(has_electronic_warfare=True)
        | Q(aircraft_type__in=special)
    )
    return Case(
        When(priority__in=(Priority.MEDEVAC, Priority.SAR), then=Value("MEDEVAC")),
        When(sensitive, then=Value("SENSITIVE")),
        When(priority=Priority.HUM, then=Value("HUMANITARIAN")),
        When(priority=Priority.VIP, then=Value("VIP")),
        default=Value("STANDARD"),
        output_field=CharField(),
    )
