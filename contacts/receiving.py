"""How a contact comes to a desk: entered by it, brought in by exercise control, now or later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audit import acts
from audit.acts import verb
from audit.parameters import Kind, Parameter, choice, line, text
from audit.verbs import HOST
from books import agreements
from casework.duties import owe_by_agreement
from contacts import world
from contacts.models import MESSAGE, RECEIVERS, Contact, ContactKind, Inject
from exercises.models import HOST_ROLES, Exercise, Role

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Seat


def states_know_each_other(exercise: Exercise, by: Seat | None, at: datetime) -> str | None:
    if by is None or by.is_instructor or by.state in agreements.of(exercise).states:
        return None
    return _("Only a party of the agreement keeps a log of contacts here.")


def is_ahead(inject: Inject, by: Seat | None, at: datetime) -> str | None:
    return None if inject.alarm_at else _("It has come already, or was called off.")


def kinds(subject: Any, by: Seat, at: datetime) -> list[Any]:
    return [*ContactKind.choices]


def entries(exercise: Exercise, by: Seat, at: datetime) -> list[tuple[str, str]]:
    """Offer what the world's data has, by kind and theme."""
    known = world.load()
    return [
        (code, f"{ContactKind(one.kind).label}: {known.themes[one.theme].title} ({code})")
        for code, one in known.entries.items()
    ]


def receivers(exercise: Exercise, by: Seat, at: datetime) -> list[tuple[str, str]]:
    """Offer the seats that a contact may reach, of both states."""
    states = agreements.of(exercise).states
    return [
        (f"{code}-{role}", f"{state.name}: {Role(role).label}")
        for code, state in states.items()
        for role in RECEIVERS
    ]


KIND = choice("kind", lazy("how it came"), lazy("Choose how it came."), kinds)
SOURCE = line("source", lazy("from whom"), lazy("Enter from whom it is."), most=120)
SPEAKS_FOR = line("speaks_for", lazy("of what state or paper"), "", most=80)
TEXT = text("text", lazy("what was said"), lazy("Enter what was said."), most=2000)
ABOUT = Parameter(
    "about",
    Kind.CODE,
    lazy("about the case"),
    hint=lazy("Its reference, such as TR-KZ-0001; empty if it is about none."),
    most=24,
)
#: What exercise control says of a contact that it brings in.
BROUGHT = (
    choice("receiver", lazy("to which seat"), lazy("Choose the seat that it reaches."), receivers),
    Parameter(
        "entry",
        Kind.CHOICE,
        lazy("from the world's data"),
        hint=lazy("What you enter below stands in place of what the entry says."),
        choices=entries,
    ),
    ABOUT,
    Parameter("kind", Kind.CHOICE, lazy("how it came"), choices=kinds),
    line("source", lazy("from whom"), "", most=120),
    SPEAKS_FOR,
    text("text", lazy("what was said"), most=2000),
)
ARRIVES_AT = Parameter(
    "arrives_at",
    Kind.MOMENT,
    lazy("when (UTC)"),
    hint=lazy("Empty: now. Such as 2026-09-14 07:09."),
)


@verb(
    lazy("Enter a contact"),
    lazy("Contact entered in the log"),
    clause="6.7",
    roles=RECEIVERS,
    guards=(states_know_each_other,),
    audience=(HOST,),
    private=("source", "speaks_for", "text", "about"),
    shown=("kind",),
    makes_due=("forwarding",),
    takes=(KIND, SOURCE, SPEAKS_FOR, TEXT, ABOUT),
)
def take_down(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    kind: str,
    source: str,
    text: str,
    speaks_for: str = "",
    about: str = "",
) -> Contact:
    """Enter in one's log what reached the seat: with that it is received and logged."""
    said = {"kind": kind, "source": source, "speaks_for": speaks_for, "text": text, "about": about}
    contact = _new(exercise, by.state, {**said, "role": by.role}, at=at)
    put_on_record(contact, at=at)
    return contact


@verb(
    lazy("Bring in a contact"),
    lazy("Contact brought in"),
    clause="15.3",
    roles=(Role.INSTRUCTOR,),
    audience=("INSTRUCTOR",),
    seen_by=(HOST,),
    private=("entry", "kind", "source", "speaks_for", "text", "about"),
    makes_due=("logging",),
    takes=BROUGHT,
)
def bring_in(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    receiver: str,
    entry: str = "",
    about: str = "",
    kind: str = "",
    source: str = "",
    speaks_for: str = "",
    text: str = "",
) -> Contact:
    """Let a contact reach a seat, by its key.

    Of an `entry` of the world's data, in its words but for those given, or wholly in these. Raises
    `ValidationError` for what is missing and for what there is not.
    """
    given = {"kind": kind, "source": source, "speaks_for": speaks_for, "text": text}
    state, message = _message(exercise, receiver, entry, given, about)
    return _receive(exercise, state, message, at=at)


