"""Forms of the request itself, and of the verbs of this room."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from exercises.models import Help
from transit import filing
from transit.actions import CROSSING_ITEMS, GOOD_ITEMS
from transit.completeness import MANDATORY, faults
from transit.models import Crossing, DangerousGood, Revision
from transit.models.form import point_form

if TYPE_CHECKING:
    from datetime import datetime

    from django.forms import BoundField
    from django.utils.functional import _StrPromise

    from books.agreements import Agreement
    from exercises.models import Seat


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
            "aircraft_count",
            "operator",
            "used_as",
            "escort",
        ),
    ),
    Section(
        "purpose",
        _("Purpose"),
        _("Why the flight is made, and under which instrument it is asked for."),
        (
            "category",
            "priority",
            "legal_basis",
            "annual_number",
            "purpose",
            "short_notice_reason",
        ),
    ),
    Section(
        "itinerary",
        _("Itinerary"),
        _("From where to where, in UTC."),
        (
            "departure",
            "departs_at",
            "destination",
            "arrives_at",
            "alternates",
            "flight_rules",
            "cruise_level",
            "cruise_knots",
            "route",
            "activity",
            "leaves_behind",
        ),
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
            "has_ammunition",
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

#: What is told line by line has a table of its own, which follows a section.
TABLES = {
    "itinerary": ("crossings", _("Crossings")),
    "declarations": ("goods", _("Dangerous goods, line by line")),
}

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
    "aircraft_count": "4",
    "annual_number": "12",
    "cruise_level": "8",
    "cruise_knots": "8",
    "crew_count": "4",
    "passenger_count": "4",
    "cargo_kg": "8",
}
ACROSS = frozenset(
    {
        "purpose",
        "short_notice_reason",
        "route",
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
UNITS = {"cargo_kg": "kg", "cruise_knots": _("kt")}

#: What the page calls an item whose unit stands beside it.
LABELS = {
    "departs_at": _("departure"),
    "arrives_at": _("arrival"),
    "cargo_kg": _("cargo, mass"),
    "cruise_knots": _("cruise speed"),
}

MOMENT_HINT = _("UTC, such as 2026-09-14 07:09.")

HINTS = {
    "call_sign": _("As in item 7 of the flight plan, such as HVK4821."),
    "aircraft_type": _("ICAO designator, such as A400."),
    "registration": _("Tail or serial number; spaces are ignored."),
    "aircraft_count": _("1 to 4; one request for each formation."),
    "used_as": _("Use makes a state aircraft, not its registration (Chicago Convention, Art. 3)."),
    "escort": _("ICAO designators of aircraft that go along, separated by spaces."),
    "annual_number": _("If the flight is made under one, such as EXKZ26A0007."),
    "short_notice_reason": _("Only where the host gets less notice than it asks for."),
    "purpose": _("20 to 500 characters, in accordance with the category."),
    "departure": _("Four-letter ICAO code, such as LTAU."),
    "destination": _("Four-letter ICAO code, such as UTDD."),
    "alternates": _("ICAO codes, separated by spaces."),
    "departs_at": MOMENT_HINT,
    "arrives_at": MOMENT_HINT,
    "cruise_level": _("The lowest flown in cruise, such as F250."),
    "cruise_knots": _("True airspeed; without it, that of the type is taken."),
    "route": _(
        "Points in order of flight, from departure to destination, as in item 15 of the flight "
        "plan: LTAU NOLGA LAGAS ADEKI UBBB BALUN UATE URASA UZSS UTDD."
    ),
    "activity": _("Anything but direct transit, anywhere on the way."),
    "captain": _("Fictional names only."),
    "passengers": _("Who they are, by category and number."),
    "principals": _("Title and name; fictional names only."),
    "dangerous_goods": _("An empty list is no statement: choose one."),
    "dangerous_goods_list": _("What the lines below do not say."),
    "equipment": _("What is fitted, and that it is off, inactive or sealed."),
    "contact_phone": _("Reached day and night; fictional."),
}

CAPITALS = (
    "call_sign",
    "spare_call_sign",
    "aircraft_type",
    "registration",
    "spare_registration",
    "escort",
    "annual_number",
    "departure",
    "destination",
    "alternates",
    "cruise_level",
    "route",
)

#: Codes of which there may be several, parted by one blank.
LISTS = frozenset({"alternates", "escort", "route"})

DECLARATIONS = (
    "has_personal_weapons",
    "has_ammunition",
    "has_sensors",
    "has_armament",
    "has_electronic_warfare",
)

COUNTS = ("aircraft_count", "cruise_knots", "crew_count", "passenger_count", "cargo_kg")


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
        if section.code in TABLES:
            code, title = TABLES[section.code]
            rows.append({"code": code, "title": title, "missing": len(found.get(code, ()))})
    return rows


def plain(amount: Decimal) -> str:
    """Write an amount without zeros behind: some read 400.000 as thousands."""
    return f"{amount.normalize():f}"


def number_input(mode: str = "numeric") -> forms.TextInput:
    """A wrong number stays readable; a browser's own number field would drop it."""
    return forms.TextInput({"inputmode": mode, "autocomplete": "off"})


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


