"""Forms of the verbs of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.models import ANSWERS, Answer
from approvals.verbs import latest_round
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
        gathered = gathered_conditions(self.subject.flight)
        if not gathered:
            return {}
        return {"answer": Answer.CONCUR_WITH_CONDITIONS, "conditions": "\n".join(gathered)}


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
            if desk.when != "always" and desk.code not in asked
        ]


class AskForm(VerbForm):
    text = text(_("question, item by item"), _("Write the question."))


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
