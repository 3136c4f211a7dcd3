"""What a seat may know of a flight: decided here and nowhere else.

`known_to` gives a frozen view of one flight as of a moment. Pages, sections and lists read it and
never the row behind it, so that a secret decision, a desk's reasons or a private draft cannot come
to be shown by a page that forgot to ask. What of the record a side is told says the audience of
each event (`casework.history`); which flights a seat finds, `approvals.finding`.
`docs/reference/visibility.md` is this module in words. It is longer than other modules so that
secrecy is in one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

import rules
from approvals import checking, checks, marking, rounds, words
from approvals.force import measures_known_to
from approvals.known import (
    Amending,
    Compared,
    Comparison,
    Difference,
    Found,
    Holder,
    KnownAcknowledgement,
    KnownAmendment,
    KnownAnswer,
    KnownAuthorization,
    KnownCondition,
    KnownDecision,
    KnownInstruction,
    KnownMeasure,
    KnownMovement,
    KnownOwnCheck,
    KnownQuestion,
    KnownVersions,
    Notified,
    Step,
    Version,
)
from approvals.models import Answer, Concurrence
from approvals.rounds import latest_round
from audit.verbs import HOST, REQUESTING
from books.agreements import ConditionKind
from books.calendars import CalendarRangeError
from casework import dates, work
from casework.duties import Owed
from casework.history import history
from casework.written import NEWEST, Excerpt
from exercises import parts, people
from exercises.models import DECIDERS, HOST_ROLES, Help, Role
from neighbours.sight import missing, ways
from transit import completeness, drafting, filing, irregular, preparation, short_notice
from transit.changes import OF_PLAN, TAKES
from transit.form import label_of
from transit.models import (
    AHEAD,
    PREPARATION,
    AuthorizationStatus,
    FlightRequest,
    FlightStatus,
    InstructionKind,
    MeasureKind,
    Movement,
    Revision,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from approvals.models import Minute, Question
    from books.agreements import Agreement, State, Track
    from casework.history import History
    from casework.models import Note
    from casework.steps import Task
    from exercises.models import Exercise, Seat
    from neighbours.sight import Way
    from transit.completeness import Progress
    from transit.models import Authorization, Condition, Measure
    from transit.plan_check import Cleared
    from transit.short_notice import Asked

#: Duties of the requesting side that the host knows of, by the notes that passed.
SHARED_DUTIES = frozenset(
    {"question", "completion", "filing", "condition", "receipt", "regularisation", "report"}
)

#: The parts of a flight that its line in a list shows, and those that may be owed.
LISTS = (
    "revisions__crossings",
    "authorizations",
    "questions",
    "ownchecks",
    "movements",
    "concurrences",
    "measures",
    "acknowledgements",
    "conditions",
    "toldclearances",
)

#: What is missing stands section by section beside the form, and not among what rules find.
INCOMPLETE = "FORM_INCOMPLETE"

#: Changes of one flight within this time are counted together (situation 40).
WEEK = timedelta(days=7)


def known_to(flight: FlightRequest, seat: Seat, at: datetime) -> Known:
    """Return what `seat` may know of `flight` as of `at`.

    Raises `Http404` for a flight that the seat cannot know of.
    """
    is_told = flight.received_at is not None or flight.side_of(seat) == REQUESTING
    if not seat.is_instructor and not (flight.side_of(seat) and is_told):
        raise Http404
    return Known(flight, seat, at)


def flights_known_to(
    seat: Seat, at: datetime, *, keys: Collection[int] | None = None
) -> list[Known]:
    """Return the flights that `seat` may know of, or those of these keys, as a list shows them.

    Takes a fixed number of queries.
    """
    rows = FlightRequest.objects.visible_to(seat)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    found = list(rows.select_related("exercise"))
    parts.load(found, *LISTS)
    return [Known(row, seat, at) for row in found]


def movements_of_host(seat: Seat) -> QuerySet[Movement]:
    """Return the movements of the seat's state as host, without order; all to the instructor.

    Raises `Http404` for the seats that prepare requests: they know of no such list.
    """
    if not (seat.is_instructor or seat.role in HOST_ROLES):
        raise Http404
    rows = Movement.objects.filter(exercise=seat.exercise_id).select_related("flight__exercise")
    return rows if seat.is_instructor else rows.filter(flight__host=seat.state)


def movements_shown_to(rows: Sequence[Movement], seat: Seat, at: datetime) -> list[KnownMovement]:
    """Return movements of the host's as a list shows them, in a fixed number of queries."""
    flights = [row.flight for row in rows]
    parts.load(flights, "authorizations", "revisions__crossings", "ownchecks", "notifications")
    parts.load(flights, "toldclearances")
    return [_movement(row, seat, at, compare=row.status in AHEAD) for row in rows]


