"""The database finds the track of a form as the form says it."""

from __future__ import annotations

from itertools import product

import pytest

from airspace import reference
from books import agreements
from control import stories
from tests import playing
from transit import tracks
from transit.models import DangerousGood, Priority, Revision, Statement

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("name", sorted(stories.names()))
def test_the_forms_of_the_stories_lead_where_the_database_finds_them(name: str) -> None:
    exercise = playing.whole(name)
    forms = Revision.objects.filter(exercise=exercise)
    for track in agreements.TRACKS:
        expected = {row.pk for row in forms if row.track_code == track}
        assert {row.pk for row in tracks.on_track(track, forms)} == expected


def test_every_mixture_of_priority_load_and_equipment_leads_where_the_database_finds_it() -> None:
    exercise = playing.before("alpha", "concur")
    form = Revision.objects.get(exercise=exercise)
    special = next(
        code
        for code, kind in reference.aircraft_types().items()
        if kind.transport_regime == "special"
    )
    truth = (None, False, True)
    for priority, goods, armed, sensors, type_ in product(
        Priority, (*Statement, ""), truth, truth, ("A400", special)
    ):
        Revision.objects.filter(pk=form.pk).update(
            priority=priority,
            dangerous_goods=goods,
            has_armament=armed,
            has_sensors=sensors,
            aircraft_type=type_,
        )
        row = Revision.objects.get(pk=form.pk)
        assert tracks.on_track(row.track_code, Revision.objects.filter(pk=form.pk)).exists()


@pytest.mark.parametrize(("number", "track"), [("UN1072", "HUMANITARIAN"), ("UN0169", "SENSITIVE")])
def test_the_goods_of_a_relief_flight_are_read(number: str, track: str) -> None:
    exercise = playing.before("alpha", "concur")
    form = Revision.objects.get(exercise=exercise)
    Revision.objects.filter(pk=form.pk).update(priority="HUM", dangerous_goods="LIST")
    line = DangerousGood(exercise=exercise, ref="x", revision=form, number=1, un_number=number)
    DangerousGood.objects.bulk_create([line])

    assert Revision.objects.get(pk=form.pk).track_code == track
    for code in agreements.TRACKS:
        found = tracks.on_track(code, Revision.objects.filter(exercise=exercise))
        assert found.exists() == (code == track)
