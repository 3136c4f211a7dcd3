"""Forms of the request itself, and of the verbs of this room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from airspace import reference
from casework.fields import MomentField, NumberField, QuantityField
from casework.typed import UNITS, as_code
from transit.drafting import CROSSING_ITEMS, GOOD_ITEMS
from transit.form import ITEMS, SECTIONS, asked_as
from transit.models import Crossing, DangerousGood, Revision

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.utils.functional import _StrPromise

    from books.agreements import Agreement
    from transit.drafting import Items
    from transit.form import Item, Section


class YesOrNoField(forms.TypedChoiceField):
    """A declaration: yes, no, or not answered yet; in a list, `unanswered` is its first choice."""

    def __init__(self, *, unanswered: str = "", **options: Any) -> None:
        choices: list[tuple[str, Any]] = [("True", _("Yes")), ("False", _("No"))]
        super().__init__(
            choices=[("", unanswered), *choices] if unanswered else choices,
            coerce=lambda value: value == "True",
            empty_value=None,
            required=False,
            **options,
        )


@dataclass(frozen=True)
class Part:
    """A section of the form on its page: each item beside its field."""

    section: Section
    items: list[tuple[Item, BoundField]]


#: Codes of which there may be several, parted by one blank; the points of a route are others.
LISTS = frozenset(asked_as("codes"))


class Codes(forms.BaseForm):
    """A form with codes, typed as people mean them: signs between them and capitals do not matter.

    No browser cuts them short while they are typed; the rules of the items judge them afterwards.
    `as_typed` is what came, `data` what is read of it.
    """

    codes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.as_typed = self.data
        for name in self.codes:
            self.fields[name].widget.attrs.pop("maxlength", None)

    def _clean_fields(self) -> None:
        data = QueryDict(mutable=True)
        data.update(self.as_typed)
        for name in self.codes:
            key = self.add_prefix(name)
            if value := data.get(key):
                data[key] = _as_code(name, value)
        self.data = data
        super()._clean_fields()  # type: ignore[misc]


def _as_code(name: str, value: str) -> str:
    """Capitals without blanks; a list keeps one between two codes, a call sign has no hyphen.

    FL250 and 1863 are what people write for F250 and UN1863; routes are written with dashes too.
    """
    if name in LISTS:
        return as_code(re.sub("[/+|]", " ", value), parted=True)
    if name == "route":
        return as_code(re.sub(r"(?<=[A-Za-z])\s*[-–—]+\s*(?=\w)", " ", value), parted=True)
    code = as_code(value)
    if name.endswith("call_sign") or name == "clearance_number":
        return re.sub("[-–—.]", "", code)
    if name.endswith("registration"):
        return re.sub("[–—]", "-", code)
    if name == "cruise_level":
        return re.sub("^FL?(?=[0-9])", "F", code)
    if name == "un_number" and code.isdecimal():
        return f"UN{code}"
    return code


#: Items that name an aircraft or a flight: exercises use their own.
MARKS = {
    "call_sign": "call_sign",
    "spare_call_sign": "call_sign",
    "registration": "registration",
    "spare_registration": "registration",
}


class RevisionForm(Codes, forms.ModelForm[Revision]):
    """The request form; every item may be left for later."""

    codes = tuple(asked_as("code", "codes", "route"))

    departs_at = MomentField(label=ITEMS["departs_at"].label, required=False)
    arrives_at = MomentField(label=ITEMS["arrives_at"].label, required=False)
    stays_until = MomentField(label=ITEMS["stays_until"].label, required=False)

    class Meta:
        model = Revision
        fields = Revision.form_items()
        widgets = {name: forms.Textarea({"rows": 3}) for name in asked_as("text", "route")}
        field_classes = dict.fromkeys(asked_as("number"), NumberField)
        error_messages = {
            "aircraft_count": {"required": _("Give the number of aircraft, 1 to 4.")},
        }

    def __init__(self, *args: Any, agreement: Agreement, state: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.state = state
        choices = [
            ("", "—"),
            *((code, capfirst(str(name))) for code, name in agreement.categories.items()),
        ]
        self.fields["category"] = forms.ChoiceField(
            label=Revision._meta.get_field("category").verbose_name,
            choices=choices,
            required=False,
        )
        for name in asked_as("statement"):
            self.fields[name] = YesOrNoField(
                label=Revision._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                widget=forms.RadioSelect,
            )
        for item in ITEMS.values():
            field = self.fields[item.name]
            field.help_text, field.label = item.hint, item.label or field.label
            if isinstance(field, NumberField):
                field.unit = item.unit
        self.fields["route"].widget.attrs["spellcheck"] = "false"
        self.fields["aircraft_type"].widget.attrs["list"] = "aircraft-types"
        for name in ("departure", "destination"):
            self.fields[name].widget.attrs["list"] = "aerodromes"

    def clean(self) -> dict[str, Any] | None:
        """Take no mark of an aircraft but those of exercises; what stood there may stay."""
        cleaned = super().clean()
        for name, kind in MARKS.items():
            mark = self.cleaned_data.get(name)
            if not mark or name not in self.changed_data:
                continue
            allowed = reference.marks_of(self.state, kind)
            if not any(re.fullmatch(one.pattern, mark) for one in allowed):
                said = _("%(mark)s may belong to a real operator. Use one such as %(examples)s.")
                examples = ", ".join(one.example for one in allowed)
                self.add_error(name, said % {"mark": mark, "examples": examples})
        return cleaned

    def parts(self) -> list[Part]:
        """The sections in the order of the form, their items as they are asked for."""
        return [
            Part(section, [(item, self[item.name]) for item in section.items])
            for section in SECTIONS
        ]

    @property
    def said(self) -> Items:
        """What the form says, as it is recorded: every item that is right."""
        return {name: self.cleaned_data[name] for name in self.fields if name not in self.errors}


class RowForm(Codes, forms.BaseModelForm[Any]):
    """One row of a table of the form. `called` is what people call it, beside its number.

    `preset` are the items that say something before anybody types.
    """

    called: ClassVar[_StrPromise]
    preset: ClassVar[tuple[str, ...]] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing was typed into the row; what is preset says nothing."""
        items = self.fields.keys() - {*self.preset, "DELETE"}
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in items)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_blank:
            self.errors.clear()

    @property
    def said(self) -> Items | None:
        """What of the row can be saved: where something is wrong, what stood there before.

        None if that is no whole row.
        """
        items = self.fields.keys() - {"DELETE"}
        right = {name: self.cleaned_data[name] for name in items if name not in self.errors}
        before = {name: self.initial[name] for name in items if name in self.initial}
        for row in (before | right, before):
            try:
                self._meta.model(**row).clean()
            except forms.ValidationError:
                continue
            if all(row.get(name) for name, field in self.fields.items() if field.required):
                return row
        return None


