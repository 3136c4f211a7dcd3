"""Forms of the verbs of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from approvals import checks
from approvals.models import ANSWERS, Answer, Disposal
from approvals.verbs import latest_round
from exercises.models import Role
from transit import forms as transit_forms
from transit.forms import LinesField, VerbForm, line, text


class ConcurForm(VerbForm):
    answer = forms.ChoiceField(
        label=_("answer"),
        choices=[(one.value, one.label) for one in ANSWERS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    conditions = LinesField(label=_("conditions"), help_text=_("One line each."))
    reason = text(_("reasons"))

    def suggestions(self) -> dict[str, Any]:
        """The lead desk consolidates: it starts from the conditions of the others."""
        if not self.subject.definition.is_lead:
            return {}
        gathered = [
            *gathered_conditions(self.subject.flight),
            *checks.suggested_conditions(self.subject.flight, self.seat, at=self.at),
        ]
        if not gathered:
            return {}
        lines = "\n".join(dict.fromkeys(gathered))
        return {"answer": Answer.CONCUR_WITH_CONDITIONS, "conditions": lines}


class EnterAnswerForm(ConcurForm):
    paper = line(
        _("paper"),
        _("Cite the paper on which the answer came."),
        most=120,
        hint=_("Sender, number and date of the letter."),
    )
    field_order = ("paper", "answer", "conditions", "reason")


class CallInForm(VerbForm):
    desk = forms.ChoiceField(
        label=_("desk"), error_messages={"required": _("Choose the desk to call in.")}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        flight = self.subject
        asked = {row.desk for row in latest_round(flight)}
        self.fields["desk"].choices = [  # type: ignore[attr-defined]
            (desk.code, str(desk.label))
            for desk in flight.agreement.desks.values()
            if desk.code not in asked
        ]


class FindingsForm(VerbForm):
    """A form about findings: those that stand and are the seat's to deal with."""

    findings = forms.MultipleChoiceField(
        label=_("checks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose the checks."),
            "invalid_choice": _("%(value)s no longer stands, or is for another desk."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["findings"].choices = [  # type: ignore[attr-defined]
            (item.key, item.words) for item in checks.for_desk(self.subject, self.seat, at=self.at)
        ]


class AskForm(FindingsForm):
    text = text(_("question, item by item"), _("Write the question."))
    field_order = ("text", "findings")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["findings"].label = _("checks that it is about")
        if not self.fields["findings"].choices:  # type: ignore[attr-defined]
            del self.fields["findings"]


class DealWithForm(FindingsForm):
    disposal = forms.ChoiceField(
        label=_("how"),
        choices=[
            (Disposal.ACCEPTED, _("Accept, with the reason")),
            (Disposal.REFUSED, _("Put on file as a ground for refusal")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the checks are dealt with.")},
    )
    reason = text(_("reason"), _("Give the reason."))
    field_order = ("findings", "disposal", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["findings"].required = True


class OwnCheckForm(VerbForm):
    codes = forms.MultipleChoiceField(
        label=_("what you find"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "many"}),
        help_text=_("Every rule that the form breaks; none if it breaks none."),
    )
    states = forms.CharField(
        label=_("states really crossed, in order"),
        max_length=80,
        help_text=_("Two-letter codes, such as TR GE AZ KZ."),
        validators=[
            RegexValidator(r"^[A-Za-z]{2}( +[A-Za-z]{2})*$", _("Give codes such as TR GE AZ KZ."))
        ],
        error_messages={"required": _("Give the states that the route crosses.")},
    )
    due_on = forms.DateField(
        label=_("answer due on"),
        required=False,
        widget=forms.DateInput({"autocomplete": "off"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=_("The host's date by which the answer is owed, such as 2026-09-23."),
        error_messages={"invalid": _("Give a date such as 2026-09-23.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = checks.known_codes(self.subject, self.seat)
        self.fields["codes"].choices = [  # type: ignore[attr-defined]
            (code, f"{code}: {says}") for code, says in known.items()
        ]
        if self.seat.role == Role.OPERATIONS:  # who checks the plan, not the form
            del self.fields["states"], self.fields["due_on"]

    def clean_states(self) -> list[str]:
        return str(self.cleaned_data["states"]).upper().split()


class HoldForm(VerbForm):
    reason = text(_("reason"), _("Give the reason."))


class AnswerForm(VerbForm):
    text = text(_("answer"), _("Write the answer."), most=2000)


class SupplementForm(VerbForm):
    text = text(_("text of the note"))


class NewRoundForm(VerbForm):
    desks = forms.MultipleChoiceField(
        label=_("desks to ask again"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the desks to ask again.")},
    )
    reason = text(_("reason"), _("Give the reason."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["desks"].choices = [  # type: ignore[attr-defined]
            (row.desk, str(row.definition.label))
            for row in latest_round(self.subject)
            if not row.is_pending and not row.definition.is_lead
        ]


class MinuteForm(VerbForm):
    text = text(_("minute"), _("Write the minute."), most=2000)


class AuthorizeForm(VerbForm):
    conditions = LinesField(label=_("conditions"), help_text=_("One line each; empty for none."))
    override_ground = text(_("ground for overriding a desk"))

    def suggestions(self) -> dict[str, Any]:
        lead = [row for row in latest_round(self.subject) if row.definition.is_lead]
        return {"conditions": "\n".join(lead[0].conditions if lead else [])}


class RefuseForm(VerbForm):
    ground = forms.ChoiceField(
        label=_("ground"),
        help_text=_("Stays inside: the note in reply is neutral."),
        error_messages={"required": _("Choose a ground.")},
    )
    reasons = text(_("reasons"), _("Give the reasons."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        grounds = self.subject.agreement.grounds
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((code, str(label)) for code, label in grounds.items()),
        ]


def gathered_conditions(flight: Any) -> list[str]:
    """Return the conditions of all desks, each once, in the order they came."""
    found = [line for row in latest_round(flight) for line in row.conditions]
    return list(dict.fromkeys(found))


FORMS: dict[str, type[VerbForm]] = transit_forms.FORMS | {
    "register": VerbForm,
    "pass_on": VerbForm,
    "hold": HoldForm,
    "own_check": OwnCheckForm,
    "deal_with": DealWithForm,
    "concur": ConcurForm,
    "enter_answer": EnterAnswerForm,
    "call_in": CallInForm,
    "ask": AskForm,
    "drop": VerbForm,
    "answer": AnswerForm,
    "begin_supplement": VerbForm,
    "release_supplement": VerbForm,
    "supplement": SupplementForm,
    "new_round": NewRoundForm,
    "minute": MinuteForm,
    "authorize": AuthorizeForm,
    "refuse": RefuseForm,
}
