"""Forms by which one begins to practise."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from control.practice import DESKS
from control.telling import DOES

#: How long a sitting lasts, in real minutes.
MINUTES = (5, 10, 20)

LEVELS = (
    (1, _("1: one thing is wrong, and it shows")),
    (2, _("2: one thing, and something that only looks wrong")),
    (3, _("3: two things, less plain")),
    (4, _("4: two things that pass for right")),
    (5, _("5: up to three, well hidden")),
)


class PractiseForm(forms.Form):
    """Desk, level, minutes; a seed for whoever wants the same dossiers again."""

    desk = forms.ChoiceField(
        label=_("desk"),
        choices=[(desk.value, f"{desk.label}: {DOES[desk]}") for desk in DESKS],
        widget=forms.RadioSelect,
        initial=DESKS[3],
    )
    level = forms.TypedChoiceField(label=_("level"), choices=LEVELS, coerce=int, initial=1)
    minutes = forms.TypedChoiceField(
        label=_("how long"),
        choices=[(one, _("%(minutes)d minutes") % {"minutes": one}) for one in MINUTES],
        coerce=int,
        initial=20,
        widget=forms.RadioSelect,
    )
    seed = forms.IntegerField(
        label=_("seed"),
        help_text=_("A number: equal seeds give equal dossiers. Left empty, chance chooses."),
        required=False,
        min_value=1,
        max_value=999_999,
    )