class QuantityField(forms.DecimalField):
    """A mass or volume."""

    def __init__(self, **options: Any) -> None:
        invalid = {"invalid": _("Give a number with a decimal point, such as 12.5.")}
        super().__init__(**options | {"widget": number_input("decimal"), "error_messages": invalid})

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


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
    """Capitals without blanks; a list keeps one between two codes, a call sign has no hyphen.

    FL250 and 1863 are what people write for F250 and UN1863.
    """
    code = (" " if name in LISTS else "").join(value.upper().split())
    if name.endswith("call_sign"):
        return code.replace("-", "")
    if name == "cruise_level":
        return code.replace("FL", "F")
    if name == "un_number" and code.isdecimal():
        return f"UN{code}"
    return code


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
                "short_notice_reason",
                "route",
                "passengers",
                "principals",
                "cargo",
                "dangerous_goods_list",
                "personal_weapons",
                "equipment",
                "remarks",
            )
        } | {name: number_input() for name in COUNTS}
        error_messages = {
            "aircraft_count": {"required": _("Give the number of aircraft, 1 to 4.")},
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
            self.fields[name] = YesOrNoField(
                label=Revision._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                widget=forms.RadioSelect,
            )
        for name, hint in HINTS.items():
            self.fields[name].help_text = hint
        for name in UNITS:
            self.fields[name].label = LABELS[name]
        self.fields["route"].widget.attrs["spellcheck"] = "false"
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
                "table": TABLES.get(section.code, [""])[0],
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
        widgets = {"ground_minutes": number_input()}
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
        }
        labels = {
            "gross_kg": _("gross mass, kg"),
            "net_explosive_kg": _("NEQ, kg"),
            "from_point": _("on board from"),
            "to_point": _("on board to"),
        }
        widgets = {"packages": number_input()}
        error_messages = {
            "un_number": {"required": _("Enter the UN number, such as UN1863.")},
            "proper_shipping_name": {"required": _("Enter the proper shipping name.")},
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("from_point", "to_point"):
            self.fields[name].widget.attrs["list"] = "aerodromes"


class BaseRows(forms.BaseFormSet[RowForm]):
    """The rows of a table in their order; a row that was emptied is a row removed."""

    default_error_messages = forms.BaseFormSet.default_error_messages | {
        "too_many_forms": _("This table has room for %(num)d rows.")
    }

    def _should_delete_form(self, form: RowForm) -> bool:
        return form.is_blank or super()._should_delete_form(form)  # type: ignore[misc]

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("remove")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the table says, without the rows that were removed."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if not self._should_delete_form(form)
        ]


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


class VerbForm(forms.Form):
    """What a verb needs to know; `details` are its parameters.

    Carries the key that makes a double click land once, and the version that it is about. `seat`
    and `at` are who asks for it and when: some choices depend on them.
    """

    once = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    seq = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        subject: Any,
        seat: Seat,
        at: datetime,
        seen: str = "",
        seq: int = 0,
        **options: Any,
    ) -> None:
        self.subject, self.seat, self.at = subject, seat, at
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


class FilePlanForm(VerbForm):
    message = forms.CharField(
        label=_("flight plan message"),
        max_length=2000,
        widget=forms.Textarea({"rows": 8, "class": "mono", "spellcheck": "false"}),
        help_text=_("The ICAO FPL message, proposed from the authorization; change what differs."),
        error_messages={"required": _("Give the flight plan message.")},
    )

    def suggestions(self) -> dict[str, Any]:
        movement = self.subject
        is_exam = movement.flight.exercise.help == Help.OFF
        proposed = "" if is_exam else filing.proposed(movement.authorization)
        return {"message": movement.plan or proposed}


class CheckPlanForm(VerbForm):
    remarks = text(_("how each discrepancy was cleared up"))


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


class JustifyForm(VerbForm):
    reason = text(
        _("justification of short notice"), _("Say why the request could not come earlier.")
    )

    def suggestions(self) -> dict[str, Any]:
        draft = self.subject.draft
        return {"reason": draft.short_notice_reason} if draft else {}


class CloseForm(VerbForm):
    findings = text(_("findings"))


FORMS: dict[str, type[VerbForm]] = {
    "justify": JustifyForm,
    "request_release": VerbForm,
    "decline_release": ReasonForm,
    "release": VerbForm,
    "transmit": NoteForm,
    "send_back": SendBackForm,
    "revise": VerbForm,
    "withdraw": ReasonForm,
    "reply": NoteForm,
    "file_plan": FilePlanForm,
    "check_plan": CheckPlanForm,
    "enter": EnterForm,
    "exit": ExitForm,
    "land": LandForm,
    "report_not_flown": ReasonForm,
    "report": ReportForm,
    "close": CloseForm,
}
