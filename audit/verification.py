"""Verifying a record: is the chain whole, and do the rows follow from it?

The events pass by once, each hashed as it is stored and then read; what stays in memory is the
rows that they leave. There are three answers: intact, broken, and that it could not be told.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef

from audit import chain, replay, triggers
from audit.models import Erasure, Event, content
from audit.snapshot import snapshot
from audit.upgrades import UnknownFormat, upgraded
from exercises.models import ROLE_PLAYER, Exercise, Role, Seat
from exercises.recorded import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.models import Link


_BODY = {
    "version": int,
    "at": str,
    "verb": str,
    "conduct": bool,
    "by": dict | None,
    "about": str,
    "case": str,
    "with": dict,
    "documents": list,
    "audience": list,
    "made": list,
    "rows": dict,
}
_BY = {"seat": str, "holder": str, "instructor": bool}

_INSTRUCTOR = f"seat/{Role.INSTRUCTOR}"


class Broken(ValueError):  # noqa: N818 - what the chain is, in the words of the record
    """The chain does not hold; the text says where."""


class CouldNotTell(DatabaseError):  # noqa: N818 - the third answer
    """The database does not let itself be read, so the record is neither intact nor broken."""


def faults(exercise: Exercise, *, chain_only: bool = False) -> list[str]:
    """Return what is wrong with the record of `exercise`, the first broken link first.

    Finds a changed byte, a missing event, a missing tail, a swapped order, an erasure of what is
    there, and, unless `chain_only`, events under another case, rows that do not follow from the
    events, and who acted for a seat without holding it. An empty list: the record is intact. It
    proves order and content against everybody who cannot rewrite the whole chain; whoever owns the
    database file can, and only a checkpoint tells (`audit.checkpoints`). Reads everything as it
    stands at one moment, without a lock. Raises `CouldNotTell`.
    """
    try:
        with snapshot(connection):
            found = _faults(exercise.pk, chain_only=chain_only)
            if Erasure.objects.filter(exercise=exercise.pk).exists():
                found.append("an erasure of it stands, though it is there")
            return found
    except CouldNotTell:
        raise
    except DatabaseError as error:
        raise CouldNotTell(f"The database cannot be read: {error}") from error


def _faults(pk: int, *, chain_only: bool) -> list[str]:
    try:
        exercise = Exercise.objects.filter(pk=pk).first()
        if exercise is None:
            raise CouldNotTell("It was erased meanwhile.")
        links = Event.objects.filter(exercise=exercise).links()
        if chain_only:
            for _link in followed(links, seq=exercise.seq, head=exercise.head):
                pass
            return []
        watch = Watch()
        bodies = watch.over(told(links, seq=exercise.seq, head=exercise.head))
        differences = replay.differences(exercise, bodies)
        return [*differences, *watch.strangers, *watch.of_the_end(exercise)]
    except Broken as error:
        return [str(error)]
    except (ArithmeticError, TypeError, ValueError) as error:
        return [f"a row holds what none of its kind can: {error}"]


def faults_beside() -> list[str]:
    """Return what is wrong with the database beside the records of the exercises that it has.

    Triggers that do not keep events and erasures as they are, and events without their exercise.
    """
    lost = triggers.missing(connection)
    whole = Exercise.objects.filter(pk=OuterRef("exercise_id"))
    left = Event.objects.filter(~Exists(whole)).order_by("exercise_id")
    return [
        *([f"triggers are missing or changed: {', '.join(sorted(lost))}"] if lost else []),
        *(
            f"exercise {pk} is gone, but not its events"
            for pk in left.values_list("exercise_id", flat=True).distinct()
        ),
    ]


class Watch:
    """Looks on as events pass: who acted, whether simulated time ran forward, what came too late.

    Whoever acts for a seat holds it, before the event or by it; nobody does while a seat is empty
    and is played by nobody. For the instructor's own, and for any seat as the instructor, acts who
    holds the instructor's; while nobody does, or where people sit alone, the product itself, in
    the name of the person.
    """

    def __init__(self) -> None:
        self.strangers: list[str] = []
        self._at: str | None = None
        self._holders: dict[str, str | None] = {}
        self._is_solo = self._is_over = False

    def over(self, bodies: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Give the events as they come."""
        for number, body in enumerate(bodies, start=1):
            before = dict(self._holders)
            for ref, row in body["rows"].items():
                if ref.startswith("seat/") and row and "holder" in row:
                    self._holders[ref] = row["holder"]
            by = body["by"]
            if by and not self._may(by, before):
                sat = before.get(f"seat/{by['seat']}") or "nobody"
                self.strangers.append(
                    f"event {number}: {by['holder'] or 'nobody'!r} acted for {by['seat']}, "
                    f"where {sat!r} sat"
                )
            if self._at and decode(body["at"]) < decode(self._at):
                self.strangers.append(f"event {number} is earlier than the one before it")
            self._at = body["at"]
            if self._is_over:
                self.strangers.append(f"event {number} came after the exercise had ended")
            exercise = body["rows"].get(Exercise.ref) or {}
            self._is_over |= exercise.get("ended_at") is not None
            self._is_solo |= bool(exercise.get("solo"))
            yield body

    def of_the_end(self, exercise: Exercise) -> list[str]:
        """Return what is wrong with where the exercise says that its record stands."""
        if self._at is None or exercise.last_at == decode(self._at):
            return []
        return [f"last_at: {encode(exercise.last_at)!r}, the last event is of {self._at!r}"]

    def _may(self, by: dict[str, Any], before: dict[str, str | None]) -> bool:
        hand, ref = by["holder"], f"seat/{by['seat']}"
        if Seat.is_role_player(hand):
            return hand == f"{ROLE_PLAYER} {by['seat']}" and not before.get(ref)
        if by["instructor"]:
            ref, hand_is_any = _INSTRUCTOR, by["seat"] == Role.INSTRUCTOR and self._is_solo
            if hand_is_any or not before.get(ref):
                return True
        return hand in {before.get(ref) or "", self._holders.get(ref) or ""}


