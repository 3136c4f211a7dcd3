"""Forms of the instructor's verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm, UserCreationForm
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from books import agreements, calendars
from books.reading import BadFile
from casework.fields import DayField, MomentField
from control import accounts, guesses, names
from control.telling import seat_name, told_verbs
from exercises.models import Help
from exercises.people import called
from roleplay.profiles import profiles
from transit.mapping import state_name

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError

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


class SignInForm(AuthenticationForm):
    """The name of an account and its password; who fails is logged, and waits in the end."""

    def clean(self) -> dict[str, Any]:
        """Raise `TooOften` before the password is looked at, which costs memory and time."""
        guesses.check(self._guess)
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    @property
    def _guess(self) -> dict[str, int]:
        return guesses.password_of(self.cleaned_data.get("username", ""), self.request)

    def get_invalid_login_error(self) -> ValidationError:
        guesses.was_wrong(self._guess)
        return super().get_invalid_login_error()


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """The same at the door of the admin, for staff only."""


class JoinForm(forms.Form):
    """A name and its word; beyond this machine the PIN as well."""

    name = forms.CharField(
        label=_("your name"),
        max_length=200,
        help_text=_("As the others shall read it; 2 to 40 letters."),
        widget=forms.TextInput({"autocomplete": "nickname", "autofocus": True}),
    )
    word = forms.CharField(
        label=_("your word"),
        min_length=accounts.SHORTEST_WORD,
        max_length=accounts.LONGEST_WORD,
        help_text=_(
            "At the first time choose one that you will remember, of four letters or more. "
            "Afterwards it opens your name again. It is no password of yours elsewhere."
        ),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        strip=False,
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=64,
        help_text=_("The terminal in which Overflight was started shows it."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, asks_pin: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks_pin:
            del self.fields["pin"]

    def clean_name(self) -> str:
        return names.clean(self.cleaned_data["name"])


class NameForm(forms.Form):
    """What somebody is called from now on."""

    name = forms.CharField(label=_("name"), max_length=200)

    def clean_name(self) -> str:
        return names.clean(self.cleaned_data["name"])


class ListForm(forms.Form):
    """People to be put down: a name on each line."""

    written = forms.CharField(
        label=_("names, one a line"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "Who joined before is found by the name. Whoever is new chooses a word when joining."
        ),
    )


class FirstAccountForm(UserCreationForm):  # type: ignore[type-arg]
    """The first account of an installation, and the code that the terminal shows."""

    code = forms.CharField(
        label=_("code"),
        max_length=64,
        help_text=_("The terminal in which Overflight was started shows it."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class SitForm(forms.Form):
    """Who takes a seat: one of the accounts; of people, those who take part in the exercise."""

    holder = forms.ChoiceField(label=_("user name"))

    def __init__(self, *args: Any, exercise: Exercise, **options: Any) -> None:
        super().__init__(*args, **options)
        known = Q(person=None) | Q(seats__exercise=exercise) | Q(username__in=exercise.people)
        offered = get_user_model().objects.filter(known, is_active=True).distinct()
        users = offered.order_by("first_name", "username")
        self.fields["holder"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((user.get_username(), called(user)) for user in users),
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


class EraseMeForm(forms.Form):
    name = forms.CharField(
        label=_("your name"),
        help_text=_("Type it to confirm: your name and your word are deleted for good."),
    )

    def __init__(self, *args: Any, expected: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.expected = expected

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if names.fold(" ".join(name.split())) != names.fold(self.expected):
            raise forms.ValidationError(_("This is not your name."))
        return name


FORMS: dict[str, type[forms.Form]] = {
    "run": RunForm,
    "jump": JumpForm,
    "close_days": CloseDaysForm,
}
