"""Forms by which one begins to practise, and holds and begins an exam."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from control import exams
from control.practice import DESKS
from control.telling import DOES
from exercises.models import Role
from scenarios.models import Variant

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


class HoldForm(forms.Form):
    """What an exam is: its name, desks, dossiers and minutes."""

    name = forms.CharField(
        label=_("name"),
        max_length=exams.LONGEST_NAME,
        help_text=_("As the class shall read it, such as: Monday's exam."),
    )
    desks = forms.TypedMultipleChoiceField(
        label=_("desks"),
        help_text=_("Each person chooses one of these."),
        choices=[(desk.value, f"{desk.label}: {DOES[desk]}") for desk in DESKS],
        coerce=Role,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one desk.")},
    )
    number = forms.IntegerField(
        label=_("dossiers"), min_value=exams.FEWEST, max_value=exams.MOST, initial=10
    )
    level = forms.TypedChoiceField(label=_("level"), choices=LEVELS, coerce=int, initial=2)
    minutes = forms.IntegerField(
        label=_("minutes"),
        help_text=_("Of real time, for each person from when they begin. Then it ends by itself."),
        min_value=exams.SHORTEST,
        max_value=exams.LONGEST,
        initial=45,
    )
    variant = forms.TypedChoiceField(
        label=_("form"),
        help_text=_(
            "The forms of one seed are equally hard and share no dossier: one before a course and "
            "the other after it measure what was gained."
        ),
        choices=Variant,
        coerce=Variant,
        initial=Variant.A,
        widget=forms.RadioSelect,
    )
    seed = forms.IntegerField(
        label=_("seed"),
        help_text=_(
            "A number: equal seeds give equal dossiers. Keep it to yourself. Left empty, chance "
            "chooses; you read it on the page of the exam."
        ),
        required=False,
        min_value=1,
        max_value=999_999,
    )


class BeginForm(forms.Form):
    """Which desk of an exam one sits at."""

    desk = forms.TypedChoiceField(label=_("your desk"), coerce=Role, widget=forms.RadioSelect)

    def __init__(self, *args: Any, desks: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["desk"]
        field.choices = [(code, f"{Role(code).label}: {DOES[Role(code)]}") for code in desks]
        if len(desks) == 1:
            field.initial = desks[0]
