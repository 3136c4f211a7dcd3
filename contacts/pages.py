"""What the pages of contacts show to a seat. Reads only; `visible_to` says of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.pages import shown
from contacts import world
from contacts.models import Contact, ContactKind, ContactStatus, Inject
from contacts.sight import KnownContact, known_to
from exercises import paging
from exercises.paging import Rows

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casework.panel import Panel
    from contacts.world import Entry, Theme
    from exercises.paging import Page
    from exercises.seating import SeatedRequest

#: How a contact was handled, as the list is narrowed by it.
ANSWERED = "ANSWERED"


class LogForm(forms.Form):
    """What the log is narrowed to; what is nothing to choose narrows nothing."""

    kind = forms.ChoiceField(
        label=_("kind"), required=False, choices=[("", _("any")), *ContactKind.choices]
    )
    status = forms.ChoiceField(
        label=_("handled"),
        required=False,
        choices=[("", _("any")), *ContactStatus.choices, (ANSWERED, _("Answered"))],
    )
    about = forms.CharField(label=_("about the case"), required=False, max_length=24)

    @property
    def terms(self) -> dict[str, str]:
        """What is asked for, item by item."""
        self.is_valid()
        found = {name: value.strip() for name, value in self.cleaned_data.items()}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Log:
    """A page of the contacts that a seat may know of, the newest first."""

    rows: list[KnownContact]
    page: Page
    form: LogForm
    query: str


@dataclass(frozen=True)
class Offered:
    """An entry of the world's data as exercise control reads it."""

    entry: Entry
    kind: str
    theme: Theme
    speaks_for: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bringing:
    """What stands beside the form with which a contact is brought in."""

    entries: list[Offered]
    ahead: list[Inject]


def log(request: SeatedRequest) -> Log:
    """Return a page of a seat's log, as the address asks for it."""
    seat, form = request.seat, LogForm(request.GET)
    known = Contact.objects.visible_to(seat).select_related("exercise")
    terms = form.terms
    if kind := terms.get("kind"):
        known = known.filter(kind=kind)
    if status := terms.get("status"):
        is_answered = status == ANSWERED
        known = known.exclude(answered_at=None) if is_answered else known.filter(status=status)
    if about := terms.get("about"):
        known = known.filter(about=about.upper())
    page = paging.page([Rows("contact", known, ("-received_at", "-number"))], request.GET)
    return Log(
        rows=[known_to(row, seat, request.at) for _part, row in page.rows],
        page=page,
        form=form,
        query=f"{urlencode(terms)}&" if terms else "",
    )


def page(request: SeatedRequest, found: Contact, panel: Panel) -> HttpResponse:
    """One contact: who said what, how it was handled, the seat's moves, its history."""
    known = known_to(found, request.seat, request.at)
    parts = {"case_kind": _("Contact"), "known": known, "contact": found, "holder": known.holder}
    return shown(request, found, panel, "contacts/contact.html", **parts)


def bringing(request: SeatedRequest) -> Bringing:
    """Return the entries that can be brought in, and what is scheduled."""
    known = world.load()
    ahead = Inject.objects.filter(exercise=request.exercise).ahead().order_by("alarm_at", "number")
    return Bringing([_offered(one, known) for one in known.entries.values()], [*ahead])


def _offered(entry: Entry, known: world.World) -> Offered:
    links = (
        (state, urlencode({"entry": entry.code, "receiver": f"{state}-{entry.reaches}"}))
        for state in entry.hosts
    )
    return Offered(
        entry,
        str(ContactKind(entry.kind).label),
        known.themes[entry.theme],
        str(known.actors[entry.speaks_for].name),
        tuple(links),
    )
