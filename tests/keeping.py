"""Exercises that are played once: an exercise is its rows, and rows can be put back."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from django.apps import apps
from django.contrib.auth import get_user_model

from exercises import clock
from exercises.models import Exercise, Heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

P = ParamSpec("P")

ROOMS = (
    *("exercises", "audit", "casework", "letters", "annual", "contacts"),
    *("transit", "neighbours", "approvals", "control"),
)


def kept(play: Callable[P, Exercise]) -> Callable[P, Exercise]:
    """Let `play` play once for the same arguments; from then on put back the rows that it left.

    Only where nobody has played yet: beside another exercise, or other users, it plays anew.
    """
    played: dict[str, tuple[int, list[list[Model]]]] = {}

    @wraps(play)
    def put_back(*args: P.args, **kwargs: P.kwargs) -> Exercise:
        if get_user_model().objects.exists() or Exercise.objects.exists():
            return play(*args, **kwargs)
        asked = repr((args, sorted(kwargs.items())))
        if asked not in played:
            exercise = play(*args, **kwargs)
            played[asked] = exercise.pk, _rows()
            return exercise
        pk, tables = played[asked]
        for rows in tables:
            type(rows[0])._base_manager.bulk_create(rows)
        # alive now, and not when it was played: a test may let real time stand elsewhere
        Heartbeat.objects.filter(exercise=pk).update(alive_at=clock.wall())
        return Exercise.objects.get(pk=pk)

    return put_back


def _rows() -> list[list[Model]]:
    """Return everything that acts have written, table by table."""
    models = [
        get_user_model(),
        *(it for room in ROOMS for it in apps.get_app_config(room).models.values()),
    ]
    tables = [list(model._base_manager.order_by("pk")) for model in models]
    return [rows for rows in tables if rows]