@dataclass(frozen=True)
class Known:
    """One flight as one seat may know it at one moment; each part is read when first asked for."""

    _flight: FlightRequest
    seat: Seat
    at: datetime

    # What both sides know from the start

    @property
    def number(self) -> int:
        return self._flight.number

    @property
    def reference(self) -> str:
        return self._flight.reference

    @property
    def exercise(self) -> Exercise:
        return self._flight.exercise

    @property
    def agreement(self) -> Agreement:
        return self._flight.agreement

    @property
    def host(self) -> State:
        return self._flight.host_state

    @property
    def requester(self) -> State:
        return self._flight.requester

    @property
    def host_code(self) -> str:
        return self._flight.host

    @property
    def states(self) -> tuple[str, str]:
        """The codes of the two states: who asks, who is asked."""
        return self._flight.requesting_state, self._flight.host

    # Whose eyes

    @cached_property
    def is_inside(self) -> bool:
        """The host's own affairs are open: to its seats, and to the instructor."""
        return self.seat.is_instructor or self._flight.side_of(self.seat) == HOST

    @property
    def is_requester(self) -> bool:
        return not self.is_inside

    @cached_property
    def is_helped(self) -> bool:
        """The product's findings, map, counts and comparison are shown."""
        return checks.is_helped(self._flight, self.seat)

    @property
    def is_own_form(self) -> bool:
        """The draft is shown as well: to the side that writes it, and to the instructor."""
        return self.is_requester or self.seat.is_instructor

    # Where it stands

    @cached_property
    def status(self) -> FlightStatus:
        """The status as notes told it; to the host as it is."""
        return self._flight.status_for(self.seat)

    @property
    def tone(self) -> str:
        return words.tone(self.status)

    @property
    def status_words(self) -> str:
        """Where the case stands, in a sentence."""
        if self.authorization and not self.authorization.stands:
            return _("The number below does not hold: %(status)s.") % {
                "status": self.authorization.words.lower()
            }
        if self.is_requester:
            return words.to_requester(self.status)
        if self._flight.is_secretly_decided:
            return _("Decided. The requesting side learns it by the note in reply, not before.")
        return words.to_host(self.status)

    @property
    def is_closed(self) -> bool:
        return self._flight.closed_at is not None

    @property
    def is_in_preparation(self) -> bool:
        """The form is with the side that asks, before a first note or after a return."""
        return self._flight.status in PREPARATION

    @property
    def has_arrived(self) -> bool:
        return self._flight.received_at is not None

    @property
    def arrived_at(self) -> datetime | None:
        """When the last note with the form was handed over."""
        return self._flight.received_at

    @property
    def track(self) -> Track:
        return self._flight.track

    @cached_property
    def answer_by(self) -> dates.Shown | None:
        """The agreement's date for an answer; both sides know it, as both know the agreement."""
        return self._answer_by if self.is_helped else None

    @cached_property
    def strip(self) -> tuple[dates.Strip, ...] | None:
        """The agreement's date for an answer on the calendars of both states."""
        flight = self._flight
        if not flight.awaits_answer or not self.is_helped:
            return None
        host, other = map(flight.exercise.office, (flight.host, flight.requesting_state))
        names = {code: state.name for code, state in flight.agreement.states.items()}
        try:
            count = rounds.answer_by(flight).count
            return dates.strip(count, host, other, names=names, entry_at=flight.entry_at)
        except CalendarRangeError:  # it lies beyond the years that the calendar knows
            return None

    @cached_property
    def work(self) -> list[Task]:
        """What is owed on the flight by whomever; `holders` says how much of it a seat may know."""
        return work.on(self._flight, self.at)

    def holders(self, work: Iterable[Task], *, briefly: bool = False) -> tuple[Holder, ...]:
        """Say who has the flight now, of all open `work`: own seats by name, others as a state.

        The requesting side knows "the host state" and the agreement's date, no more. `briefly`:
        dates are not explained.
        """
        due = brief_due if briefly else task_due
        mine = [task for task in work if task.case == self._flight]
        owed: dict[tuple[str, bool], list[Step]] = {}
        for task in mine:
            if self.seat.is_instructor or task.state == self.seat.state:
                step = Step(self._what(task), due(task, self.at), _key(task))
                owed.setdefault((self._who(task), task.is_of(self.seat)), []).append(step)
        if self.is_requester:
            if self._flight.awaits_answer:
                who = self._flight.side_named(self.host_code)
                step = Step(_("answer by note"), self.answer_by, f"{self._flight.ref}/answer")
                owed.setdefault((who, False), []).append(step)
        elif not self.seat.is_instructor:
            who = self._flight.side_named(self._flight.requesting_state)
            for task in mine:
                if task.state != self.seat.state and task.duty.code in SHARED_DUTIES:
                    step = Step(str(task.duty.label), due(task, self.at), _key(task))
                    owed.setdefault((who, False), []).append(step)
        return tuple(Holder(who, is_me, tuple(steps)) for (who, is_me), steps in owed.items())

    # The form

    @cached_property
    def revision(self) -> Revision:
        """The live draft to the side that writes it, to the host what a note last brought."""
        flight = self._flight
        works_on_it = flight.status in PREPARATION or flight.is_with_host
        return flight.latest if works_on_it and self.is_own_form else flight.content

    @cached_property
    def revision_before(self) -> Revision | None:
        """The form that this one is compared with: the revision before, or the authorized one."""
        if self._flight.amended:
            return self._flight.amended.revision
        before = [one for one in self._flight.revisions.all() if one.number < self.revision.number]
        return before[-1] if before else None

    @cached_property
    def changed(self) -> set[str]:
        """The items in which the form differs from the revision before."""
        before = self.revision_before
        return drafting.changed_items(before, self.revision) if before else set()

    @property
    def content(self) -> Revision:
        """The form that counts: both sides know it once a note has brought it."""
        return self._flight.content

    @property
    def is_draft(self) -> bool:
        """The form that is shown is the one that is still being written."""
        return self.is_own_form and self.revision.enclosed_at is None

    @cached_property
    def progress(self) -> list[Progress]:
        """What is still to be completed in the draft, section by section."""
        return completeness.progress(self.revision, at=self.at) if self.is_draft else []

    @property
    def may_edit(self) -> bool:
        """The draft is the seat's to change now."""
        return preparation.edit.row.is_open_to(self._flight, self.seat, self.at)

    @cached_property
    def may_mark(self) -> bool:
        """The reader checks the form alone now, and may point at what is wrong with it."""
        flight, seat = self._flight, self.seat
        is_checked = self.revision.pk == checks.read_by(flight, seat).pk
        if flight.exercise.help == Help.OPEN or checks.reads_plan(seat) or not is_checked:
            return False
        return marking.mark.row.is_open_to(self._flight, self.seat, self.at)

    @cached_property
    def marked_facts(self) -> set[str]:
        """The facts that the reader pointed at on this form."""
        if self._flight.exercise.help == Help.OPEN:
            return set()
        return {fact for one in checks.marks(self._flight, self.seat) for fact in one.facts}

    @cached_property
    def short_notice(self) -> list[Asked]:
        """The states that ask for more notice than the request in preparation gives them."""
        if not (self.is_draft and self.is_in_preparation and self.is_helped):
            return []
        return [one for one in short_notice.asked(self._flight, at=self.at) if one.is_short]

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The states on the way: to the host what it was told, to who asks what it asked them."""
        is_host = self._flight.side_of(self.seat) == HOST
        return ways(self._flight, self.revision, self.at, is_host=is_host)

    # What passed between the two states

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._flight.notes)

    @cached_property
    def questions(self) -> tuple[KnownQuestion, ...]:
        return tuple(self._question(row) for row in self._flight.questions.all())

    @cached_property
    def authorization(self) -> KnownAuthorization | None:
        """The number; the requesting side learns it by the note in reply."""
        row = self._flight.authorization
        if row is None or not (self.is_inside or self._is_told):
            return None
        known = _authorization(row, self._flight, self.at, is_inside=self.is_inside)
        items = tuple(self._condition(one) for one in self._flight.conditions.all())
        return replace(known, items=items)

    @cached_property
    def measures(self) -> tuple[KnownMeasure, ...]:
        """What was decided of the number since; to the requesting side what notes told of."""
        row = self._flight.authorization
        if row is None or not (self.is_inside or self._is_told):
            return ()
        known = measures_known_to(row, self.seat)
        return tuple(self._measure(one, is_last=one is known[-1]) for one in known)

    @cached_property
    def amendment(self) -> KnownAmendment | None:
        """What the request changes of an authorized flight; None of any other.

        What a change takes the product says where it helps; to who takes the amendment in, after
        they have said it themselves.
        """
        flight, seat, changed = self._flight, self.seat, self.revision.changed
        if flight.amended is None or flight.amends is None or changed is None:
            return None
        own = checks.classified(flight, seat)
        classifies = seat.role in checking.classify.row.roles and flight.exercise.help != Help.OFF
        return KnownAmendment(
            reference=flight.amends.reference,
            flight=flight.amends.number,
            number=flight.amended.number,
            version=flight.amended.version,
            authorized=flight.amended.revision,
            wanted=self.revision,
            changed=changed,
            is_sorted=bool(own) if classifies and not self._is_open_help else self.is_helped,
            own=str(TAKES[own.takes]) if own else "",  # type: ignore[index]
        )

    @property
    def _is_open_help(self) -> bool:
        return self._flight.exercise.help == Help.OPEN or self.seat.is_instructor

    @cached_property
    def versions(self) -> KnownVersions | None:
        """Versions of the number, and what is told of them; None before the note in reply."""
        flight, seat = self._flight, self.seat
        if flight.amends or flight.replied_at is None or not self.authorization:
            return None
        rows = flight.authorizations.all()
        amending = tuple(
            Amending(
                one.reference,
                one.number,
                one.status_for(seat).label,
                one.amended_version + 1,
                one.closed_at is None,
            )
            for one in FlightRequest.objects.visible_to(seat).filter(amends=flight).order_by("pk")
        )
        told = tuple(
            Notified(label_of(one.item), one.value, one.note.number, one.sent_at, one.registered_at)
            for one in flight.notifications.select_related("note")
        )
        return KnownVersions(
            number=rows[0].number,
            versions=tuple(
                Version(
                    one.version,
                    one.condition_at(
                        self.at, AuthorizationStatus(one.status if self.is_inside else one.told)
                    ),
                    one == rows[len(rows) - 1],
                    one.valid_from,
                    one.valid_until,
                )
                for one in rows
            ),
            amendments=amending,
            notified=told,
            messages=tuple(flight.messages.all()),
            in_a_week=self._changes_in_a_week(told) if self.is_inside else None,
        )

    def _changes_in_a_week(self, told: tuple[Notified, ...]) -> int:
        """Count the forms of amendments and the notifications that came within seven days."""
        since = self.at - WEEK
        forms = Revision.objects.filter(flight__amends=self._flight, enclosed_at__gt=since)
        return forms.count() + sum(one.sent_at > since for one in told)

    @cached_property
    def cleared(self) -> Cleared | None:
        """What the number lets fly, as plans are compared with it; where the product compares."""
        row = self._flight.authorization
        return filing.cleared(row) if row and self.authorization and self.is_helped else None

    @cached_property
    def movements(self) -> tuple[KnownMovement, ...]:
        """The movements; to the requesting side once the note in reply told of the number."""
        rows = self._flight.movements_known_to(self.seat)
        return tuple(_movement(row, self.seat, self.at) for row in rows)

    @cached_property
    def history(self) -> History:
        """What happened, newest first, as far as the audience of each event holds the seat."""
        return history(self._flight, self.seat)

    # The host's inside

    @cached_property
    def answers(self) -> tuple[KnownAnswer, ...]:
        """The desks' answers of every round, as they were asked; none to the requesting side."""
        if not self.is_inside:
            return ()
        rows = sorted(self._flight.concurrences.all(), key=lambda row: row.pk)
        latest = {row.pk for row in latest_round(self._flight)}
        called = people.names(row.answered_hand for row in rows)
        return tuple(
            self._answer(row, is_latest=row.pk in latest, by=called[row.answered_hand])
            for row in rows
        )

    @cached_property
    def latest_answers(self) -> tuple[KnownAnswer, ...]:
        """The answers that count, the lead desk last."""
        latest = (one for one in self.answers if one.is_latest)
        return tuple(sorted(latest, key=lambda one: (one.is_lead, one.desk)))

    @cached_property
    def minutes(self) -> tuple[Minute, ...]:
        """The minutes, newest first."""
        if not self.is_inside:
            return ()
        return tuple(self._flight.minutes.all())

    @cached_property
    def newest_minutes(self) -> Excerpt[Minute]:
        """Those that the page shows, newest first; others are not read."""
        if not self.is_inside:
            return Excerpt((), 0)
        rows = tuple(self._flight.minutes.select_related("written_by")[:NEWEST])
        return Excerpt(rows, rows[0].number if rows else 0)  # they are numbered from one

    @cached_property
    def decision(self) -> KnownDecision | None:
        """The decision before the note as well, and with its ground: the host's alone."""
        flight = self._flight
        if not self.is_inside or flight.decided_at is None:
            return None
        ground = str(flight.agreement.grounds.get(flight.ground, ""))
        return KnownDecision(flight.decided_at, self._is_told, ground, flight.ground_text)

    # What the product finds

    @cached_property
    def findings(self) -> tuple[Found, ...] | None:
        """What the rules find on the form, to the host with how it was dealt with; None: hidden.

        To the requesting side they are a check before the note; what the host does with its own
        stays inside.
        """
        flight, seat, at = self._flight, self.seat, self.at
        if self.is_requester:
            if not self.is_helped:
                return None
            known = checks.known_to(self.revision, seat, at=at)
            shown = (one for one in known if one.code != INCOMPLETE)
            return tuple(Found(one.rule, one.sentence, one.severity) for one in shown)
        if not self.has_arrived or not checks.has_checked(flight, seat):
            return None
        if flight.exercise.help == Help.OFF and seat.is_instructor:
            found = rules.findings(self.revision, at=at)
            return tuple(Found(one.rule, one.sentence, one.severity) for one in found)
        return tuple(
            Found(one.rule, one.finding.sentence if one.finding else "", one.severity, one)
            for one in checks.items(flight, at=at)
        )

    @cached_property
    def look(self) -> rules.Matter | None:
        """The form as rules look at it, with the route as drawn; None where that is not shown."""
        return rules.Matter(self.revision, self.at) if self.is_helped else None

    @cached_property
    def own_check(self) -> KnownOwnCheck | None:
        """What the officer marked, beside what the product finds once it may be seen."""
        flight, seat, at = self._flight, self.seat, self.at
        own = None if flight.exercise.help == Help.OPEN else checks.own_check(flight, seat)
        if own is None:
            return None
        number = checks.read_by(flight, seat).number
        if not self.is_helped:
            return KnownOwnCheck(number, own.codes, own.states, own.due_on, is_compared=False)
        codes = checks.found_codes(own, seat, at=at)
        route = rules.Matter(checks.read_by(flight, seat), at).route
        return KnownOwnCheck(
            number,
            own.codes,
            own.states,
            own.due_on,
            is_compared=True,
            codes=tuple(
                Compared(code, is_marked=code in own.codes, is_found=code in codes)
                for code in sorted({*codes, *own.codes})
            ),
            computed_states=tuple(route.state_sequence_without_marginal) if route else (),
            computed_due=self._answer_by,
        )

    # How it is found out

    @property
    def _is_told(self) -> bool:
        """The note in reply told the requesting side of the decision."""
        return self._flight.replied_at is not None

    @cached_property
    def _answer_by(self) -> dates.Shown | None:
        if not self._flight.awaits_answer:
            return None
        try:
            reckoned = rounds.answer_by(self._flight)
        except CalendarRangeError:  # it lies beyond the years that the calendar knows
            return None
        since_then = dates.closed_since(self._flight.exercise, reckoned.count)
        return dates.explained(reckoned, due_at=reckoned.due_at, at=self.at, since_then=since_then)

    def _question(self, row: Question) -> KnownQuestion:
        desk = self.agreement.desks.get(row.desk)
        was_dropped = row.dropped_at is not None
        return KnownQuestion(
            number=row.number,
            text=row.text,
            asked_at=row.asked_at,
            desk=str(desk.label if desk else Role(row.desk).label) if self.is_inside else "",
            is_open=row.is_open if self.is_inside else row.looks_open,
            is_dropped=was_dropped and (self.is_inside or not row.was_dropped_by_decision),
            reply=row.reply,
            answered_at=row.answered_at,
            revision=row.revision.number if row.revision else None,
            due=dates.shown(row, at=self.at) if row.looks_open else None,
        )

    def _condition(self, row: Condition) -> KnownCondition:
        is_owed = row.duty == "condition" or (self.is_inside and row.duty)
        return KnownCondition(
            words=row.words,
            kind=str(words.CONDITION_WORDS[ConditionKind(row.kind)]),
            due=dates.brief(row.due_at, at=self.at) if is_owed and row.due_at else None,
            fulfilment=row.fulfilment,
            fulfilled_at=row.fulfilled_at,
            accepted_at=row.accepted_at,
            declined=row.declined,
        )

    def _measure(self, row: Measure, *, is_last: bool) -> KnownMeasure:
        shown = KnownMeasure(
            kind=str(MeasureKind(row.kind).label),
            at=None,
            reason="",
            notified_at=row.notified_at,
            acknowledged_at=row.acknowledged_at,
            is_superseded=not is_last,
        )
        if self.is_requester:
            return shown
        flight = self._flight
        return replace(
            shown,
            at=row.decided_at,
            reason=row.reason,
            awaits_note=row.duty == "notification",
            acknowledgements=tuple(
                KnownAcknowledgement(
                    Role(one.role).label,
                    one.acknowledged_at,
                    dates.shown(one, at=self.at) if one.duty == "acknowledgement" else None,
                )
                for one in flight.acknowledgements.all()
                if one.measure == row
            ),
            instructions=tuple(
                KnownInstruction(
                    str(InstructionKind(one.kind).label),
                    one.place,
                    one.passed_at,
                    one.ordered_by,
                    one.passed_by,
                )
                for one in flight.instructions.all()
                if one.measure == row
            ),
        )

    def _answer(self, row: Concurrence, *, is_latest: bool, by: str) -> KnownAnswer:
        flight, desk = self._flight, row.definition
        may_read = self._may_read_reason(row)
        return KnownAnswer(
            desk=row.desk,
            label=str(desk.label),
            is_lead=desk.is_lead,
            is_binding=desk.binding,
            round=row.round,
            answer=Answer(row.answer),
            conditions=row.conditions,
            reason=row.reason if may_read else "",
            is_reason_kept=bool(row.reason) and not may_read,
            paper=row.paper,
            revision=row.revision.number if row.revision else None,
            answered_at=row.answered_at,
            answered_by=by,
            due=dates.shown(row, at=self.at, pauses=rounds.pauses(flight, desk=row.desk)),
            is_asking=row.is_pending and row.desk in self._asking,
            is_latest=is_latest,
        )

    @cached_property
    def _asking(self) -> set[str]:
        """The desks that wait for an answer of the requesting side."""
        flight = self._flight
        return {one.desk for one in flight.questions.all() if one.is_open and flight.is_with_host}

    def _may_read_reason(self, row: Concurrence) -> bool:
        """Security's reasons are for the desk itself, the lead desk, the deciders."""
        if not row.definition.reasons_private or self.seat.is_instructor:
            return True
        return self.seat.role in (row.desk, self.agreement.lead_desk.code, *DECIDERS)

    def _who(self, task: Task) -> str:
        who = str(task.role.label)
        if self.seat.is_instructor:
            who = f"{who}, {self.agreement.states[task.state].name}"
        return who

    def _what(self, task: Task) -> str:
        what = str(task.duty.label)
        if isinstance(task.row, Concurrence) and not task.row.definition.has_seat:
            what = f"{what}: {task.row.definition.label}"  # the lead desk enters it
        return what