@verb(
    lazy("Schedule a contact"),
    lazy("Contact scheduled"),
    clause="15.3",
    roles=(Role.INSTRUCTOR,),
    audience=("INSTRUCTOR",),
    private=("arrives_at", "entry", "kind", "source", "speaks_for", "text", "about"),
    takes=(*BROUGHT, ARRIVES_AT),
)
def schedule_contact(
    exercise: Exercise,
    *,
    by: Seat,
    at: datetime,
    receiver: str,
    arrives_at: datetime,
    entry: str = "",
    about: str = "",
    kind: str = "",
    source: str = "",
    speaks_for: str = "",
    text: str = "",
) -> Inject:
    """Let a contact reach a seat at a simulated moment; as `bring_in`.

    Raises `ValidationError` besides for a moment that is past.
    """
    given = {"kind": kind, "source": source, "speaks_for": speaks_for, "text": text}
    state, message = _message(exercise, receiver, entry, given, about)
    if arrives_at <= at:
        said = _("That moment is past; leave it empty to bring it in now.")
        raise ValidationError({"arrives_at": said})
    number = Inject.objects.filter(exercise=exercise).count() + 1
    row = Inject(
        exercise=exercise,
        ref=f"{Inject.noun}/{number}",
        number=number,
        state=state,
        planned_at=arrives_at,
        alarm_at=arrives_at,
        **message,
    )
    acts.of_case(row.case)
    acts.save(row)
    return row


@verb(
    lazy("Call off"),
    lazy("Scheduled contact called off"),
    clause="15.3",
    roles=(Role.INSTRUCTOR,),
    guards=(is_ahead,),
    audience=("INSTRUCTOR",),
    takes=None,
)
def call_off(inject: Inject, *, by: Seat, at: datetime) -> Inject:
    """Let a scheduled contact not come."""
    inject.alarm_at = None
    acts.save(inject)
    return inject


@verb(
    lazy("Let a contact come"),
    lazy("Contact received"),
    clause="6.7",
    audience=(HOST,),
    makes_due=("logging",),
)
def arrive(inject: Inject, *, by: None, at: datetime) -> Contact:
    """Let a scheduled contact reach its seat."""
    message = {name: getattr(inject, name) for name in MESSAGE}
    contact = _receive(inject.exercise, inject.state, message, at=at)
    inject.contact, inject.alarm_at = contact, None
    acts.save(inject)
    return contact


def put_on_record(contact: Contact, *, at: datetime) -> None:
    """Log a contact; with that it is owed to the leadership."""
    contact.log_contact(at=at)
    _owe(contact, "forwarding", at=at)
    acts.save(contact)


def _owe(contact: Contact, step: str, *, at: datetime) -> None:
    """Let a desk of the state owe a step, with a date where the agreement's data sets one.

    An attaché is no desk of the host and owes none.
    """
    if contact.role not in HOST_ROLES:
        contact.settle()
    elif step in contact.agreement.steps:
        owe_by_agreement(contact, step, at=at)
    else:
        contact.owe(step, at=at, due_at=None)


def _receive(exercise: Exercise, state: str, message: dict[str, Any], *, at: datetime) -> Contact:
    contact = _new(exercise, state, message, at=at)
    _owe(contact, "logging", at=at)
    acts.save(contact)
    return contact


def _new(exercise: Exercise, state: str, message: dict[str, Any], *, at: datetime) -> Contact:
    other = agreements.of(exercise).other(state)
    contact = Contact.next_of(
        exercise, requesting_state=other, host=state, received_at=at, **message
    )
    acts.of_case(contact.reference)
    return contact


def _message(
    exercise: Exercise, receiver: str, entry: str, given: dict[str, str], about: str
) -> tuple[str, dict[str, Any]]:
    """Return the state that a contact reaches, and what it says.

    What was `given` stands in place of the words of the entry.
    """
    known = world.load()
    state, _dash, role = receiver.partition("-")
    if state not in agreements.of(exercise).states or role not in RECEIVERS:
        raise ValidationError({"receiver": _("There is no such seat to reach.")})
    said: dict[str, Any] = {"role": role, "about": about, "entry": entry}
    if entry:
        if entry not in known.entries:
            raise ValidationError({"entry": _("The world's data has no such entry.")})
        one = known.entries[entry]
        said |= {
            "kind": one.kind.value,
            "source": one.source,
            "speaks_for": known.actors[one.speaks_for].name.en,
            "text": one.text.replace("{case}", about or "the flight"),
        }
    said |= {name: words for name, words in given.items() if words}
    asked = (("kind", KIND), ("source", SOURCE), ("text", TEXT))
    if missing := {name: one.empty for name, one in asked if not said.get(name)}:
        raise ValidationError(missing)
    if said["kind"] not in ContactKind.values:
        raise ValidationError({"kind": KIND.empty})
    return state, said
