"""The form of a verb, made from what the verb takes; and the fields that other forms share."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from audit.parameters import Kind
from casework.fields import DayField, MomentField, NumberField
from casework.typed import MOMENT_HINT, as_code
from exercises.seating import mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from django.forms import BoundField

    from audit.parameters import Asked
    from audit.verbs import Verb
    from exercises.models import Seat

#: From so many choices on they stand in a box of their own that scrolls.
MANY = 20


class LinesField(forms.CharField):
    """Several lines of text, each one entry."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        ProhibitNullCharactersValidator()(text)
        MaxLengthValidator(4000)(text)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class CodeField(forms.CharField):
    """One code; the rules of the item judge it as people mean it."""

    def to_python(self, value: Any) -> str:
        return as_code(super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No browser cuts a code short while it is typed."""
        return {}


class CodesField(CodeField):
    """Several codes in a row."""

    def to_python(self, value: Any) -> str:
        return as_code(forms.CharField.to_python(self, value) or "", parted=True)

    def clean(self, value: Any) -> Any:
        return str(super().clean(value)).split()


class AskedElsewhere(forms.ValidationError):
    """What is missing is asked for on a page of its own, below that of the case."""

    page: ClassVar[str]


class FaultsElsewhere(forms.ValidationError):
    """What is wrong stands on a page below that of the case: each fault leads to its item there."""

    page: ClassVar[str]

    def place(self, item: str) -> str:
        """Return the id of an item on the page."""
        return f"id_{item}"


class VerbForm(forms.Form):
    """What a verb needs to know; `details` are its parameters.

    Carries the key that makes a double click land once, and the stamp of what it is about.
    `filled` are items that the link filled in which led to it.
    """

    once = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    since = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)

    #: What is unusual about what was typed; the same form, sent again, confirms it.
    doubts: tuple[str, ...] = ()

    def __init__(
        self,
        verb: Verb,
        data: Any = None,
        *,
        subject: Any,
        seat: Seat,
        at: datetime,
        seen: str = "",
        filled: Mapping[str, str] | None = None,
    ) -> None:
        asked = verb.asks(subject, seat, at)
        filled = {one.name: filled[one.name] for one in asked if filled and one.name in filled}
        shown = seat.exercise.shown_to(seat)
        initial = {"once": uuid.uuid4(), "seen": seen, "since": mark_of(seat.exercise, shown)}
        initial |= {one.name: _shown(one) for one in asked if one.suggestion is not None}
        super().__init__(data, initial=initial | filled)
        self._verb, self._subject = verb, subject
        self.fields |= {one.name: field_of(one) for one in asked}
        for one in asked:
            if one.parameter.ahead:
                ahead = one.parameter.ahead(subject, seat, filled)
                _put_ahead(self.fields[one.name], one, ahead)
        # Several forms stand on one page: their ids are kept apart.
        self.auto_id = f"id_{verb.code}_{subject.ref.replace('/', '_')}_%s"

    @property
    def details(self) -> dict[str, Any]:
        hidden = VerbForm.base_fields.keys()
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden}

    def is_doubted(self, at: datetime) -> bool:
        """Say whether a valid form is unusual in a way that nobody confirmed; it then asks."""
        if self._verb.doubts is None:
            return False
        doubts = tuple(self._verb.doubts(self._subject, self.details, at))
        mark = hashlib.sha256(repr(doubts).encode()).hexdigest()[:12] if doubts else ""
        if mark == self.cleaned_data["confirmed"]:
            return False
        self.doubts = doubts
        sent: Any = self.data
        sent = self.data = sent.copy()
        sent["confirmed"] = mark
        return bool(doubts)

    @property
    def items(self) -> list[BoundField]:
        return self.visible_fields()


def field_of(asked: Asked) -> forms.Field:
    """Return the field in which a parameter is asked for."""
    parameter = asked.parameter
    messages = {
        key: said
        for key, said in (("required", parameter.empty), ("invalid", parameter.wrong))
        if said
    }
    common: dict[str, Any] = {
        "label": parameter.label,
        "help_text": parameter.hint,
        "required": parameter.is_needed,
        "error_messages": messages,
        "validators": parameter.checks,
    }
    return _FIELDS[parameter.kind](asked, common)


def _put_ahead(field: Any, asked: Asked, ahead: Collection[str]) -> None:
    """Let the choices with these codes go first, under a heading of their own."""
    first = [one for one in asked.choices if one[0] in ahead]
    if first:
        others = [one for one in asked.choices if one[0] not in ahead]
        field.choices = [("", "—"), (asked.parameter.ahead_label, first), (_("Others"), others)]


def put_errors(form: forms.BaseForm, error: forms.ValidationError) -> None:
    """Put what a verb found at the items that the form has, the rest on top of it."""
    faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for item, messages in faults.items():
        for message in messages:
            found = forms.ValidationError(message)
            if isinstance(error, FaultsElsewhere):
                found.where = f"{error.page}#{error.place(item)}"  # type: ignore[attr-defined]
            form.add_error(item if item in form.fields else None, found)


def _text(asked: Asked, common: dict[str, Any]) -> forms.Field:
    area = forms.Textarea({"rows": 3})
    return forms.CharField(max_length=asked.parameter.most, widget=area, **common)


def _line(asked: Asked, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=asked.parameter.most, **common)


def _message(asked: Asked, common: dict[str, Any]) -> forms.Field:
    area = forms.Textarea({"rows": 8, "class": "mono", "spellcheck": "false"})
    return forms.CharField(max_length=asked.parameter.most, widget=area, **common)


def _lines(asked: Asked, common: dict[str, Any]) -> forms.Field:
    return LinesField(**common)


def _code(asked: Asked, common: dict[str, Any]) -> forms.Field:
    return CodeField(max_length=asked.parameter.most, **common)


def _codes(asked: Asked, common: dict[str, Any]) -> forms.Field:
    return CodesField(max_length=asked.parameter.most, **common)


def _choice(asked: Asked, common: dict[str, Any]) -> forms.Field:
    common.pop("validators")
    if asked.parameter.few:
        return forms.ChoiceField(choices=asked.choices, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[("", "—"), *asked.choices], **common)


def _choices(asked: Asked, common: dict[str, Any]) -> forms.Field:
    common.pop("validators")
    if wrong := common["error_messages"].pop("invalid", None):
        common["error_messages"]["invalid_choice"] = wrong
    boxes = forms.CheckboxSelectMultiple({"class": "many"} if len(asked.choices) > MANY else None)
    return forms.MultipleChoiceField(choices=asked.choices, widget=boxes, **common)


def _moment(asked: Asked, common: dict[str, Any]) -> forms.Field:
    del common["error_messages"]
    common["help_text"] = common["help_text"] or MOMENT_HINT
    return MomentField(empty=asked.parameter.empty, **common)


def _day(asked: Asked, common: dict[str, Any]) -> forms.Field:
    return DayField(**common)


def _number(asked: Asked, common: dict[str, Any]) -> forms.Field:
    least, most = asked.parameter.least, asked.parameter.most
    return NumberField(min_value=least, max_value=most, **common)


_FIELDS: dict[Kind, Callable[[Asked, dict[str, Any]], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.LINE: _line,
    Kind.MESSAGE: _message,
    Kind.LINES: _lines,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.MOMENT: _moment,
    Kind.DAY: _day,
    Kind.NUMBER: _number,
}


def _shown(asked: Asked) -> Any:
    """Return a suggestion as its field shows it: lists of lines one below the other."""
    if asked.kind == Kind.LINES and isinstance(asked.suggestion, list):
        return "\n".join(asked.suggestion)
    return asked.suggestion