def _key(task: Task) -> str:
    return f"{task.row.ref}/{task.duty.code}"


def task_due(task: Task, at: datetime) -> dates.Shown | None:
    """Return the date of a step with the pauses of its desk; None where no date can press."""
    row = task.row
    if not isinstance(row, Owed):
        return None
    pauses = rounds.pauses(row.flight, desk=row.desk) if isinstance(row, Concurrence) else ()
    return dates.shown(row, at=at, pauses=pauses)


def brief_due(task: Task, at: datetime) -> dates.Shown | None:
    """Return the date of a step without how it was counted; None where no date can press."""
    return dates.brief(task.due_at, at=at) if task.due_at else None


def foremost(holders: Iterable[Holder]) -> Holder | None:
    """Return the reader's own part where there is one, else what is owed next."""
    found = [*holders]
    return next((one for one in found if one.is_me), found[0] if found else None)


def _authorization(
    row: Authorization, flight: FlightRequest, at: datetime, *, is_inside: bool
) -> KnownAuthorization:
    known = AuthorizationStatus(row.status if is_inside else row.told)
    in_force = known == AuthorizationStatus.IN_FORCE
    return KnownAuthorization(
        number=row.number,
        version=row.version,
        words=row.condition_at(at, known),
        stands=in_force,
        holds=in_force and row.valid_from <= at < row.valid_until,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        conditions=row.conditions,
        override_ground=row.override_ground if is_inside else "",
        training_defaults=flight.agreement.training_defaults & {"window", "number"},
        is_told=flight.replied_at is not None,
    )


