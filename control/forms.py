"""Forms of the instructor's verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from transit.forms import MomentField

RATES = (1, 10, 60, 600, 3600)


class RunForm(forms.Form):
    rate = forms.TypedChoiceField(
        label=_("simulated seconds per second"),
        choices=[(rate, f"×{rate}") for rate in RATES],
        coerce=int,
        initial=60,
    )


class JumpForm(forms.Form):
    to = MomentField(label=_("jump to (UTC)"))


class SitForm(forms.Form):
    holder = forms.CharField(label=_("user name"), max_length=150)


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


FORMS: dict[str, type[forms.Form]] = {"run": RunForm, "jump": JumpForm}
