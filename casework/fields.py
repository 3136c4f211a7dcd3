"""Fields for what people type: moments, days, numbers, codes. Each says what it understood."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from books import agreements
from casework import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime, tzinfo

    from django.utils.functional import _StrPromise

    from casework.typed import Zones
    from exercises.models import Exercise


def number_input(mode: str = "numeric") -> forms.TextInput:
    """A wrong number stays readable; a browser's own number field would drop it."""
    return forms.TextInput({"inputmode": mode, "autocomplete": "off"})


class MomentField(forms.DateTimeField):
    """A moment in UTC, to the minute, written as `typed.read_moment` reads it.

    A text input: the browser's own would show each reader another order of day and month.
    """

    FORMAT = "%Y-%m-%d %H:%M"

    def __init__(self, *, empty: _StrPromise | str = "", **options: Any) -> None:
        messages = {"required": empty} if empty else {}
        widget = forms.DateTimeInput({"autocomplete": "off"}, format=self.FORMAT)
        super().__init__(widget=widget, error_messages=messages, **options)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        return typed.read_moment(value) if isinstance(value, str) else super().to_python(value)

    def in_words(self, value: datetime, zones: Zones) -> str:
        return typed.moment_in_words(value, zones)


class DayField(forms.DateField):
    """A day, written as `typed.read_day` reads it."""

    FORMAT = "%Y-%m-%d"

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"autocomplete": "off"}, format=self.FORMAT)
        super().__init__(**{"widget": widget} | options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            with _own_words(self, forms.DateField):
                return typed.read_day(value)
        return super().to_python(value)

    def in_words(self, value: date, zones: Zones) -> str:
        return typed.day_in_words(value)


class NumberField(forms.IntegerField):
    """A whole number, written as `typed.read_number` reads it; `unit` is one of `typed.UNITS`."""

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(**{"widget": number_input()} | options)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        with _own_words(self, forms.IntegerField):
            return int(typed.read_number(str(value), unit=self.unit))

    def in_words(self, value: int, zones: Zones) -> str:
        return typed.number_in_words(value, self.unit)


class QuantityField(forms.DecimalField):
    """A mass or volume to three places; a decimal comma is read where it is nothing else."""

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(**options | {"widget": number_input("decimal")})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value not in self.empty_values:
            return typed.read_number(value, places=3, unit=self.unit)
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return typed.written(value) if isinstance(value, Decimal) else value

    def in_words(self, value: Decimal, zones: Zones) -> str:
        return typed.number_in_words(value, self.unit)


def capitals(exercise: Exercise) -> list[tuple[str, tzinfo]]:
    """Return the capitals of the parties and their zones, in which moments are said."""
    states = agreements.of(exercise).states
    return [(str(state.capital), exercise.office(code).zone) for code, state in states.items()]


@contextmanager
def _own_words(field: forms.Field, kind: type[forms.Field]) -> Iterator[None]:
    """Let a field with words of its own for what cannot be read say them."""
    try:
        yield
    except forms.ValidationError as error:
        own = field.error_messages["invalid"]
        if error.code != "invalid" or own == kind.default_error_messages["invalid"]:
            raise
        raise forms.ValidationError(own, "invalid") from None


def echo(field: forms.Field, typed_in: Any, zones: Zones) -> str | None:
    """Say how one item is read: nothing if it is empty or says the same; None if it never says.

    Raises `ValidationError` if it cannot be read.
    """
    in_words = getattr(field, "in_words", None)
    if in_words is None:
        return None
    value = field.to_python(typed_in)
    words = "" if value is None else str(in_words(value, zones))
    number, _sign, _unit = words.partition("\N{NO-BREAK SPACE}")  # the unit stands beside it
    return "" if str(typed_in).strip() in (words, number) else words


def told(past: _StrPromise | str, items: Iterable[str]) -> str:
    """Say that something was done, and how what was typed for it was read."""
    read = "; ".join(items)
    return f"{past}. " + _("Understood: %(items)s.") % {"items": read} if read else f"{past}."


def understood(form: forms.BaseForm, zones: Zones) -> Iterator[str]:
    """Say of each item that was read otherwise than it was typed, how it was read.

    `form` is bound and was cleaned; what is wrong in it is not said.
    """
    as_typed = getattr(form, "as_typed", form.data)
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        written = as_typed.get(form.add_prefix(name))
        if value in (None, "") or not isinstance(written, str):
            continue
        if hasattr(field, "in_words"):
            shown, words = field.widget.format_value(field.prepare_value(value)), field.in_words
            said = words(value, zones)
        elif isinstance(field.widget, forms.TextInput | forms.Textarea) and isinstance(value, str):
            shown = said = value
        else:
            continue
        if " ".join(written.split()) != " ".join(str(shown).split()):
            yield _("%(item)s: %(words)s") % {"item": capfirst(str(field.label)), "words": said}