def _movement(row: Movement, seat: Seat, at: datetime, *, compare: bool = True) -> KnownMovement:
    is_inside = seat.is_instructor or row.side_of(seat) == HOST
    duty = row.present_duty
    shown = KnownMovement(
        number=row.number,
        reference=row.flight.reference,
        flight=row.flight.number,
        revision=row.revision,
        status=row.status_for(seat),
        registration=row.revision.registration,
        plan=row.plan,
        due=dates.shown(row, at=at) if duty and (is_inside or not duty.of_host) else None,
        report=row.report,
        reported_at=row.reported_at,
        persons_on_board=row.persons_on_board,
        paper=row.address,
        reported_entry=(row.reported_entry_point, row.reported_entry_at),
        reported_exit=(row.reported_exit_point, row.reported_exit_at),
        diverted_at=row.diverted_at,
        diverted_to=row.diverted_to,
        emergency_at=row.emergency_at,
        regularised_at=row.regularised_at,
        regularisation=row.regularisation,
    )
    if not is_inside:
        return shown
    number = row.authorization
    return replace(
        shown,
        registration=row.filed_registration or row.revision.registration,
        authorization=_authorization(number, row.flight, at, is_inside=True) if number else None,
        comparison=_comparison(row, seat) if compare else None,
        missing=missing(row.flight, row.revision, at) if row.status in AHEAD else (),
        checked_at=row.checked_at,
        entered_at=row.entered_at,
        entry_point=row.entry_point,
        exited_at=row.exited_at,
        exit_point=row.exit_point,
        landed_at=row.landed_at,
        landing_aerodrome=row.landing_aerodrome,
        took_off_at=row.took_off_at,
        overdue_at=row.overdue_at,
        findings=tuple(map(irregular.said, row.findings)),
        entry_level=row.entry_level,
        denied_at=row.denied_at,
        alert_phase=row.get_alert_phase_display(),
        told=tuple(row.told),
    )


def _differences(row: Movement) -> tuple[Difference, ...]:
    changes = row.flight.agreement.changes
    kinds = changes.kinds if changes else {}
    return tuple(
        Difference(one, TAKES[kinds[kind].takes] if kind in kinds else "")
        for one in filing.discrepancies(row)
        for kind in [OF_PLAN.get(one.code, "")]
    )


def _comparison(row: Movement, seat: Seat) -> Comparison | None:
    """The flight plan as filed beside what was authorized; None before one is filed."""
    if not row.plan or row.authorization is None:
        return None
    is_helped = checks.is_helped(row.flight, seat)
    return Comparison(
        filed=row.plan,
        is_helped=is_helped,
        authorized=filing.proposed(row.authorization) if is_helped else "",
        found=_differences(row) if is_helped else (),
        remarks=row.plan_remarks,
    )
