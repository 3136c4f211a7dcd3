"""Which flights a seat finds by searching and filtering: no more than their pages tell it.

The other half of `approvals.sight`: what a page does not show a seat is neither looked at here nor
counted. What a search looks at and what a filter asks is of the form that the seat is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Length, LPad
from django.utils.translation import gettext_lazy as _

from approvals.models import Concurrence, Question
from books import agreements
from casework import kinds, work
from casework.models import Note
from exercises.models import HOST_ROLES
from transit import tracks
from transit.models import (
    DECIDED,
    EXAMINATION,
    IN_COMPLETION,
    PREPARATION,
    WITH_HOST,
    Action,
    Authorization,
    FlightRequest,
    FlightStatus,
    Revision,
    Statement,
)

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from approvals.models import QuestionQuerySet
    from exercises.models import Seat
    from transit.models.flight import FlightRequestQuerySet

#: The items of a form that a search looks at: codes, and what people write in their own letters.
CODES = (
    "call_sign",
    "spare_call_sign",
    "aircraft_type",
    "registration",
    "spare_registration",
    "departure",
    "destination",
)
WORDS = ("operator", "purpose")

#: So many words are looked for one by one; what follows is taken for one more.
MOST_WORDS = 8

#: A search is no longer: SQLite refuses patterns from some length on.
MOST_CHARACTERS = 200

#: A reference as people write it: `TR-KZ-2` is TR-KZ-0002.
REFERENCE = re.compile(r"([A-Z]{2})-([A-Z]{2})-0*([1-9][0-9]{0,8})", re.ASCII | re.IGNORECASE)

#: What the forms of a flight announce, each as what holds of the form.
ANNOUNCED: dict[str, tuple[_StrPromise, Q]] = {
    "goods": (_("dangerous goods"), Q(dangerous_goods=Statement.LIST)),
    "weapons": (_("personal weapons"), Q(has_personal_weapons=True)),
    "equipment": (
        _("armament, sensors or electronic warfare"),
        Q(has_armament=True) | Q(has_sensors=True) | Q(has_electronic_warfare=True),
    ),
    "landing": (
        _("landing in the host state"),
        Q(crossings__action=Action.LAND, crossings__state=F("flight__host")),
    ),
    "annual": (_("cites an annual number"), Q(annual_number__gt="")),
    "notice": (_("short notice justified"), Q(short_notice_reason__gt="")),
}

#: What a list can be narrowed to besides: by what waits.
WAITING: dict[str, _StrPromise] = {
    "question": _("open question"),
    "overdue": _("own step overdue"),
}

FLAGS: dict[str, _StrPromise] = {code: said for code, (said, _form) in ANNOUNCED.items()} | WAITING


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed to; what is empty narrows nothing."""

    search: str = ""
    step: str = ""
    track: str = ""
    desk: str = ""
    flags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.search or self.step or self.track or self.desk or self.flags)


def is_inside(seat: Seat) -> bool:
    """Say whether the host's own affairs are open to a seat, of every flight in its list."""
    return seat.is_instructor or seat.role in HOST_ROLES


def steps(seat: Seat) -> dict[str, str]:
    """Return where a flight can stand as a seat may know it, in words by code."""
    known = (
        one
        for one in FlightStatus
        if is_inside(seat) or one not in EXAMINATION or one == FlightStatus.UNDER_REVIEW
    )
    return {one.value: str(one.label) for one in known}


def desks(seat: Seat) -> dict[str, str]:
    """Return the desks whose answer a flight can wait for, in words by code; none to outsiders."""
    if not is_inside(seat):
        return {}
    return {code: str(desk.label) for code, desk in agreements.of(seat.exercise).desks.items()}


def flights_found_by(seat: Seat, asked: Asked, at: datetime) -> FlightRequestQuerySet:
    """Return the flights that `seat` may know of and that are as `asked`.

    A search finds those that have each of its words: in the reference, in the number of a note or
    of the authorization, if the seat may know of it, or in the items `CODES` and `WORDS` of the
    form that it is shown. Raises `ValueError` for a desk if desks are no affair of the seat.
    """
    found: FlightRequestQuerySet = FlightRequest.objects.visible_to(seat)
    if asked.step:
        found = found.filter(_stands(FlightStatus(asked.step), seat))
    if asked.desk:
        if not is_inside(seat):
            raise ValueError(f"{seat.key} knows of no desk.")
        mine = Concurrence.objects.pending().filter(flight=OuterRef("pk"), desk=asked.desk)
        found = found.filter(Exists(mine))
    if "question" in asked.flags:
        found = found.filter(Exists(_open_questions(seat)))
    if "overdue" in asked.flags:
        found = found.filter(work.is_overdue(seat, kinds.kinds()["flight"], at))
    announced = [form for code, (_said, form) in ANNOUNCED.items() if code in asked.flags]
    if not (asked.search or asked.track or announced):
        return found
    found = found.alias(shown=_shown(seat))
    for form in announced:  # each by itself: a form has several crossings
        found = found.filter(Exists(Revision.objects.filter(form, pk=OuterRef("shown"))))
    if asked.track:
        shown = Revision.objects.filter(pk__in=found.annotate(form=F("shown")).values("form"))
        found = found.filter(shown__in=tracks.on_track(asked.track, shown).values("pk"))
    if asked.search:
        found = found.alias(called=_reference())
        for word in asked.search.split(maxsplit=MOST_WORDS - 1):
            found = found.filter(_has(word, seat))
    return found