class CrossingForm(RowForm, forms.ModelForm[Crossing]):
    """One crossing of one state."""

    called = _("Crossing")
    preset = ("action",)
    codes = ("state", "entry_point", "exit_point", "clearance_number")

    entry_at = MomentField(label=_("entry, UTC"), empty=_("Enter the time of the entry."))
    exit_at = MomentField(label=_("exit, UTC"), empty=_("Enter the time of the exit."))

    class Meta:
        model = Crossing
        fields = CROSSING_ITEMS
        labels = {"ground_minutes": _("on the ground, minutes")}
        field_classes = {"ground_minutes": NumberField}
        error_messages = {
            "state": {"required": _("Enter the state, such as KZ.")},
            "entry_point": {"required": _("Enter the entry point.")},
            "exit_point": {"required": _("Enter the exit point.")},
        }


class GoodForm(RowForm, forms.ModelForm[DangerousGood]):
    """One line of dangerous goods."""

    called = _("Dangerous goods, line")
    preset = ("net_unit",)
    codes = ("un_number", "hazard_class", "from_point", "to_point")

    compliant = YesOrNoField(label=_("ICAO/IATA compliant"), unanswered="—")

    class Meta:
        model = DangerousGood
        fields = GOOD_ITEMS
        field_classes = {
            "gross_kg": QuantityField,
            "net_quantity": QuantityField,
            "net_explosive_kg": QuantityField,
            "packages": NumberField,
        }
        labels = {
            "gross_kg": _("gross mass, kg"),
            "net_explosive_kg": _("NEQ, kg"),
            "from_point": _("on board from"),
            "to_point": _("on board to"),
        }
        error_messages = {
            "un_number": {"required": _("Enter the UN number, such as UN1863.")},
            "proper_shipping_name": {"required": _("Enter the proper shipping name.")},
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("from_point", "to_point"):
            self.fields[name].widget.attrs["list"] = "aerodromes"
        for name in ("gross_kg", "net_explosive_kg"):
            self.fields[name].unit = "kg"  # type: ignore[attr-defined]
        unit = self["net_unit"].value()
        self.fields["net_quantity"].unit = unit if unit in UNITS else ""  # type: ignore[attr-defined]


class BaseRows(forms.BaseFormSet[RowForm]):
    """The rows of a table in their order; a row that was emptied is a row removed."""

    default_error_messages = forms.BaseFormSet.default_error_messages | {
        "too_many_forms": _("This table has room for %(num)d rows.")
    }

    def _should_delete_form(self, form: RowForm) -> bool:
        return form.is_blank or super()._should_delete_form(form)  # type: ignore[misc]

    def _construct_form(self, index: int, **options: Any) -> RowForm:
        """A row is judged by what is typed, also one that says what stood there before."""
        form: RowForm = super()._construct_form(index, **options | {"empty_permitted": False})  # type: ignore[misc]
        return form

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("remove")

    @property
    def said(self) -> list[Items]:
        """What the table says, row by row, without the rows that were removed."""
        kept = (form.said for form in self.forms if not self._should_delete_form(form))
        return [row for row in kept if row is not None]


CrossingFormSet = forms.formset_factory(
    CrossingForm,
    formset=BaseRows,
    extra=1,
    max_num=20,
    absolute_max=40,
    can_delete=True,
    validate_max=True,
)

GoodFormSet = forms.formset_factory(
    GoodForm,
    formset=BaseRows,
    extra=1,
    max_num=40,
    absolute_max=80,
    can_delete=True,
    validate_max=True,
)
