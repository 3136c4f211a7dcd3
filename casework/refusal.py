"""A refusal as a page: why, what changed since the page was made, and what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.forms import CharField
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Halted, NotYou, TooOften
from books import sop
from casework import kinds
from casework.history import history_since

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.forms import Field
    from django.http import HttpRequest, HttpResponse

    from audit.refusals import Refused
    from books.sop import Clause
    from casework.history import Entry
    from casework.models import Case

    View = Callable[..., HttpResponse]
    #: The items of the form that a request brought, by name; label of the row, where it has rows.
    Fields = Mapping[str, Field]

#: How a box or a statement comes from the form.
YES_OR_NO = {"True": gettext_lazy("Yes"), "on": gettext_lazy("Yes"), "False": gettext_lazy("No")}


@dataclass(frozen=True)
class Link:
    """Where to go from a refusal."""

    url: str
    label: str


@dataclass(frozen=True)
class Typed:
    """What one item of a refused form held."""

    label: str
    value: str


@dataclass(frozen=True)
class Page:
    """Why something is refused, and what goes on from there. `reference` is to be quoted."""

    status: int
    title: str
    reason: str
    back: Link
    clause: Clause | None = None
    reference: str = ""
    changed: Sequence[Entry] = ()
    typed: Sequence[Typed] = ()


def takes_form(fields: Callable[..., Fields]) -> Callable[[View], View]:
    """Say beside a view which form it takes, so that a refusal can give back what was typed.

    `fields` is called as the view is. It is asked for nothing but labels and choices, and may
    raise nothing: what kept the view from its work may keep the form from its choices.
    """

    def mark(view: View) -> View:
        view.fields_of = fields  # type: ignore[attr-defined]
        return view

    return mark


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Answer a refusal: why, what changed since the page was made, and what was typed."""
    if isinstance(error, Halted):
        status, title = 503, _("This exercise cannot go on at the moment")
    elif isinstance(error, NotYou):
        status, title = 403, _("This is not your move")
    elif isinstance(error, TooOften):
        status, title = 429, _("Too often")
    else:
        status, title = 409, _("Not now")
    case = _case(request)
    page = Page(
        status=status,
        title=title,
        reason=str(error),
        back=_way_back(request, case),
        clause=sop.load().clause(error.clause) if error.clause else None,
        reference=getattr(request, "reference", "") if status == 503 else "",
        changed=history_since(request, case) if case else (),  # type: ignore[arg-type]
        typed=typed(request),
    )
    response = answer(request, page)
    if isinstance(error, TooOften):
        response["Retry-After"] = str(error.seconds)
    return response


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """Return a refusal with its status."""
    return render(request, "refused.html", {"page": page}, status=page.status)


def typed(request: HttpRequest) -> list[Typed]:
    """Return what a refused form held, under the labels of its items, to be copied from."""
    match = request.resolver_match
    fields_of = getattr(match.func, "fields_of", None) if match else None
    if match is None or fields_of is None:
        return []
    fields: Fields = fields_of(request, **match.kwargs)
    kept = []
    for name, values in request.POST.lists():
        field = fields.get(name)
        words = [_in_words(field, value) for value in values if value] if field else []
        if field and words:
            kept.append(Typed(capfirst(str(field.label or name)), "\n".join(words)))
    return kept


def _in_words(field: Field, value: str) -> str:
    """Say a chosen code as the form said it."""
    choices = dict(getattr(field, "choices", ()))
    if value in choices:
        return capfirst(str(choices[value]))
    if value in YES_OR_NO and not isinstance(field, CharField):
        return str(YES_OR_NO[value])
    return value


def _case(request: HttpRequest) -> Case | None:
    """Return the case that the address names, if the seat may know of it."""
    match, seat = request.resolver_match, getattr(request, "seat", None)
    if match is None or seat is None or "number" not in match.kwargs:
        return None
    kind = next((one for one in kinds.kinds().values() if f"/{one.address}/" in request.path), None)
    if kind is None:
        return None
    found: Case | None = (
        kind.model._default_manager.visible_to(seat).filter(number=match.kwargs["number"]).first()
    )
    return found


def _way_back(request: HttpRequest, case: Case | None) -> Link:
    seat = getattr(request, "seat", None)
    if seat is None:
        return Link("/", _("To the start page"))
    if case is None:
        return Link(seat.get_absolute_url(), _("Back to your desk"))
    return Link(kinds.address(case, seat.key), _("Back to the case"))