def _shown(seat: Seat) -> Coalesce | Case:
    """Return the form that a seat is shown, as `Known.revision` chooses it."""
    forms = Revision.objects.filter(flight=OuterRef("pk")).order_by("-number").values("pk")
    newest, enclosed = forms[:1], forms.filter(enclosed_at__isnull=False)[:1]
    last = Coalesce(Subquery(enclosed), Subquery(newest))
    if is_inside(seat) and not seat.is_instructor:
        return last
    works_on_it = Q(status__in=PREPARATION) | WITH_HOST
    return Case(When(works_on_it, then=Subquery(newest)), default=last)


def _stands(status: FlightStatus, seat: Seat) -> Q:
    """Return what holds of a flight of this status, as `FlightRequest.status_for` tells it."""
    if is_inside(seat) and (seat.is_instructor or status not in PREPARATION):
        return Q(status=status)
    if is_inside(seat):
        return IN_COMPLETION if status == FlightStatus.RETURNED else Q(pk__in=[])
    if status == FlightStatus.WITHDRAWN:
        return Q(withdrawn_at__isnull=False)
    if status == FlightStatus.UNDER_REVIEW:
        return WITH_HOST & Q(withdrawn_at=None)
    told = Q(replied_at__isnull=False) if status in DECIDED else Q()
    return Q(status=status, withdrawn_at=None) & told


def _open_questions(seat: Seat) -> QuestionQuerySet:
    """Return the questions of a flight that are open as a seat may know it."""
    rows = Question.objects.filter(flight=OuterRef("pk"))
    if is_inside(seat):
        return rows.open()
    dropped_unseen = Q(dropped_at=None) | Q(duty__gt="")  # as `Question.looks_open`
    with_host = FlightRequest.objects.filter(WITH_HOST).values("pk")
    return rows.filter(dropped_unseen, answered_at=None, flight__in=with_host)


def _has(word: str, seat: Seat) -> Q:
    """Return what holds of a flight in which a word stands."""
    if whole := REFERENCE.fullmatch(word):
        requesting, host, number = whole.groups()
        return Q(requesting_state=requesting.upper(), host=host.upper(), number=int(number))
    codes = [Q((f"{item}__icontains", word)) for item in CODES]
    is_plain = word.isascii() and "i" not in word.lower()  # the quicker way says the same
    lookup, asked = ("icontains", word) if is_plain else ("regex", spelt(word))
    words = [Q((f"{item}__{lookup}", asked)) for item in WORDS]
    says = Revision.objects.filter(Q(*codes, *words, _connector=Q.OR), pk=OuterRef("shown"))
    notes = Note.objects.filter(
        exercise=seat.exercise_id, case=OuterRef("called"), number__icontains=word
    )
    number = Authorization.objects.filter(flight=OuterRef("pk"), number__icontains=word)
    told = Q() if is_inside(seat) else Q(replied_at__isnull=False)
    return Q(called__icontains=word) | Exists(says) | Exists(notes) | (Exists(number) & told)


def spelt(word: str) -> str:
    """Return a pattern for a word, in capitals or not, each i with its dot or without.

    Databases differ in which letters they hold for the same, and SQLite knows those of English.
    """
    return "".join(map(_either, word))


def _either(letter: str) -> str:
    if letter in "iIıİ":
        return "[iIıİ]"
    cases = {one for one in (letter, letter.lower(), letter.upper()) if len(one) == 1}
    return f"[{''.join(sorted(cases))}]" if len(cases) > 1 else re.escape(letter)


def _reference() -> Concat:
    """Return the reference of a flight as the database spells it."""
    number = Cast("number", CharField())
    width = Greatest(Length(number), 4)
    states = ("requesting_state", Value("-"), "host", Value("-"))
    return Concat(*states, LPad(number, width, Value("0")))
