"""What a verb needs to know, without HTML: forms, role-players and stories read the same row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = _StrPromise | str

#: The choices of a parameter: code and label, as subject, seat and moment allow.
Choices = Callable[[Any, Any, Any], Iterable[tuple[str, "Words"]]]


#: The codes of choices that go first, as subject and seat are, and what is filled in already.
Ahead = Callable[[Any, Any, Mapping[str, str]], Collection[str]]


class Kind(StrEnum):
    """What a parameter is."""

    #: A few lines of text.
    TEXT = "text"
    #: One line of text.
    LINE = "line"
    #: A message in a fixed form, such as a flight plan.
    MESSAGE = "message"
    #: Several lines, each an entry of its own: a list of texts.
    LINES = "lines"
    #: One code, typed in capitals without blanks.
    CODE = "code"
    #: Several codes in a row, parted by blanks: a list.
    CODES = "codes"
    #: One of the choices.
    CHOICE = "choice"
    #: Some of the choices: a list.
    CHOICES = "choices"
    #: A moment, UTC, to the minute.
    MOMENT = "moment"
    #: A date.
    DAY = "day"
    #: A whole number.
    NUMBER = "number"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a verb.

    `empty` is what is said where it is needed and missing; without, it may be left out. `wrong`
    is what is said of a value that is none. `most` is the greatest length, or of a number the
    greatest value, `least` the smallest. `few`: the choices are so few that all are shown.
    `ahead` says which choices go first, under `ahead_label`, where other items are filled in.
    `checks` are validators of what was typed. `when` says whether it is asked at all.
    """

    name: str
    kind: Kind
    label: Words
    empty: Words = ""
    hint: Words = ""
    wrong: Words = ""
    least: int | None = None
    most: int | None = None
    choices: Choices | None = None
    few: bool = False
    ahead: Ahead | None = None
    ahead_label: Words = ""
    checks: tuple[Callable[[Any], None], ...] = ()
    when: Callable[[Any, Any, Any], bool] | None = None

    @property
    def is_needed(self) -> bool:
        return bool(self.empty)


@dataclass(frozen=True)
class Asked:
    """A parameter as a seat is asked for it now: its choices, and what is suggested."""

    parameter: Parameter
    choices: tuple[tuple[str, str], ...] = ()
    suggestion: Any = None

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def kind(self) -> Kind:
        return self.parameter.kind


def text(name: str, label: Words, empty: Words = "", *, most: int = 1000, **more: Any) -> Parameter:
    """A few lines of text."""
    return Parameter(name, Kind.TEXT, label, empty, most=most, **more)


def line(name: str, label: Words, empty: Words, *, most: int, **more: Any) -> Parameter:
    """One line of text."""
    return Parameter(name, Kind.LINE, label, empty, most=most, **more)


def lines(name: str, label: Words, empty: Words = "", **more: Any) -> Parameter:
    """Several lines, each an entry of its own."""
    return Parameter(name, Kind.LINES, label, empty, **more)


def choice(name: str, label: Words, empty: Words, choices: Choices, **more: Any) -> Parameter:
    """One of some choices."""
    return Parameter(name, Kind.CHOICE, label, empty, choices=choices, **more)


def choices(
    name: str, label: Words, choices: Choices, *, empty: Words = "", **more: Any
) -> Parameter:
    """Some of some choices."""
    return Parameter(name, Kind.CHOICES, label, empty, choices=choices, **more)


def asked(
    takes: Iterable[Parameter],
    suggestions: dict[str, Any],
    subject: Any,
    seat: Any,
    at: Any,
) -> list[Asked]:
    """Return what a seat is asked for now, with the choices that it has.

    What may be left out and has nothing to choose from is not asked.
    """
    found = []
    for one in takes:
        if one.when and not one.when(subject, seat, at):
            continue
        options: tuple[tuple[str, str], ...] = ()
        if one.choices:
            options = tuple((code, str(label)) for code, label in one.choices(subject, seat, at))
            if not options and not one.is_needed:
                continue
        found.append(Asked(one, options, suggestions.get(one.name)))
    return found
