"""The record as the instructor reads it: page by page, filtered, and verified when asked for.

A page checks what it shows: that each event follows from the one before it, and that the record
ends where the exercise says. The whole is verified by a button, and by the command.
"""

from __future__ import annotations

import logging
from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import segno
from django.db import DatabaseError, connection
from django.db.models import BinaryField, F, Func, IntegerField, Value
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from audit import chain, checkpoints, verification
from audit.models import Event
from audit.snapshot import snapshot
from books import agreements
from casework import files
from control import record_files
from control.forms import CLOCK, RecordForm
from control.telling import tell
from control.views import instructor_only
from exercises import clock, paging
from exercises.paging import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from control.telling import Line
    from exercises.models import Exercise
    from exercises.paging import Page
    from exercises.seating import SeatedRequest

logger = logging.getLogger(__name__)

#: So many faults are kept of a verification; the command names them all.
FAULTS_KEPT = 20


@dataclass(frozen=True)
class Verified:
    """What came of verifying the whole record, up to event `seq`, at the real moment `at`.

    `untold` says why nothing came of it.
    """

    seq: int
    at: str
    digest: str
    faults: list[str]
    untold: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Signed:
    """A checkpoint as a page shows it, the line of its key, and `drawn` for a camera."""

    note: str
    key: str
    drawn: str


@dataclass(frozen=True)
class Record:
    """A page of the record. `query` is the filter, to which the place of a page is added."""

    lines: list[Line]
    page: Page
    query: str
    total: int
    head: str
    faults: list[str]
    verified: Verified | None
    checkpoint: Signed | None

    @property
    def is_verified(self) -> bool:
        """The whole record as it now is was verified."""
        verified = self.verified
        return bool(verified and not verified.untold and verified.seq == self.total)


@require_GET
def record(request: SeatedRequest) -> HttpResponse:
    """A page of the record, newest first, as far as a filter asks."""
    instructor_only(request)
    exercise = request.exercise
    form = RecordForm(request.GET or None, exercise=exercise)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    events = Event.objects.filter(exercise=exercise, seq__lte=exercise.seq)
    parts = [Rows("event", _filtered(events, exercise, **asked), ("-seq",))]
    page = paging.page(parts, request.GET)
    shown = [event for _part, event in page.rows]
    verified = _verified(request)
    faults = verified.faults if verified and verified.faults else _faults(exercise, shown)
    terms = agreements.of(exercise)
    context = {
        "form": form,
        "record": Record(
            # a broken record is not told as if it were one
            lines=[] if faults or form.errors else [*tell(shown, terms)],
            page=page,
            query="".join(f"{urlencode({name: asked_for})}&" for name, asked_for in _said(form)),
            total=exercise.seq,
            head=exercise.head,
            faults=faults,
            verified=verified,
            checkpoint=None if faults or request.GET else _signed(exercise),
        ),
    }
    return render(request, "control/record.html", context, status=422 if form.errors else 200)


@require_POST
def verify(request: SeatedRequest) -> HttpResponse:
    """Verify the whole record, and keep what came of it with the instructor's session."""
    instructor_only(request)
    request.session[_key(request.exercise)] = asdict(_verify(request.exercise))
    return redirect("../")


def _verify(exercise: Exercise) -> Verified:
    at = clock.wall().isoformat(timespec="seconds")
    try:
        with snapshot(connection):
            faults = verification.faults(exercise)[:FAULTS_KEPT]
            events = Event.objects.filter(exercise=exercise).in_order()
            digest = "" if faults else chain.digest(events.iterator())
            return Verified(seq=events.count(), at=at, digest=digest, faults=faults)
    except DatabaseError as error:
        return Verified(seq=exercise.seq, at=at, digest="", faults=[], untold=str(error))


@require_GET
def record_file(request: SeatedRequest, ending: str) -> HttpResponseBase:
    """The whole record as a table or as JSON; of a broken one the page, which says so."""
    instructor_only(request)
    exercise = request.exercise
    try:
        is_broken = bool(verification.faults(exercise, chain_only=True))
    except verification.CouldNotTell:
        request.session[_key(exercise)] = asdict(_verify(exercise))
        is_broken = True
    if is_broken:
        return redirect("./")
    content = record_files.WRITERS[ending](exercise)
    return files.streamed(content, f"exercise-{exercise.pk}-record.{ending}")


