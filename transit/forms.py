"""Forms of the request itself, and of the verbs of this room."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from transit.actions import CROSSING_ITEMS
from transit.models import Crossing, Revision
from transit.models.form import point_form
from transit.rules import MANDATORY, faults

if TYPE_CHECKING:
    from datetime import datetime

    from django.forms import BoundField
    from django.utils.functional import _StrPromise

    from transit.agreements import Agreement


@dataclass(frozen=True)
class Section:
    """A part of the form: its name in the page, its title, what it is about, its items."""

    code: str
    title: _StrPromise
    about: _StrPromise
    items: tuple[str, ...]


SECTIONS = (
    Section(
        "aircraft",
        _("Aircraft"),
        _("Who flies, in which aircraft, and in which one if that fails."),
        (
            "call_sign",
            "spare_call_sign",
            "registration",
            "spare_registration",
            "aircraft_type",
            "operator",
        ),
    ),
    Section(
        "purpose",
        _("Purpose"),
        _("Why the flight is made, and under which instrument it is asked for."),
        ("category", "priority", "legal_basis", "purpose"),
    ),
    Section(
        "itinerary",
        _("Itinerary"),
        _("From where to where, in UTC."),
        ("departure", "departs_at", "destination", "arrives_at", "alternates"),
    ),
    Section(
        "load",
        _("Crew, passengers and cargo"),
        _("Who and what is on board."),
        (
            "crew_count",
            "passenger_count",
            "captain",
            "cargo_kg",
            "passengers",
            "principals",
            "cargo",
        ),
    ),
    Section(
        "declarations",
        _("Dangerous goods, weapons and equipment"),
        _("A statement on each is needed, also where there is nothing to declare."),
        (
            "dangerous_goods",
            "dangerous_goods_list",
            "has_personal_weapons",
            "personal_weapons",
            "has_sensors",
            "has_armament",
            "has_electronic_warfare",
            "equipment",
        ),
    ),
    Section(
        "contact",
        _("Contact and remarks"),
        _("Whom the host state reaches, day and night."),
        ("contact_name", "contact_phone", "contact_email", "remarks"),
    ),
    Section(
        "undertakings",
        _("Undertakings"),
        _("The requesting state binds itself."),
        (
            "undertakes_route",
            "undertakes_sensors",
            "undertakes_changes",
            "undertakes_report",
        ),
    ),
)

#: The crossings, which have a table of their own, follow this section.
CROSSINGS_AFTER = "itinerary"

#: How wide an item stands on the page, in characters; `full`: across both columns.
WIDTHS = {
    "call_sign": "12",
    "spare_call_sign": "12",
    "aircraft_type": "12",
    "registration": "12",
    "spare_registration": "12",
    "departure": "8",
    "destination": "8",
    "departs_at": "12",
    "arrives_at": "12",
    "crew_count": "4",
    "passenger_count": "4",
    "cargo_kg": "8",
}
ACROSS = frozenset(
    {
        "purpose",
        "passengers",
        "principals",
        "cargo",
        "dangerous_goods",
        "dangerous_goods_list",
        "personal_weapons",
        "equipment",
        "remarks",
        "undertakes_route",
        "undertakes_sensors",
        "undertakes_changes",
        "undertakes_report",
    }
)
UNITS = {"cargo_kg": "kg"}

#: What the page calls an item whose unit stands beside it.
LABELS = {
    "departs_at": _("departure"),
    "arrives_at": _("arrival"),
    "cargo_kg": _("cargo, mass"),
}

MOMENT_HINT = _("UTC, such as 2026-09-14 07:09.")

HINTS = {
    "call_sign": _("As in item 7 of the flight plan, such as HVK4821."),
    "aircraft_type": _("ICAO designator, such as A400."),
    "registration": _("Tail or serial number; blanks are ignored."),
    "purpose": _("20 to 500 characters, in accordance with the category."),
    "departure": _("Four-letter ICAO code, such as LTAU."),
    "destination": _("Four-letter ICAO code, such as UTDD."),
    "alternates": _("ICAO codes, parted by blanks."),
    "departs_at": MOMENT_HINT,
    "arrives_at": MOMENT_HINT,
    "captain": _("Fictional names only."),
    "passengers": _("Who they are, by category and number."),
    "principals": _("Title and name; fictional names only."),
    "dangerous_goods": _("An empty list is no statement: choose one."),
    "dangerous_goods_list": _("One line each: UN number, name, class, quantity."),
    "equipment": _("What is fitted, and that it is off, inactive or sealed."),
    "contact_phone": _("Reached day and night; fictional."),
}

CAPITALS = (
    "call_sign",
    "spare_call_sign",
    "aircraft_type",
    "registration",
    "spare_registration",
    "departure",
    "destination",
    "alternates",
)

DECLARATIONS = ("has_personal_weapons", "has_sensors", "has_armament", "has_electronic_warfare")


def label_of(name: str) -> str:
    """Return what the page calls an item of the form."""
    field = Revision._meta.get_field(name)
    return str(LABELS.get(name, field.verbose_name))  # type: ignore[union-attr]


def tasks(draft: Revision, *, at: datetime) -> list[dict[str, Any]]:
    """Return the sections of a draft and how many items of each are still to be completed."""
    found = faults(draft, at=at)
    rows: list[dict[str, Any]] = []
    for section in SECTIONS:
        missing = sum(name in found for name in section.items)
        rows.append({"code": section.code, "title": section.title, "missing": missing})
        if section.code == CROSSINGS_AFTER:
            missing = len(found.get("crossings", ()))
            rows.append({"code": "crossings", "title": _("Crossings"), "missing": missing})
    return rows


class MomentField(forms.DateTimeField):
    """A moment in UTC, to the minute: "2026-09-14 07:09", also with T between or Z behind.

    A text input: the browser's own would show each reader another order of day and month.
    """

    FORMAT = "%Y-%m-%d %H:%M"

    def __init__(self, *, empty: _StrPromise | None = None, **options: Any) -> None:
        messages = {"invalid": _("Give date and time in UTC, such as 2026-09-14 07:09.")}
        if empty:
            messages["required"] = empty
        super().__init__(
            widget=forms.DateTimeInput({"autocomplete": "off"}, format=self.FORMAT),
            input_formats=[self.FORMAT, "%Y-%m-%d %H%M"],
            error_messages=messages,
            **options,
        )

    def to_python(self, value: Any) -> datetime | None:
        typed = value.strip().upper().removesuffix("Z") if isinstance(value, str) else value
        try:
            moment = super().to_python(typed)
            moment = moment.astimezone(UTC) if moment else None
        except OverflowError:
            raise self.invalid() from None
        if moment and (moment.second or moment.microsecond or not 2000 <= moment.year < 2100):
            raise self.invalid()
        return moment

    def invalid(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid"], code="invalid")


class LinesField(forms.CharField):
    """Several lines of text, each one entry."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), required=False, **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        ProhibitNullCharactersValidator()(text)
        MaxLengthValidator(4000)(text)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


