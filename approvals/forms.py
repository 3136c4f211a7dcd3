"""Forms of the verbs of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.models import ANSWERS, Answer
from approvals.verbs import latest_round
from transit import forms as transit_forms
from transit.forms import LinesField, VerbForm, text


class ConcurForm(VerbForm):
    answer = forms.ChoiceField(
        label=_("answer"),
        choices=[(one.value, one.label) for one in ANSWERS],
        widget=forms.RadioSelect,
    )
    conditions = LinesField(label=_("conditions"), help_text=_("One line each."))
    reason = text(_("reasons"), required=False)

    def suggestions(self) -> dict[str, Any]:
        """The lead desk consolidates: it starts from the conditions of the others."""
        if not self.subject.definition.is_lead:
            return {}
        gathered = gathered_conditions(self.subject.flight)
        if not gathered:
            return {}
        return {"answer": Answer.CONCUR_WITH_CONDITIONS, "conditions": "\n".join(gathered)}


class EnterAnswerForm(ConcurForm):
    paper = forms.CharField(
        label=_("paper"), max_length=120, help_text=_("Sender, number and date of the letter.")
    )
    field_order = ("paper", "answer", "conditions", "reason")


class CallInForm(VerbForm):
    desk = forms.ChoiceField(label=_("desk"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        flight = self.subject
        asked = {row.desk for row in latest_round(flight)}
        self.fields["desk"].choices = [  # type: ignore[attr-defined]
            (desk.code, str(desk.label))
            for desk in flight.agreement.desks.values()
            if desk.when != "always" and desk.code not in asked
        ]


class AskForm(VerbForm):
    text = text(_("question, item by item"))


class AnswerForm(VerbForm):
    text = text(_("answer"), most=2000)


class SupplementForm(VerbForm):
    text = text(_("text of the note"), required=False)


class NewRoundForm(VerbForm):
    desks = forms.MultipleChoiceField(
        label=_("desks to ask again"), widget=forms.CheckboxSelectMultiple
    )
    reason = text(_("reason"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["desks"].choices = [  # type: ignore[attr-defined]
            (row.desk, str(row.definition.label))
            for row in latest_round(self.subject)
            if not row.is_pending and not row.definition.is_lead
        ]


class MinuteForm(VerbForm):
    text = text(_("minute"), most=2000)


class AuthorizeForm(VerbForm):
    conditions = LinesField(label=_("conditions"), help_text=_("One line each; empty for none."))
    override_ground = text(_("ground for overriding a desk"), required=False)

    def suggestions(self) -> dict[str, Any]:
        lead = [row for row in latest_round(self.subject) if row.definition.is_lead]
        return {"conditions": "\n".join(lead[0].conditions if lead else [])}


class RefuseForm(VerbForm):
    ground = forms.ChoiceField(
        label=_("ground"), help_text=_("Stays inside: the note in reply is neutral.")
    )
    reasons = text(_("reasons"))

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
