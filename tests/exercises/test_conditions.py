"""A condition holds of a row as the database says it does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q

from exercises.conditions import holds, of
from tests import canaries
from transit.models import WITH_HOST, FlightRequest, Revision

CONDITIONS: list[Any] = [
    Q(status="DRAFT"),
    Q(status__in=("DRAFT", "AUTHORIZED"), replied_at=None),
    Q(status="DRAFT") | Q(closed_at__isnull=False),
    Q(entry_at__lte=canaries.moment(20, 6)),
    Q(ground__gt=""),
    WITH_HOST,
]


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_row_answers_as_the_database_does(condition: Q) -> None:
    exercise = canaries.play()

    for model, asked in ((FlightRequest, condition), (Revision, of("flight", condition))):
        rows: Any = model._default_manager.filter(exercise=exercise)
        found = {row.pk for row in rows.filter(asked)}
        assert found == {row.pk for row in rows if holds(asked, row)}


@pytest.mark.parametrize("condition", [~Q(status="DRAFT"), Q(status="DRAFT") ^ Q(version=1)])
def test_what_the_database_may_answer_otherwise_is_not_asked_of_a_row(condition: Q) -> None:
    with pytest.raises(ValueError, match="A row cannot be asked"):
        holds(condition, FlightRequest())