def put_errors(form: forms.BaseForm, error: forms.ValidationError) -> None:
    """Put what a verb found at the items that the form has, the rest on top of it."""
    faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for item, messages in faults.items():
        for message in messages:
            form.add_error(item if item in form.fields else None, message)


class Codes(forms.BaseForm):
    """A form with codes, typed as people mean them: blanks and small letters do not matter.

    No browser cuts them short while they are typed; the rules of the items judge them afterwards.
    """

    codes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.codes:
            self.fields[name].widget.attrs.pop("maxlength", None)

    def _clean_fields(self) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name in self.codes:
            key = self.add_prefix(name)
            if value := data.get(key):
                data[key] = _as_code(name, value)
        self.data = data
        super()._clean_fields()  # type: ignore[misc]


def _as_code(name: str, value: str) -> str:
    """Capitals without blanks; a list keeps one between two codes, a call sign has no hyphen."""
    if name.endswith("call_sign"):
        value = value.replace("-", "")
    return (" " if name == "alternates" else "").join(value.upper().split())


class RevisionForm(Codes, forms.ModelForm[Revision]):
    """The request form; every item may be left for later."""

    codes = CAPITALS

    departs_at = MomentField(label=LABELS["departs_at"], required=False)
    arrives_at = MomentField(label=LABELS["arrives_at"], required=False)

    class Meta:
        model = Revision
        fields = Revision.form_items()
        widgets = {
            name: forms.Textarea({"rows": 3})
            for name in (
                "purpose",
                "passengers",
                "principals",
                "cargo",
                "dangerous_goods_list",
                "personal_weapons",
                "equipment",
                "remarks",
            )
        } | {
            # A wrong number stays readable; a browser's own number field would drop it.
            name: forms.TextInput({"inputmode": "numeric"})
            for name in ("crew_count", "passenger_count", "cargo_kg")
        }

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [
            ("", "—"),
            *((code, capfirst(str(name))) for code, name in agreement.categories.items()),
        ]
        self.fields["category"] = forms.ChoiceField(
            label=Revision._meta.get_field("category").verbose_name,
            choices=choices,
            required=False,
        )
        for name in DECLARATIONS:
            self.fields[name] = forms.TypedChoiceField(
                label=Revision._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                choices=[("True", _("Yes")), ("False", _("No"))],
                coerce=lambda value: value == "True",
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
        for name, hint in HINTS.items():
            self.fields[name].help_text = hint
        self.fields["cargo_kg"].label = LABELS["cargo_kg"]
        self.fields["aircraft_type"].widget.attrs["list"] = "aircraft-types"
        for name in ("departure", "destination"):
            self.fields[name].widget.attrs["list"] = "aerodromes"

    def sections(self) -> list[dict[str, Any]]:
        """The items in the order of the form, grouped, each with its place on the page."""
        return [
            {
                "code": section.code,
                "title": section.title,
                "about": section.about,
                "items": [self._placed(name) for name in section.items],
                "before_crossings": section.code == CROSSINGS_AFTER,
            }
            for section in SECTIONS
        ]

    def _placed(self, name: str) -> dict[str, Any]:
        return {
            "field": self[name],
            "width": WIDTHS.get(name, "full"),
            "unit": UNITS.get(name, ""),
            "is_wide": name in ACROSS,
            "is_needed": name in MANDATORY,
        }


#: What makes a row of the crossings' table.
TYPED = ("state", "entry_point", "entry_at", "exit_point", "exit_at")


class CrossingForm(Codes, forms.ModelForm[Crossing]):
    """One crossing of one state."""

    codes = ("state", "entry_point", "exit_point")

    entry_at = MomentField(label=_("entry, UTC"), empty=_("Enter the time of the entry."))
    exit_at = MomentField(label=_("exit, UTC"), empty=_("Enter the time of the exit."))

    class Meta:
        model = Crossing
        fields = CROSSING_ITEMS
        error_messages = {
            "state": {"required": _("Enter the state, such as KZ.")},
            "entry_point": {"required": _("Enter the entry point.")},
            "exit_point": {"required": _("Enter the exit point.")},
        }

    @property
    def is_blank(self) -> bool:
        """Nothing was typed into the row; its action alone says nothing."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in TYPED)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_blank:
            self.errors.clear()


class BaseCrossingFormSet(forms.BaseFormSet[CrossingForm]):
    """The crossings in order of flight; a row that was emptied is a row removed."""

    def _should_delete_form(self, form: CrossingForm) -> bool:
        return form.is_blank or super()._should_delete_form(form)  # type: ignore[misc]

    def add_fields(self, form: CrossingForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("remove")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the table says, without the rows that were removed."""
        return [
            {name: form.cleaned_data[name] for name in CROSSING_ITEMS}
            for form in self.forms
            if not self._should_delete_form(form)
        ]


CrossingFormSet = forms.formset_factory(
    CrossingForm,
    formset=BaseCrossingFormSet,
    extra=1,
    max_num=20,
    absolute_max=40,
    can_delete=True,
    validate_max=True,
)


class VerbForm(forms.Form):
    """What a verb needs to know; `details` are its parameters.

    Carries the key that makes a double click land once, and the version that it is about.
    """

    once = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    seq = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, subject: Any, seen: str = "", seq: int = 0, **options: Any
    ) -> None:
        self.subject = subject
        initial = {"once": uuid.uuid4(), "seen": seen, "seq": seq}
        options["initial"] = {**initial, **self.suggestions()}
        super().__init__(*args, **options)
        self.auto_id = f"id_{self.prefix_of_ids()}_%s"

    def prefix_of_ids(self) -> str:
        """Keep the ids of several forms on one page apart."""
        return f"{type(self).__name__.lower()}_{self.subject.ref.replace('/', '_')}"

    def suggestions(self) -> dict[str, Any]:
        """What stands in the items before anybody types."""
        return {}

    @property
    def details(self) -> dict[str, Any]:
        hidden = VerbForm.base_fields.keys()
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden}

    @property
    def items(self) -> list[BoundField]:
        return self.visible_fields()


