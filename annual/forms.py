"""Forms of the verbs of the annual register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from annual.models import AnnualClearance, Opinion
from books import agreements, calendars
from transit.forms import NoteForm, ReasonForm, SendBackForm, VerbForm, text

if TYPE_CHECKING:
    from books.agreements import Agreement


class RequestAnnualForm(NoteForm):
    """The attaché's note; about the exercise for a new request, else about the returned one."""

    year = forms.IntegerField(
        label=_("year"),
        help_text=_("This calendar year or the next, such as 2027."),
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter the year."),
            "invalid": _("Enter the year in four digits, such as 2027."),
        },
    )
    categories = forms.MultipleChoiceField(
        label=_("categories"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one category.")},
    )
    text = text(_("text of the note"))
    field_order = ("year", "categories", "text", "note_number")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        agreement = self._agreement()
        known = agreement.annual.categories if agreement.annual else ()
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (code, capfirst(str(agreement.categories[code]))) for code in known
        ]

    def suggestions(self) -> dict[str, Any]:
        """Where the request was returned, it starts from what was asked before."""
        if not isinstance(self.subject, AnnualClearance):
            return {"year": self._present_year() + 1}
        return {name: getattr(self.subject, name) for name in ("year", "categories", "text")}

    def _present_year(self) -> int:
        """Return the calendar year at the host."""
        host = self._agreement().other(self.seat.state)
        return calendars.office(self.subject.calendar_version, host).local(self.at).year

    def _agreement(self) -> Agreement:
        if isinstance(self.subject, AnnualClearance):
            return self.subject.agreement
        return agreements.of(self.subject)


class RevokeAnnualForm(ReasonForm):
    """Stands beside another form that asks for a reason; its own class keeps their ids apart."""


class AdviseAnnualForm(VerbForm):
    answer = forms.ChoiceField(
        label=_("answer"),
        choices=Opinion.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reason = text(_("reasons"))


FORMS: dict[str, type[VerbForm]] = {
    "request_annual": RequestAnnualForm,
    "send_back_annual": SendBackForm,
    "resubmit_annual": RequestAnnualForm,
    "register_annual": VerbForm,
    "advise_annual": AdviseAnnualForm,
    "grant_annual": VerbForm,
    "refuse_annual": ReasonForm,
    "reply_annual": NoteForm,
    "suspend_annual": ReasonForm,
    "reinstate_annual": ReasonForm,
    "revoke_annual": RevokeAnnualForm,
}
