"""The guide of a first flight: the steps in order, which of them is next, and why.

What a step asks for has been done when the flight itself says so; nothing is ticked off by hand.
Only what the requesting side may know is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

import rules
from control import first_flight
from rules import Severity
from scenarios.models import Purpose, Sitting
from transit import completeness
from transit.models import PREPARATION, FlightRequest, FlightStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from control.first_flight import Paper
    from exercises.models import Exercise, Seat
    from exercises.seating import SeatedRequest
    from transit.models import Movement, Revision

#: That somebody closed the guide of an exercise: under this their session keeps it.
SHUT = "guide-{}-shut"

#: Ends of a request without a flight.
UNFLOWN = (FlightStatus.LAPSED, FlightStatus.WITHDRAWN)


@dataclass(frozen=True)
class Look:
    """The flight as the guide looks at it, at a moment."""

    flight: FlightRequest
    at: datetime

    @property
    def movement(self) -> Movement | None:
        """Where its aircraft is; None before the host has let it fly, as far as one may know."""
        flown = self.flight.movements.all() if self.flight.replied_at else ()
        return next(iter(flown), None)

    @property
    def is_sent(self) -> bool:
        return self.flight.status not in PREPARATION

    @property
    def is_over(self) -> bool:
        """Nothing is left to be done about the flight."""
        flight = self.flight
        is_refused = flight.status == FlightStatus.REFUSED and flight.replied_at is not None
        return bool(flight.closed_at) or is_refused or flight.status in UNFLOWN

    @property
    def is_asked(self) -> bool:
        return any(question.looks_open for question in self.flight.questions.all())

    def faults(self) -> set[str]:
        """Return the items that keep the draft from going out; none where there is no draft."""
        draft = self.flight.draft
        return {*completeness.faults(draft, at=self.at)} if draft else set()

    def blocks(self, form: Revision) -> set[str]:
        """Return the rules that would keep a form from being authorized."""
        found = rules.findings(form, at=form.received_at(self.at))
        return {one.rule.code for one in found if one.severity == Severity.BLOCK}


@dataclass(frozen=True)
class Step:
    """One step: what to do and why, and where: a seat and what follows its address.

    `waits`: others act, and time has to pass. Once a step that `ends` a stage is done, what was
    left undone before it is not asked for any more.
    """

    code: str
    do: _StrPromise
    why: _StrPromise
    is_done: Callable[[Look], bool]
    seat: str = first_flight.PLANNER
    where: str = "flights/1/"
    waits: bool = False
    ends: bool = False

    def address(self, exercise: Exercise) -> str:
        return f"/x/{exercise.pk}/{self.seat}/{self.where}"


def _crossed(look: Look) -> bool:
    """The states on the way are listed, each with the number that it has granted."""
    known = {row.state: row.clearance_number for row in look.flight.latest.crossings.all()}
    return "crossings" not in look.faults() and all(
        known.get(state) == number for state, number in first_flight.GRANTED.items()
    )


def _filed(look: Look) -> bool:
    """A flight plan lies with operations."""
    movement = look.movement
    return movement is not None and bool(movement.plan) and not movement.plan_sent_back


#: The steps, in the order in which they come.
STEPS = (
    Step(
        "complete",
        _("Look at the draft, and complete the items that are open."),
        _(
            "A colleague began this request. What is missing stands in your papers; “As last "
            "saved”, beside the form, names every open item. An incomplete form is returned by "
            "the registry. The four undertakings are your word: nobody else gives them."
        ),
        lambda look: not look.faults() - {"crossings"},
        where="flights/1/form/",
    ),
    Step(
        "crossings",
        _("Propose the crossings from the route, and enter who has granted."),
        _(
            "Every state below the route is asked by itself. The product knows where the line "
            "runs, and not who has agreed: enter the numbers of Georgia, Azerbaijan and "
            "Tajikistan as granted, Uzbekistan as requested. Then save."
        ),
        _crossed,
        where="flights/1/form/",
    ),
    Step(
        "mend",
        _("One item of the draft is wrong: find it, and mend it."),
        _(
            "“What the host will find”, below, says which two items of the form contradict each "
            "other; your papers say which of them is right. Edit the form. What you mend now costs "
            "a minute, what the host finds costs days."
        ),
        lambda look: first_flight.MISTAKE not in look.blocks(look.flight.latest),
    ),
    Step(
        "request_release",
        _("Request the release."),
        _("Nobody sends what they wrote themselves: another officer reads the form first."),
        lambda look: look.flight.status not in (FlightStatus.DRAFT, FlightStatus.RETURNED),
        ends=True,
    ),
    Step(
        "release",
        _("The release officer reads the form: let time pass."),
        _("Release is owed within a working day. A role-player holds that seat."),
        lambda look: look.is_sent or look.flight.status == FlightStatus.READY_TO_TRANSMIT,
        waits=True,
        ends=True,
    ),
    Step(
        "transmit",
        _("In the seat of the attaché: transmit the request by note."),
        _(
            "A request goes through the diplomatic channel, with the form as its enclosure. From "
            "the receipt of the note on the host counts its working days."
        ),
        lambda look: look.is_sent,
        seat=first_flight.ATTACHE,
        ends=True,
    ),
    Step(
        "question",
        _("The host examines: let time pass until it asks something."),
        _(
            "The registry takes the request in, then four desks look at it, each at what is its "
            "own. A desk that lacks something asks; its clock stands until the answer."
        ),
        lambda look: bool(look.flight.questions.all()) or bool(look.flight.replied_at),
        waits=True,
        ends=True,
    ),
    Step(
        "answer",
        _("In the seat of the attaché: answer the question."),
        _(
            "Read the question, look into your papers, and answer with the fact that is asked for: "
            "who, what, under which number. A supplement that is released goes with the answer."
        ),
        lambda look: not look.is_asked,
        seat=first_flight.ATTACHE,
    ),
    Step(
        "reply",
        _("The host decides: let time pass until its note in reply."),
        _("What is decided is not known before the note. Silence is never consent."),
        lambda look: look.flight.replied_at is not None,
        waits=True,
        ends=True,
    ),
    Step(
        "file",
        _("Read the note in reply, then file the flight plan."),
        _(
            "The note has three things: the number, the window, the conditions. The plan carries "
            "the number in Item 18, unchanged, and keeps to the rest; operations compare it item "
            "by item. The plan that is proposed agrees."
        ),
        _filed,
    ),
    Step(
        "fly",
        _("The flight plan is checked, then the aircraft flies: let time pass."),
        _("Operations release the plan and watch the entry and the exit."),
        lambda look: (
            look.movement is not None
            and (look.movement.ended_flight_at is not None or look.movement.reported_at is not None)
        ),
        waits=True,
        ends=True,
    ),
    Step(
        "report",
        _("In the seat of the attaché: send the post-flight report."),
        _(
            "Within three working days of the exit the host is told what was flown: times, "
            "deviations, how many persons were on board. Who does not report is not let in again."
        ),
        lambda look: look.movement is not None and look.movement.reported_at is not None,
        seat=first_flight.ATTACHE,
        ends=True,
    ),
    Step(
        "close",
        _("The host closes the case: let time pass."),
        _("The defence desk reads the report; with that the flight ends for both states."),
        lambda look: look.is_over,
        waits=True,
        ends=True,
    ),
)

#: What comes in between where something went another way.
RETURNED = Step(
    "revise",
    _("The request was returned: take it up, mend what the note names, send it again."),
    _("A return is no refusal. The list in the note is whole: what it does not name is in order."),
    lambda look: look.flight.status != FlightStatus.RETURNED,
)
SUPPLEMENT = Step(
    "supplement",
    _("The host asks about a mistake of the form: begin a supplement."),
    _(
        "Words do not mend a form. A supplement is a new version of it, which goes with the "
        "answer; the desks that look at what changed answer again."
    ),
    lambda look: look.flight.draft is not None,
)
MEND = Step(
    "mend_supplement",
    _("Mend the form of the supplement."),
    _("What the host asked about stands in the question; your papers say what is right."),
    lambda look: not look.faults(),
    where="flights/1/form/",
)
RELEASE = Step(
    "release_supplement",
    _("The release officer reads the supplement: let time pass."),
    _("A supplement, too, is released by somebody who did not write it."),
    lambda look: look.flight.draft is None or look.flight.draft.released_by_id is not None,
    waits=True,
)
SEND = Step(
    "send_supplement",
    _("In the seat of the attaché: send the supplement by note."),
    _("It is released, and no question is open with whose answer it could go."),
    lambda look: look.flight.draft is None,
    seat=first_flight.ATTACHE,
)
FILE_ANEW = Step(
    "file_anew",
    _("Operations sent the flight plan back: mend it, and file it anew."),
    _(
        "What does not agree stands with the flight, as they wrote it. Your next plan begins with "
        "the one that was sent back; change there what differs from the note in reply."
    ),
    _filed,
)
OVER = Step(
    "marks",
    _("This first flight is over: read what you did, what was right, and why."),
    _("Every line names what the procedure asks for, and where it is written."),
    lambda look: False,
    where="marks/",
)


def present(look: Look) -> Step:
    """Return the step that comes next."""
    if look.is_over:
        return OVER
    return _detour(look) or STEPS[_place(look)]


def _place(look: Look) -> int:
    """Return which of the steps comes next: the first undone after the stages that have ended."""
    ended = [at for at, step in enumerate(STEPS) if step.ends and step.is_done(look)]
    first = max(ended, default=-1) + 1
    undone = (at for at, step in enumerate(STEPS) if at >= first and not step.is_done(look))
    return next(undone, len(STEPS) - 1)


def _detour(look: Look) -> Step | None:
    """Return what comes in between, None where all goes as it should."""
    flight = look.flight
    if flight.status == FlightStatus.RETURNED:
        return RETURNED
    if look.movement is not None and look.movement.plan_sent_back:
        return FILE_ANEW
    if not flight.is_with_host:
        return None
    draft = flight.draft
    if draft is None:
        return SUPPLEMENT if look.is_asked and look.blocks(flight.latest) else None
    if draft.released_by_id is not None:
        return None if look.is_asked else SEND
    return MEND if look.faults() or look.blocks(draft) else RELEASE


@dataclass(frozen=True)
class Line:
    """One step in the list: done, left undone, next, or to come."""

    number: int
    step: Step
    is_done: bool
    is_present: bool


@dataclass(frozen=True)
class Guide:
    """What the strip says: the present step, its number, and all of them with what was done.

    `address` is where the present step is done, and `is_here` says that this is the page.
    """

    exercise: Exercise
    look: Look
    step: Step
    lines: tuple[Line, ...]
    papers: tuple[Paper, ...]
    is_here: bool
    is_shut: bool

    template: ClassVar[str] = "review/_guide.html"

    @property
    def is_over(self) -> bool:
        return self.step is OVER

    @property
    def number(self) -> int:
        """The number of the present step; of something in between, of the step that it serves."""
        return next((line.number for line in self.lines if line.is_present), len(self.lines))

    @property
    def address(self) -> str:
        return self.step.address(self.exercise)

    @property
    def may_wait(self) -> bool:
        """Time may pass although something is to be done: others act meanwhile."""
        return self.look.is_sent and not self.step.waits and not self.is_over


def guide(exercise: Exercise, at: datetime, *, path: str = "", is_shut: bool = False) -> Guide:
    """Return the guide of a first flight, as seen on a page."""
    look = Look(FlightRequest.objects.get(exercise=exercise, number=1), at)
    step = present(look)
    place = len(STEPS) if step is OVER else _place(look)
    lines = tuple(
        Line(number, one, number <= place and one.is_done(look), number == place + 1)
        for number, one in enumerate(STEPS, start=1)
    )
    news = (first_flight.NEWS,) if look.flight.questions.all() else ()
    return Guide(
        exercise=exercise,
        look=look,
        step=step,
        lines=lines,
        papers=(*first_flight.PAPERS, *news),
        is_here=path == step.address(exercise),
        is_shut=is_shut,
    )


def of_page(request: SeatedRequest) -> Guide | None:
    """Return the guide above a page: at each seat of whoever sits a first flight."""
    exercise = request.exercise
    if not sits(exercise, request.seat):
        return None
    is_shut = bool(request.session.get(SHUT.format(exercise.pk)))
    return guide(exercise, request.at, path=request.path, is_shut=is_shut)


def sits(exercise: Exercise, seat: Seat) -> bool:
    """Say whether a seat is one of those at which somebody sits a first flight."""
    if seat.key not in (first_flight.PLANNER, first_flight.ATTACHE):
        return False
    return Sitting.objects.filter(exercise=exercise, purpose=Purpose.FIRST_FLIGHT).exists()