def _signed(exercise: Exercise) -> Signed | None:
    """Return the checkpoint of an exercise that has ended, unless its chain does not hold."""
    if exercise.ended_at is None:
        return None
    try:
        signer = checkpoints.signer()
        with snapshot(connection):
            if verification.faults(exercise, chain_only=True):
                return None
            note = signer.note(exercise)
    except (checkpoints.Unusable, OSError) as error:
        logger.warning("No checkpoint of exercise %s: %s", exercise.pk, error)
        return None
    drawn = segno.make(note, error="m").svg_inline(scale=3, light="#fff")
    return Signed(note, signer.key.line, SafeString(drawn))


def _key(exercise: Exercise) -> str:
    return f"verified-{exercise.pk}"


def _verified(request: SeatedRequest) -> Verified | None:
    kept = request.session.get(_key(request.exercise))
    return Verified(**kept) if kept else None


def _said(form: RecordForm) -> list[tuple[str, str]]:
    """Return what was typed into the filter, for the addresses of other pages."""
    return [(name, form.data[name]) for name in form.fields if form.data.get(name)]


def _filtered(
    events: QuerySet[Event],
    exercise: Exercise,
    *,
    seat: str = "",
    case: str = "",
    verb: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Event]:
    """Return the events that a filter asks for."""
    if case:
        events = events.filter(case=case.strip().upper())
    if verb:
        events = _saying(events, f'"verb":"{verb}"')
    if seat:
        events = _saying(events, '"by":null' if seat == CLOCK else f'"seat":"{seat}"')
    if since:
        events = events.filter(seq__gt=_place(exercise, since, bisect_left))
    if until:
        events = events.filter(seq__lte=_place(exercise, until, bisect_right))
    return events


def _saying(events: QuerySet[Event], words: str) -> QuerySet[Event]:
    """Return the events whose body has these words.

    A body has one spelling, without blanks (`audit.chain`), and quotes inside a text are escaped:
    a key with its value is found nowhere else.
    """
    place = _Place(F("body"), Value(words.encode(), BinaryField()), output_field=IntegerField())
    return events.annotate(place=place).filter(place__gt=0)


class _Place(Func):
    """Where bytes stand in other bytes, from 1; 0: nowhere."""

    function = "INSTR"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        whole, part = self.get_source_expressions()
        turned = self.copy()
        turned.set_source_expressions([part, whole])
        return turned.as_sql(compiler, connection, function="POSITION", arg_joiner=" IN ")


def _place(exercise: Exercise, moment: datetime, bisect: Callable[..., int]) -> int:
    """Return after which event a moment lies: the record runs forward in time."""

    def at(seq: int) -> datetime:
        event = Event.objects.filter(exercise=exercise, seq__gte=seq).order_by("seq").first()
        return event.at if event else exercise.last_at

    return bisect(range(1, exercise.seq + 1), moment, key=at)


def _faults(exercise: Exercise, shown: Sequence[Event]) -> list[str]:
    """Return what is wrong with the events of a page, or with the end of the record."""
    last = Event.objects.filter(exercise=exercise).order_by("-seq").first()
    if last is None or last.seq < exercise.seq:
        known = last.seq if last else 0
        return [f"the tail is missing: {known} of {exercise.seq} events"]
    end = last if last.seq == exercise.seq else exercise.events.get(seq=exercise.seq)
    if end.hash != exercise.head:
        return [f"the head does not match event {exercise.seq}"]
    before = _hashes(exercise, (event.seq - 1 for event in shown)) | {0: ""}
    for event in reversed(shown):
        previous = before.get(event.seq - 1)
        if previous is None:
            return [f"event {event.seq - 1} is missing"]
        body = event.content
        hashed = chain.link(previous, seq=event.seq, recorded_at=event.recorded_at, body=body)
        if hashed != event.hash:
            return [f"event {event.seq} does not follow from the one before it: changed or moved"]
    return []


def _hashes(exercise: Exercise, numbers: Iterable[int]) -> dict[int, str]:
    rows = Event.objects.filter(exercise=exercise, seq__in=[*numbers])
    return dict(rows.values_list("seq", "hash"))