def told(links: Iterable[Link], *, seq: int, head: str) -> Iterator[dict[str, Any]]:
    """Give what each event of a chain tells, in today's format, once its link holds.

    Raises `Broken` as `followed` does, and where an event is of an unknown format, does not tell
    what an event tells, or is filed under another case than its own.
    """
    for number, body, filed in followed(links, seq=seq, head=head):
        try:
            payload = upgraded(json.loads(body))
            is_whole = tells_all(payload)
        except UnknownFormat as error:
            raise Broken(f"event {number} is of {error}") from error
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise Broken(f"event {number} cannot be read: {error}") from error
        if not is_whole:
            raise Broken(f"event {number} does not tell all that it should")
        if filed != payload["case"]:
            raise Broken(f"event {number} is filed under another case: {filed!r}")
        yield payload


def followed(links: Iterable[Link], *, seq: int, head: str) -> Iterator[tuple[int, bytes, str]]:
    """Follow a chain that should end at `seq` with the hash `head`.

    Give number, body and case of each event that follows from the one before it. Raises `Broken`
    at the first that does not, or after the last if they do not end as they should.
    """
    previous, number = "", 0
    for number, (stated, recorded_at, body, hash_, case) in enumerate(links, start=1):
        if stated != number:
            raise Broken(f"event {number} is missing")
        if not isinstance(body, bytes):
            body = content(body)
        if chain.hashed(previous, stated, recorded_at, body) != hash_:
            raise Broken(f"event {number} does not follow from the one before it: changed or moved")
        yield number, body, case
        previous = hash_
    if seq < number:
        raise Broken(f"event {seq + 1} was added: the record ends at event {seq}")
    if seq > number:
        raise Broken(f"the tail is missing: {number} of {seq} events")
    if head != previous:
        raise Broken(f"the head does not match event {seq}")


def tells_all(payload: dict[str, Any]) -> bool:
    """Say whether a body has the shape of today's format. Raises `ValueError` for its moment."""
    return (
        has(payload, _BODY)
        and (payload["by"] is None or has(payload["by"], _BY))
        and all(isinstance(ref, str) for ref in payload["made"])
        and all(isinstance(row, dict | None) for row in payload["rows"].values())
        and bool(moment(payload["at"]))
    )


def has(values: dict[str, Any], kinds: dict[str, Any]) -> bool:
    """Say whether exactly these keys are there, each with a value of its kind."""
    return values.keys() == kinds.keys() and all(
        isinstance(values[name], kind) for name, kind in kinds.items()
    )


def moment(text: str) -> datetime:
    """Return the moment of a text that names its zone. Raises `ValueError`."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return read