def text(
    label: _StrPromise, empty: _StrPromise | None = None, *, most: int = 1000
) -> forms.CharField:
    """A few lines of text; `empty` says what to do where they are needed and missing."""
    return forms.CharField(
        label=label,
        required=empty is not None,
        error_messages={"required": empty} if empty else None,
        max_length=most,
        widget=forms.Textarea({"rows": 3}),
    )


def line(
    label: _StrPromise, empty: _StrPromise, *, most: int, hint: Any = "", form: Any = None
) -> forms.CharField:
    """One line of text; `empty` says what to do where it is missing, `form` how it must look."""
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=hint,
        error_messages={"required": empty},
        validators=[form] if form else [],
    )


class ReasonForm(VerbForm):
    reason = text(_("reason"), _("Give the reason."))


class NoteForm(VerbForm):
    note_number = line(
        _("note number"),
        _("Enter the note number."),
        most=30,
        hint=_("As your ministry or mission numbers its notes; each number once."),
    )


class SendBackForm(VerbForm):
    missing = text(_("what is missing, item by item"), _("Say what is missing, item by item."))


class CheckPlanForm(Codes, VerbForm):
    codes = ("call_sign", "registration", "number")

    call_sign = line(_("item 7: call sign"), _("Enter the call sign as filed."), most=7)
    registration = line(
        _("item 18, REG/: registration"), _("Enter the registration as filed."), most=12
    )
    number = line(
        _("item 18: number of the authorization"), _("Enter the number as filed."), most=16
    )


