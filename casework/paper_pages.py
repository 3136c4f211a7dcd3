"""The pages of papers: as sent, as they would be sent, and what the register says of a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from audit.acts import act
from audit.models import Event
from audit.refusals import Refused
from casework import files, kinds
from casework.forms import AskedElsewhere, VerbForm, put_errors
from casework.models import Note
from casework.notes import paper_of
from casework.panel import Failed
from casework.refusal import takes_form
from casework.views import fields_of, find, page_of, subject_of
from exercises.models import Seat
from papers import pdf, phrases, wording
from papers.phrases import LANGUAGES
from papers.telegram import telegram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    from casework.models import Case, CaseRow
    from exercises.seating import SeatedRequest
    from papers.paper import Paper
    from papers.phrases import Language
    from papers.wording import Leaf

LANGUAGE_NAMES = {"en": "English", "tr": "Türkçe", "kk": "Қазақша", "ru": "Русский"}


class NumberForm(forms.Form):
    """The number that is looked up in the register: of a note, or one that a note told."""

    number = forms.CharField(label=lazy("number"), max_length=30)


def addresses() -> list[URLPattern]:
    """Return the addresses of papers of every kind of case, below a seat."""
    found = [path("register/", register, name="register")]
    for code, kind in kinds.kinds().items():
        one, told = f"{kind.address}/<int:number>/", {"kind": code}
        sent = f"{one}papers/<slug:name>/"
        found += [
            path(sent, paper, told, name=f"{code}-paper"),
            path(f"{sent}pdf/", pdf_file, told, name=f"{code}-pdf"),
            path(f"{sent}telegram/", text_file, told, name=f"{code}-telegram"),
            path(f"{one}do/<slug:code>/paper/", preview, told, name=f"{code}-preview"),
        ]
    return found


class OnlyRead(Refused):
    """The deed is taken back: somebody reads what it would send before they do it."""

    def __init__(self, *papers: Paper) -> None:
        super().__init__()
        self.papers = papers


@dataclass(frozen=True)
class Frozen:
    """The hash that the record has of a paper, if any, and whether it still comes out the same."""

    recorded: str
    is_same: bool


@require_GET
def paper(request: SeatedRequest, kind: str, number: int, name: str) -> HttpResponse:
    """One paper as it was sent, in two languages, with its hash."""
    case, row = _find(request, kind, number, name)
    sent, frozen = _as_sent(case, row)
    address = _register(request, row)
    context = {
        **_page(request, case, sent),
        "frozen": frozen,
        "paper_address": request.path,
        "can_be_pdf": pdf.can_be_made(),
        "register": address,
        "code": SafeString(pdf.as_svg(address)) if address else "",
    }
    return render(request, "casework/paper.html", context)


@require_GET
def pdf_file(request: SeatedRequest, kind: str, number: int, name: str) -> HttpResponse:
    """A paper as PDF. Raises `Http404` where none can be made."""
    case, row = _find(request, kind, number, name)
    sent, _frozen = _as_sent(case, row)
    if not pdf.can_be_made():
        raise Http404
    made = pdf.pdf(sent, _languages(request, sent), address=_register(request, row))
    return files.attached(made, f"{case.reference}-{name}.pdf")


@require_GET
def text_file(request: SeatedRequest, kind: str, number: int, name: str) -> HttpResponse:
    """A paper as a telegram, in the first of the languages."""
    case, row = _find(request, kind, number, name)
    sent, _frozen = _as_sent(case, row)
    text = telegram(sent, _languages(request, sent)[0])
    return files.attached(text, f"{case.reference}-{name}.txt")


@takes_form(fields_of)
@require_http_methods(["GET", "POST"])
def preview(request: SeatedRequest, kind: str, number: int, code: str) -> HttpResponse:
    """The paper that a verb would send, with what is typed: the verb is done and taken back."""
    of_case = kinds.kinds()[kind]
    found = find(request, of_case, number)
    if request.method == "GET":
        return redirect(kinds.address(found, request.seat.key))
    door = of_case.doors.get(code)
    if door is None or not door.row.has_paper:
        raise Http404
    subject = subject_of(request, of_case, found, door.row)
    form = VerbForm(door.row, request.POST, subject=subject, seat=request.seat, at=request.at)
    if not form.is_valid():
        door.row.check(subject, by=request.seat, at=request.at)
        return page_of(request, found, failed=Failed(code, subject.ref, form))
    before = of_case.papers(found, request.seat).keys()
    seen = form.cleaned_data["seen"]
    try:
        with act(request.exercise, by=request.seat, seen=seen) as at:
            door(subject, by=request.seat, at=at, **form.details)
            after = find(request, of_case, number)
            rows = of_case.papers(after, request.seat)
            new = (row for name, row in rows.items() if name not in before)
            raise OnlyRead(*(of_case.paper(after, row) for row in new))
    except OnlyRead as read:
        context = {**_page(request, found, *read.papers), "verb": door.row}
        return render(request, "casework/paper.html", context)
    except AskedElsewhere as elsewhere:
        return redirect(f"{kinds.address(found, request.seat.key)}{elsewhere.page}")
    except ValidationError as error:
        put_errors(form, error)
        again = find(request, of_case, number)
        return page_of(request, again, failed=Failed(code, subject.ref, form))


@require_GET
def register(request: SeatedRequest) -> HttpResponse:
    """What a number stands for: the papers that bear or tell it, as the seat may know them."""
    form = NumberForm(request.GET or None)
    asked = form.cleaned_data["number"] if form.is_valid() else ""
    context = {"form": form, "asked": asked, "entries": [*_entries(request, asked)]}
    return render(request, "casework/register.html", context, status=422 if form.errors else 200)


@require_GET
def registered(request: HttpRequest, exercise: int) -> HttpResponse:
    """Lead who follows the code on a paper to the register, at a seat of theirs.

    Raises `Http404` for who has none in the exercise.
    """
    if not request.user.is_authenticated:
        return redirect(f"/?{urlencode({'next': request.get_full_path()})}")
    mine = Seat.objects.filter(exercise=min(exercise, 2**63 - 1), holder=request.user.pk)
    seat = get_object_or_404(mine.order_by("pk")[:1])
    asked = urlencode({"number": request.GET.get("number", "")[:30]})
    return redirect(f"{seat.get_absolute_url()}register/?{asked}")


@dataclass(frozen=True)
class Entry:
    """What the register says of a paper to a seat; `status` is that of its case."""

    note: Note
    case: Case
    from_name: str
    to_name: str
    status: Any
    address: str
    frozen: Frozen


def _entries(request: SeatedRequest, asked: str) -> Iterator[Entry]:
    """Give the notes that bear a number or tell it, oldest first."""
    found = Q(number=asked) | Q(text=asked)
    for note in Note.objects.filter(found, exercise=request.exercise) if asked else ():
        case = _case_of(note, request.seat)
        known = kinds.of(case).papers(case, request.seat) if case else {}
        for name, row in known.items():
            if case and row == note:
                names = {code: str(one.name) for code, one in case.agreement.states.items()}
                yield Entry(
                    note=row,
                    case=case,
                    from_name=names.get(note.from_state, note.from_state),
                    to_name=names.get(note.to_state, note.to_state),
                    status=case.status_for(request.seat),
                    address=f"{kinds.address(case, request.seat.key)}papers/{name}/",
                    frozen=_as_sent(case, row)[1],
                )


def _case_of(note: Note, seat: Seat) -> Case | None:
    """Return the case of a note, if the seat may know of it."""
    ref = note.ref.rpartition("/note/")[0]
    kind = kinds.kinds().get(ref.partition("/")[0])
    found: Case | None = kind.visible_to(seat).filter(ref=ref).first() if kind else None
    return found


def _find(request: SeatedRequest, kind: str, number: int, name: str) -> tuple[Case, Note | CaseRow]:
    """Return a case and the row of a paper of it. Raises `Http404` for what is not known."""
    of_case = kinds.kinds()[kind]
    case = find(request, of_case, number)
    row = of_case.papers(case, request.seat).get(name)
    if row is None:
        raise Http404
    return case, row


def _as_sent(case: Case, row: Note | CaseRow) -> tuple[Paper, Frozen]:
    """Return a paper in the edition in which it was sent, and what the record has of it."""
    sent, recorded = kinds.of(case).paper(case, row), _recorded(case, row)
    for edition in phrases.editions():
        one = replace(sent, edition=edition)
        if one.digest == recorded:
            return one, Frozen(recorded, is_same=True)
    return sent, Frozen(recorded, is_same=False)


def _recorded(case: Case, row: Note | CaseRow) -> str:
    """Return the hash that the record has of the paper of a row, empty if none."""
    events = (
        event
        for reference in case.filed_under
        for event in Event.objects.of_case(case.exercise, reference)
    )
    documents = (one for event in events for one in event.payload["documents"])
    found = (one["sha256"] for one in documents if one["name"] == paper_of(row))
    return next(found, "")


def _page(request: SeatedRequest, case: Case, *papers: Paper) -> dict[str, Any]:
    """Return what a page of papers shows, in the languages that were asked for."""
    languages = _languages(request, papers[0]) if papers else LANGUAGES[:1]
    leaves: list[Leaf] = [wording.worded(one, languages) for one in papers]
    return {
        "case": case,
        "address": kinds.address(case, request.seat.key),
        "leaves": leaves,
        "chosen": (languages[0], languages[-1]),
        "languages": LANGUAGE_NAMES.items(),
        "in": urlencode({"in": languages}, doseq=True),
    }


def _languages(request: HttpRequest, sent: Paper) -> tuple[Language, ...]:
    """Return the languages asked for, two at most; else the sender's and English."""
    asked = [one for one in LANGUAGES for code in request.GET.getlist("in")[:2] if one == code]
    asked.sort(key=request.GET.getlist("in").index)
    return tuple(dict.fromkeys(asked)) or wording.own_languages(sent)


def _register(request: HttpRequest, row: Note | CaseRow) -> str:
    """Return where the register says what a paper is; only notes have a number."""
    if not isinstance(row, Note):
        return ""
    where = reverse("registered", args=(row.exercise_id,))
    return request.build_absolute_uri(f"{where}?{urlencode({'number': row.number})}")
