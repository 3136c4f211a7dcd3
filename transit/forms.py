"""Forms of the request itself, and of the verbs of this room."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from transit.actions import CROSSING_ITEMS
from transit.models import Crossing, Revision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BoundField
    from django.utils.functional import _StrPromise

    from transit.agreements import Agreement

SECTIONS: tuple[tuple[_StrPromise, tuple[str, ...]], ...] = (
    (
        _("Aircraft"),
        (
            "call_sign",
            "spare_call_sign",
            "aircraft_type",
            "registration",
            "spare_registration",
            "operator",
        ),
    ),
    (_("Purpose"), ("category", "priority", "purpose", "legal_basis")),
    (
        _("Itinerary"),
        ("departure", "destination", "alternates", "departs_at", "arrives_at"),
    ),
    (
        _("Crew, passengers and cargo"),
        (
            "crew_count",
            "captain",
            "passenger_count",
            "passengers",
            "principals",
            "cargo",
            "cargo_kg",
        ),
    ),
    (
        _("Dangerous goods, weapons and equipment"),
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
    (_("Contact and remarks"), ("contact_name", "contact_phone", "contact_email", "remarks")),
    (
        _("Undertakings: the requesting side"),
        (
            "undertakes_route",
            "undertakes_sensors",
            "undertakes_changes",
            "undertakes_report",
        ),
    ),
)

HINTS = {
    "call_sign": _("As in item 7 of the flight plan, such as HVK4821."),
    "aircraft_type": _("ICAO designator, such as A400."),
    "registration": _("Tail or serial number; blanks are ignored."),
    "purpose": _("20 to 500 characters, in accordance with the category."),
    "departure": _("Four-letter ICAO code, such as LTAU."),
    "destination": _("Four-letter ICAO code, such as UTDD."),
    "alternates": _("ICAO codes, parted by blanks."),
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


class MomentField(forms.DateTimeField):
    """A moment in UTC, to the minute."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            widget=widget,
            error_messages={"invalid": _("Give date and time in UTC, such as 2026-09-14 07:09.")},
            **options,
        )


class LinesField(forms.CharField):
    """Several lines of text, each one entry."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), required=False, **options)

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


def as_typed(form: forms.BaseForm, names: Iterable[str]) -> QueryDict:
    """Return the form's data with codes as people mean them: capitals, no stray blanks."""
    data = QueryDict(mutable=True)
    data.update(form.data)  # type: ignore[arg-type]
    for name in names:
        key = form.add_prefix(name)
        if value := data.get(key):
            blank = " " if name == "alternates" else ""
            data[key] = blank.join(value.upper().split())
    return data


class RevisionForm(forms.ModelForm[Revision]):
    """The request form; every item may be left for later."""

    departs_at = MomentField(label=_("departure (UTC)"), required=False)
    arrives_at = MomentField(label=_("arrival (UTC)"), required=False)

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
        }

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "—"), *((code, str(text)) for code, text in agreement.categories.items())]
        self.fields["category"] = forms.ChoiceField(
            label=Revision._meta.get_field("category").verbose_name,  # type: ignore[union-attr]
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

    def clean(self) -> dict[str, Any]:
        return super().clean() or self.cleaned_data

    def _clean_fields(self) -> None:
        self.data = as_typed(self, CAPITALS)
        super()._clean_fields()  # type: ignore[misc]

    def sections(self) -> list[tuple[_StrPromise, list[BoundField]]]:
        """The items in the order of the form, grouped."""
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]


class CrossingForm(forms.ModelForm[Crossing]):
    """One crossing of one state."""

    entry_at = MomentField(label=_("entry (UTC)"))
    exit_at = MomentField(label=_("exit (UTC)"))

    class Meta:
        model = Crossing
        fields = CROSSING_ITEMS

    def _clean_fields(self) -> None:
        self.data = as_typed(self, ("state", "entry_point", "exit_point"))
        super()._clean_fields()  # type: ignore[misc]


CrossingFormSet = forms.formset_factory(CrossingForm, extra=2, max_num=20, can_delete=True)


class VerbForm(forms.Form):
    """What a verb needs to know; `details` are its parameters.

    Carries the key that makes a double click land once, and the version that it is about.
    """

    once = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    seq = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, subject: Any, seq: int = 0, **options: Any) -> None:
        self.subject = subject
        initial = {"once": uuid.uuid4(), "seen": subject.stamp, "seq": seq}
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


def text(label: _StrPromise, *, required: bool = True, most: int = 1000) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, required=required, max_length=most, widget=forms.Textarea({"rows": 3})
    )


class ReasonForm(VerbForm):
    reason = text(_("reason"))


class NoteForm(VerbForm):
    note_number = forms.CharField(
        label=_("note number"),
        max_length=30,
        help_text=_("As your ministry or mission numbers its notes; each number once."),
    )


class SendBackForm(VerbForm):
    missing = text(_("what is missing, item by item"))


class CheckPlanForm(VerbForm):
    call_sign = forms.CharField(label=_("item 7: call sign"), max_length=7)
    registration = forms.CharField(label=_("item 18, REG/: registration"), max_length=12)
    number = forms.CharField(label=_("item 18: number of the authorization"), max_length=16)


class EnterForm(VerbForm):
    entered_at = MomentField(label=_("entered (UTC)"))
    point = forms.CharField(label=_("entry point"), max_length=11)

    def suggestions(self) -> dict[str, Any]:
        planned = self.subject.revision.planned_entry
        return {"entered_at": planned.entry_at, "point": planned.entry_point} if planned else {}


class ExitForm(VerbForm):
    exited_at = MomentField(label=_("exited (UTC)"))
    point = forms.CharField(label=_("exit point"), max_length=11)

    def suggestions(self) -> dict[str, Any]:
        planned = self.subject.revision.planned_exit
        return {"exited_at": planned.exit_at, "point": planned.exit_point} if planned else {}


class LandForm(VerbForm):
    landed_at = MomentField(label=_("landed (UTC)"))

    def suggestions(self) -> dict[str, Any]:
        planned = self.subject.revision.planned_exit
        return {"landed_at": planned.exit_at} if planned else {}


class ReportForm(VerbForm):
    text = text(_("post-flight report"))
    persons_on_board = forms.IntegerField(label=_("persons on board"), min_value=1, max_value=500)


class CloseForm(VerbForm):
    findings = text(_("findings"), required=False)


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