class EnterForm(Codes, VerbForm):
    codes = ("point",)

    entered_at = MomentField(
        label=_("entered, UTC"), empty=_("Enter the time of the entry."), help_text=MOMENT_HINT
    )
    point = line(_("entry point"), _("Enter the entry point."), most=11, form=point_form)

    def suggestions(self) -> dict[str, Any]:
        planned = self.subject.revision.planned_entry
        return {"entered_at": planned.entry_at, "point": planned.entry_point} if planned else {}


class ExitForm(Codes, VerbForm):
    codes = ("point",)

    exited_at = MomentField(
        label=_("exited, UTC"), empty=_("Enter the time of the exit."), help_text=MOMENT_HINT
    )
    point = line(_("exit point"), _("Enter the exit point."), most=11, form=point_form)

    def suggestions(self) -> dict[str, Any]:
        planned = self.subject.revision.planned_exit
        return {"exited_at": planned.exit_at, "point": planned.exit_point} if planned else {}


class LandForm(VerbForm):
    landed_at = MomentField(
        label=_("landed, UTC"), empty=_("Enter the time of the landing."), help_text=MOMENT_HINT
    )

    def suggestions(self) -> dict[str, Any]:
        planned = self.subject.revision.planned_exit
        return {"landed_at": planned.exit_at} if planned else {}


class ReportForm(VerbForm):
    text = text(_("post-flight report"), _("Write the post-flight report."))
    persons_on_board = forms.IntegerField(
        label=_("persons on board"),
        min_value=1,
        max_value=500,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"required": _("Enter the number of persons on board.")},
    )


class CloseForm(VerbForm):
    findings = text(_("findings"))


FORMS: dict[str, type[VerbForm]] = {
    "request_release": VerbForm,
    "decline_release": ReasonForm,
    "release": VerbForm,
    "transmit": NoteForm,
    "send_back": SendBackForm,
    "revise": VerbForm,
    "withdraw": ReasonForm,
    "reply": NoteForm,
    "check_plan": CheckPlanForm,
    "enter": EnterForm,
    "exit": ExitForm,
    "land": LandForm,
    "report_not_flown": ReasonForm,
    "report": ReportForm,
    "close": CloseForm,
}
