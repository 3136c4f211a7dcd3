"""Forms of the instructor's verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from books import agreements, calendars
from books.reading import BadFile
from casework.fields import DayField, MomentField
from control.telling import seat_name, told_verbs
from exercises.models import Help
from roleplay.profiles import profiles
from transit.mapping import state_name

if TYPE_CHECKING:
    from exercises.models import Exercise

RATES = (1, 10, 60, 600, 3600)


class RunForm(forms.Form):
    rate = forms.TypedChoiceField(
        label=_("simulated seconds per second"),
        choices=[(rate, f"×{rate}") for rate in RATES],
        coerce=int,
        initial=60,
    )


class JumpForm(forms.Form):
    to = MomentField(label=_("jump to (UTC)"), help_text=_("Such as 2026-09-14 07:09."))


#: Stands in the filter of the record for what nobody did.
CLOCK = "CLOCK"


class RecordForm(forms.Form):
    """Which events of the record are shown."""

    seat = forms.ChoiceField(label=_("by"), required=False)
    case = forms.CharField(label=_("case"), max_length=24, required=False)
    verb = forms.ChoiceField(label=_("event"), required=False)
    since = MomentField(label=_("from (UTC)"), required=False)
    until = MomentField(label=_("until (UTC)"), required=False)

    def __init__(self, *args: Any, exercise: Exercise, **options: Any) -> None:
        super().__init__(*args, **options)
        terms = agreements.of(exercise)
        keys = exercise.seats.order_by("pk").values_list("state", "role")
        seats = [f"{state}-{role}" if state else role for state, role in keys]
        named = [(key, seat_name(key, terms)) for key in seats]
        verbs = sorted(told_verbs().items(), key=lambda one: one[1])
        choices = {
            "seat": [("", _("anybody")), (CLOCK, _("Clock")), *named],
            "verb": [("", _("any")), *verbs],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered


def _states() -> list[tuple[str, str]]:
    """Return the states of the calendars by name, fictional ones as their agreement says it."""
    parties = {code: terms for terms in agreements.shipped() for code in terms.states}
    codes = calendars.states(calendars.LATEST)
    named = [(code, state_name(code, parties.get(code))) for code in codes]
    return sorted(named, key=lambda one: one[1])


class CloseDaysForm(forms.Form):
    """Days on which the offices of a state close beside its calendar."""

    state = forms.ChoiceField(label=_("state"), choices=_states)
    first = DayField(label=_("first day"), help_text=_("Such as 2026-09-14."))
    last = DayField(label=_("last day"), required=False)
    ground = forms.CharField(label=_("ground"), max_length=80, initial=_("Administrative leave"))


class OpenForm(forms.Form):
    """A new exercise, which starts paused at a moment of simulated time."""

    name = forms.CharField(label=_("name"), max_length=80)
    start = MomentField(
        label=_("start (UTC)"),
        help_text=_("Simulated time, such as 2026-09-07 06:00: a Monday morning in both capitals."),
    )
    agreement = forms.ChoiceField(label=_("agreement"), initial=agreements.SHIPPED)
    help = forms.ChoiceField(
        label=_("help"),
        choices=Help,
        initial=Help.OPEN,
        help_text=_("Who sees the product's findings, map, calculators and plan comparison, when."),
    )
    solo = forms.BooleanField(
        label=_("I hold every seat and work alone, step by step"), required=False
    )
    role_players = forms.BooleanField(
        label=_("Role-players play the seats that nobody holds"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices, faulty = [], []
        for code in agreements.codes():
            try:
                title = agreements.load(code, agreements.latest(code)).called
            except (BadFile, agreements.UnknownAgreement):
                faulty.append(code)
            else:
                choices.append((code, f"{code}: {title}"))
        self.fields["agreement"].choices = choices  # type: ignore[attr-defined]
        if faulty:
            self.fields["agreement"].help_text = _(
                "Not offered, since its file has faults, which `manage.py check` names: %(codes)s."
            ) % {"codes": ", ".join(faulty)}


class SitForm(forms.Form):
    """Who takes a seat: one of the accounts."""

    holder = forms.ChoiceField(label=_("user name"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = get_user_model().objects.filter(is_active=True).order_by("username")
        self.fields["holder"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((name, name) for name in names.values_list("username", flat=True)),
        ]


class CastForm(forms.Form):
    """Which role-player plays each seat while nobody holds it."""

    def __init__(self, *args: Any, exercise: Exercise, **options: Any) -> None:
        super().__init__(*args, **options)
        terms = agreements.of(exercise)
        choices = [("", _("nobody")), *((code, str(one.label)) for code, one in profiles().items())]
        for seat in exercise.seats.all():
            if not seat.is_instructor:
                self.fields[seat.key] = forms.ChoiceField(
                    label=seat_name(seat.key, terms),
                    choices=choices,
                    initial=exercise.cast.get(seat.key, ""),
                    required=False,
                )

    @property
    def seats(self) -> dict[str, str]:
        """The seats that are cast, each with its profile."""
        return {key: profile for key, profile in self.cleaned_data.items() if profile}


class EraseForm(forms.Form):
    name = forms.CharField(
        label=_("name of the exercise"),
        help_text=_("Type it to confirm: the exercise and its record are deleted for good."),
    )

    def __init__(self, *args: Any, expected: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.expected = expected

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self.expected:
            raise forms.ValidationError(_("This is not the name of the exercise."))
        return name


FORMS: dict[str, type[forms.Form]] = {
    "run": RunForm,
    "jump": JumpForm,
    "close_days": CloseDaysForm,
}
