"""Letting time pass: do what is due, earliest first, each at its own moment."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from exercises.models import Exercise

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """Something that falls due: a kind of happening, its moment and the row that owes it."""

    at: datetime
    kind: str
    ref: str
    happen: Callable[[], Any] = field(compare=False)

    def __str__(self) -> str:
        return f"{self.kind} of {self.ref} at {self.at:%Y-%m-%d %H:%M:%SZ}"


class Stopped(Exception):  # noqa: N818 - the name of what happened to the timeline
    """The timeline of one exercise cannot go on; the text names the happening."""


def run(exercise: Exercise, *, until: datetime, limit: int | None = None) -> int:
    """Do what falls due before `until`, each at its own moment; return how much was done.

    Half-open: what is due exactly at `until` waits, so that at one moment people precede the
    clock. Equals are ordered by kind, then by the order in which the rows came to be. Raises
    `Stopped` if a happening raises or leaves its row still due.
    """
    done = 0
    last: Due | None = None
    while limit is None or done < limit:
        due = min(_candidates(exercise, until), key=_order, default=None)
        if due is None:
            break
        if due == last:
            raise Stopped(f"{due}: still due after it happened")
        try:
            due.happen()
        except OperationalError:
            raise  # the database is busy or gone: no fault of the timeline
        except Exception as error:
            logger.exception("Timeline of exercise %s stopped at %s", exercise.pk, due)
            raise Stopped(f"{due}: {type(error).__name__}: {error}") from error
        last = due
        done += 1
    return done


def is_due(exercise: Exercise, *, until: datetime) -> bool:
    """Say, without a lock, whether anything falls due before `until`."""
    return any(True for _ in _candidates(exercise, until))


def next_moment(exercise: Exercise, *, after: datetime) -> datetime | None:
    """Return the next opening or alarm after `after`, whichever is first."""
    moments = (moment for module in _modules() for moment in module.moments(exercise, after=after))
    return min(moments, default=None)


def _candidates(exercise: Exercise, until: datetime) -> Iterator[Due]:
    for module in _modules():
        yield from module.due(exercise, until=until)


def _order(due: Due) -> tuple[datetime, int]:
    return due.at, _kinds().index(due.kind)


@cache
def _modules() -> tuple[Any, ...]:
    return tuple(import_module(name) for name in settings.HAPPENINGS)


@cache
def _kinds() -> list[str]:
    """The kinds of happening in the order in which equals happen: an ADR."""
    return [kind for module in _modules() for kind in module.KINDS]
