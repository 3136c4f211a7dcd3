"""What a verb of the procedure is: one row of the table that docs, buttons and tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.parameters import asked
from audit.refusals import NotNow, NotYou
from exercises.models import Role

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from audit.parameters import Asked, Parameter
    from exercises.models import Seat

#: A reason why the verb is not possible now, or None. The actor is None for the clock.
Guard = Callable[[Any, "Seat | None", "datetime"], "str | None"]

REQUESTING = "REQUESTING"
HOST = "HOST"
ANYONE = "ANYONE"
BOTH = (REQUESTING, HOST)


@dataclass(frozen=True)
class Verb:
    """What stands of a verb above its function: one row of the table of verbs.

    `code` is the name of the function, `subject` the name of its first parameter, `clause` the
    number of the clause of the training SOP that says of it what the procedure asks. `side` and
    `roles` say whose move it is; no roles: the clock's. `source` and `target` are the statuses of
    the subject's machine, empty where none moves. `guards` are asked in order by the verb itself
    and by the buttons. `audience` names the sides and roles that are told, `seen_by`
    the sides that are not told and see it nevertheless; `shown` the parameters that their
    history repeats, `private` those that the body leaves out because the changed rows already
    hold them. `makes_due` names the duties that it opens.

    `takes` are its parameters, None where a page of its own asks for them: `page`, below the
    case's. `suggests` gives what stands in them before anybody types; it `quotes` the words of
    its subject above them where it answers those.

    `doubts` says of a form that is right what makes it unusual: a person confirms that first, as
    what is unusual can be true, and can be a slip of the pen.

    `icon`, `tone`, `warning` and `is_grave` (it ends something for good) are how it is offered
    and told. `is_aside`: the case does not wait for it. `is_done` says of a move that stays open
    whether the case waits for it no longer.
    """

    code: str
    label: _StrPromise | str
    past: _StrPromise | str
    subject: str
    clause: str = ""
    roles: tuple[str, ...] = ()
    side: str = ANYONE
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    audience: tuple[str, ...] = ()
    seen_by: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    makes_due: tuple[str, ...] = ()
    conduct: bool = False
    takes: tuple[Parameter, ...] | None = ()
    page: str = ""
    suggests: Callable[[Any, Seat, datetime], dict[str, Any]] | None = None
    icon: str = ""
    tone: str = ""
    warning: _StrPromise | str = ""
    doubts: Callable[[Any, dict[str, Any], datetime], list[str]] | None = None
    quotes: bool = False
    is_grave: bool = False
    is_aside: bool = False
    is_done: Callable[[Any, datetime], bool] | None = None
    sits_down: bool = False

    def asks(self, subject: Any, seat: Seat, at: datetime) -> list[Asked]:
        """Return the parameters as `seat` is asked for them on `subject` at `at`."""
        suggestions = self.suggests(subject, seat, at) if self.suggests else {}
        return asked(self.takes or (), suggestions, subject, seat, at)

    def admits(self, subject: Any, seat: Seat) -> bool:
        """Say whether this is a move of `seat` at all."""
        if seat.role not in self.roles:
            return False
        return self.side == ANYONE or subject.side_of(seat) == self.side

    def reason_against(self, subject: Any, by: Seat | None, at: datetime) -> str | None:
        """Return why the verb is not possible at `at`, in words, or None."""
        if by and by.exercise.ended_at:
            return _("This exercise has ended.")
        if self.source and subject.status not in self.source:
            known = subject.status_for(by).label if by else subject.get_status_display()
            return _("The status is “%(status)s”.") % {"status": known}
        reasons = (guard(subject, by, at) for guard in self.guards)
        return next((reason for reason in reasons if reason), None)

    def is_open_to(self, subject: Any, seat: Seat, at: datetime) -> bool:
        """Say whether the verb is the seat's, and possible at `at`."""
        return self.admits(subject, seat) and not self.reason_against(subject, seat, at)

    def check(self, subject: Any, *, by: Seat | None, at: datetime) -> None:
        """Raise `NotYou` or `NotNow` unless the verb is possible."""
        if by is None and self.roles:
            raise NotYou(_("Only a person may do this."))
        if by is not None and not self.admits(subject, by):
            raise self.not_yours()
        if reason := self.reason_against(subject, by, at):
            raise NotNow(reason, clause=self.clause)

    def not_yours(self) -> NotYou:
        """Say whose move it is, as the procedure has it."""
        roles = ", ".join(str(Role(role).label) for role in self.roles)
        return NotYou(
            _("“%(verb)s” is a move of: %(roles)s.")
            % {"verb": self.label, "roles": roles or _("clock")},
            clause=self.clause,
        )


#: What `act` itself records: nobody ran the exercise, so its clock had stopped.
AUTO_PAUSE = Verb(
    "auto_pause",
    gettext_lazy("Pause when unattended"),
    gettext_lazy("Nobody ran the exercise: the clock stopped"),
    subject="exercise",
    conduct=True,
)

#: What `act` itself records: the machine's clock went back, and the exercise goes on.
CLOCK_SET_BACK = Verb(
    "clock_set_back",
    gettext_lazy("Go on after the machine's clock was set back"),
    gettext_lazy("The machine's clock was set back: the exercise went on from where it stood"),
    subject="exercise",
    conduct=True,
)

#: Those two, by code.
OF_THE_CLOCK = {verb.code: verb for verb in (AUTO_PAUSE, CLOCK_SET_BACK)}


def own_hand(by: Seat | None, hands: Iterable[str]) -> bool:
    """Say whether the person acting is one of `hands`, where people are to be kept apart.

    Not in a solo exercise, nor for an instructor acting for a seat, which is marked.
    """
    return (
        by is not None
        and by.taken_by is None
        and not by.exercise.solo
        and by.hand in {hand for hand in hands if hand}
    )
