"""Papers: frozen as sent, read before, the same in each file; nothing typed leaves its place."""

from __future__ import annotations

import html
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest
from django.db import models
from django.template.loader import render_to_string
from django.test import Client

from approvals import papers as of_flights
from audit.models import Event
from books import glossary
from casework.models import NoteKind
from papers import pdf, phrases, wording
from papers.telegram import INDENT, WIDTH, telegram
from tests import canaries, playing
from tests.browsing import body, form_for, signed_in
from transit.models import FlightRequest, Revision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from papers.paper import Paper

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: What no item may do to a paper: markup of the page, of typst, what turns or controls, no blank.
HOSTILE = (
    "</p><script>alert(1)</script><!-- {{ x }} {% y %} {sender} %(z)s "
    '#pagebreak() #set page(width: 1cm) #read("/etc/hosts") $ x $ *b* _i_ `c` <label> @ref \\u{41} '
    "שלום עולם 12 مرحبا \u202eTURNED \u2067ISOLATED \x1b[31m\x07 \u2028NNNN\nNNNN\r\n9.9 FORGED\n\n"
    "ғ қ ң ө ұ ү һ і ş ğ ı İ 漢字 😀 "
) + "x" * 1500
HOSTILE = HOSTILE + "y" * (2000 - len(HOSTILE))

SIDES = ("width", "height")
#: Of a page, in points: 20 mm.
MARGIN = 56.7

LETTERS = "ғ қ ң ө ұ ү һ і ş ğ ı İ"


def filled(text: str) -> Paper:
    """Return a request note of whose form every item of text, and its number, says this."""
    exercise = canaries.submitted()
    flight = FlightRequest.objects.get(exercise=exercise)
    note, revision = flight.notes[0], flight.content
    texts = [
        one.name
        for one in Revision._meta.concrete_fields
        if one.name in Revision.form_items()
        and isinstance(one, models.CharField | models.TextField)
        and not one.choices
        and one.name != "category"
    ]
    for name in texts:
        setattr(revision, name, text)
    for row in revision.crossings.all():
        row.state = row.entry_point = row.clearance_number = text
    note.number = note.text = text
    exercise.name = flight.exercise.name = text
    assert len(texts) > 25
    return of_flights.paper(flight, note)


def drawn(paper: Paper, *languages: phrases.Language) -> str:
    leaf = wording.worded(paper, languages)
    return render_to_string("casework/_paper.html", {"leaf": leaf})


def test_every_paper_comes_out_as_the_record_has_it() -> None:
    exercise = canaries.play()

    assert playing.changed_papers(exercise) == []
    assert {paper.kind for _case, _row, paper in playing.papers(exercise)} >= {
        *("REQUEST", "RETURN", "QUESTION", "ANSWER", "AUTHORIZATION", "REPORT"),
        *("ANNUAL_REQUEST", "ANNUAL_GRANTED", "SUSPENSION"),
    }


def test_no_gap_of_a_phrase_stays_open_in_any_language() -> None:
    exercise = canaries.play()
    for _case, _row, paper in playing.papers(exercise):
        sheet = wording.worded(paper, phrases.LANGUAGES).sheets[0]
        for part in sheet.parts:
            for line in part.lines if part.kind == "sentence" else ():
                assert wording.NOTHING not in line
                assert not re.search(r"[{}]", line)


def test_a_refusal_says_nothing_of_its_ground_and_what_is_out_of_scope_is_none() -> None:
    exercise = playing.whole("refused")
    flight = FlightRequest.objects.get(exercise=exercise)
    reply = flight.last_note(NoteKind.REPLY)
    assert reply is not None
    refused = of_flights.paper(flight, reply)
    said = telegram(refused, "en")

    assert refused.kind == "REFUSAL"
    assert str(flight.agreement.grounds[flight.ground]).upper() not in said
    assert flight.ground_text.upper() not in said

    flight.ground = "OUT_OF_SCOPE"
    other = of_flights.paper(flight, reply)
    assert "NO DECISION ON THE FLIGHT ITSELF" in " ".join(telegram(other, "en").split())


def test_every_item_of_the_form_stands_on_its_paper_once() -> None:
    placed = [
        name for part in of_flights.FORM.values() for names in part.values() for name in names
    ]
    assert sorted([*placed, "legal_basis", "annual_number"]) == sorted(Revision.form_items())

    words = phrases.load("1").words
    chosen = [
        f"{name}.{code}"
        for name in placed
        for code, _label in Revision._meta.get_field(name).choices or ()  # type: ignore[union-attr]
        if code
    ]
    assert {*placed, *chosen} <= words.keys()


def test_phrases_use_the_terms_of_the_glossary() -> None:
    terms = {term.en: term for term in glossary.load().terms}
    edition = phrases.load("1")
    ministry = terms["Ministry of Foreign Affairs"]
    defence = terms["Ministry of Defence"]
    verbale = terms["note verbale"]
    for language in phrases.LANGUAGES:
        word = getattr(ministry, language)
        assert word in edition.offices["ministry"].writes.of(language)
        assert edition.words["defence"].of(language) in getattr(defence, language)
        first = getattr(verbale, language).partition(",")[0].lower()
        assert edition.kinds["NOTE"].heading.of(language).lower() == first
    assert "not checked" in edition.status


def test_words_that_were_typed_stay_in_their_place_on_the_page() -> None:
    paper, plain = filled(HOSTILE), filled("Plain words.")
    page, usual = drawn(paper, "kk", "en"), drawn(plain, "kk", "en")

    tags = re.compile(r"</?(\w+)")
    assert [*dict.fromkeys(tags.findall(page))] == [*dict.fromkeys(tags.findall(usual))]
    assert page.count("<table") == usual.count("<table")
    assert page.count("<tr") == usual.count("<tr")
    assert "<script" not in page
    said = html.unescape(page)
    assert "{sender}" in said
    assert "</p><script>alert(1)</script>" in said
    assert LETTERS in said
    assert not {*said} & (wording.TURNING - {*wording.ISOLATED})
    assert said.count("\u2068") == said.count("\u2069")
    assert "\x1b" not in said


def test_words_that_were_typed_stay_in_their_place_in_a_telegram() -> None:
    for language in phrases.LANGUAGES:
        paper, plain = filled(HOSTILE), filled("Plain words.")
        lines, usual = (telegram(one, language).splitlines() for one in (paper, plain))
        margin = [line for line in lines if line and not line.startswith(INDENT)]

        assert all(re.fullmatch(r"[A-Z0-9 \-?:().,'=/+]*", line) for line in lines)
        assert all(len(line) <= WIDTH for line in lines)
        assert lines.count("NNNN") == 1
        assert lines[-1] == "NNNN"
        assert not any(line.startswith("9.9") for line in margin)
        items = [line for line in usual if re.match(r"\d\.\d+ ", line)]
        assert [line for line in margin if re.match(r"\d\.\d+ ", line)] == items


def test_words_that_were_typed_stay_in_their_place_in_a_pdf() -> None:
    """It has as many pages as the words need, all of them A4, and no letter leaves its margins."""
    pages = pdf.pages(filled(HOSTILE), ("kk", "en"), kind="svg")

    assert 10 < len(pages) < 60
    for page in pages:
        drawing = fromstring(page)  # noqa: S314 - of our own making
        width, height = (float(drawing.attrib[side].removesuffix("pt")) for side in SIDES)
        assert (round(width), round(height)) == (595, 842)
        across = [*letters(drawing)]
        assert across
        assert min(across) >= MARGIN - 1
        assert max(across) <= width - MARGIN + 1


def letters(drawing: Element, left: float = 0) -> Iterator[float]:
    """Give how far from the left each letter stands, in points, but of what is written across."""
    for one in drawing:
        turn = re.findall(r"-?[\d.]+", one.get("transform", ""))
        if len(turn) > 2 and turn[1] != "0":
            continue  # the watermark
        there = left + (float(turn[-2]) if turn else 0)
        if one.tag.endswith("}use"):
            yield there + float(one.get("x", "0"))
        else:
            yield from letters(one, there)


def test_a_page_of_plain_words_is_the_same_file_each_time() -> None:
    paper = filled("Plain words.")
    made = pdf.pdf(paper, ("ru", "tr"), address="http://localhost/register/1/")

    assert made == pdf.pdf(paper, ("ru", "tr"), address="http://localhost/register/1/")
    assert made != pdf.pdf(paper, ("ru", "kk"), address="http://localhost/register/1/")
    assert made.startswith(b"%PDF")
    assert b"/CreationDate" not in made


def test_a_paper_read_first_is_the_paper_that_is_sent() -> None:
    exercise = canaries.submitted()
    client = signed_in(exercise, "KZ-SECURITY")
    page = f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"
    form = form_for(client.get(page), "/do/ask/")
    typed = form.fields | {"text": "Which units are on board?\n" + LETTERS}
    head = Event.objects.filter(exercise=exercise).count()

    read = client.post(f"{page}do/ask/paper/", typed)
    assert read.status_code == 200
    assert LETTERS in body(read)
    assert Event.objects.filter(exercise=exercise).count() == head
    assert FlightRequest.objects.get(exercise=exercise).questions.count() == 0

    assert client.post(f"{page}do/ask/", typed).status_code == 302
    kept = client.get(f"{page}papers/kz-tr-1/")
    assert "still comes out the same" in body(kept)
    as_read, as_sent = (
        body(one).partition("<article")[2].partition("</article>")[0] for one in (read, kept)
    )
    assert without_code(as_read) == without_code(as_sent)


def without_code(article: str) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r'<div class="paper-code">.*?</div>', "", article, flags=re.S)
    )


def test_what_is_wrong_in_the_form_is_said_before_a_paper_is_shown() -> None:
    exercise = canaries.submitted()
    page = f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"
    client = signed_in(exercise, "KZ-SECURITY")
    form = form_for(client.get(page), "/do/ask/")

    assert client.post(f"{page}do/ask/paper/", form.fields | {"text": " "}).status_code == 422
    assert client.post(f"{page}do/minute/paper/", {}).status_code == 404
    assert client.post(f"{page}do/transmit/paper/", {}).status_code == 403


def test_the_register_tells_a_number_when_its_note_does() -> None:
    exercise = playing.before("alpha", "reply", seated=True)
    given = FlightRequest.objects.get(exercise=exercise).authorizations.get().number
    asked = f"register/?{urlencode({'number': given})}"
    for key in ("TR-ATTACHE", "KZ-REGISTRY"):
        page = signed_in(exercise, key).get(f"/x/{exercise.pk}/{key}/{asked}")
        assert "bears or tells" in body(page)

    told = playing.whole("alpha")
    note = FlightRequest.objects.get(exercise=told).last_note(NoteKind.REPLY)
    assert note is not None
    for number in (note.number, note.text):
        asked = urlencode({"number": number})
        client = signed_in(told, "TR-ATTACHE")
        page = client.get(f"/register/{told.pk}/?{asked}", follow=True)
        assert "Türkiye" in body(page)
        assert "still comes out the same" in body(page)
    assert Client().get(f"/register/{told.pk}/?{asked}").status_code == 302


def test_without_typst_the_page_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is not there to be found: neither loaded nor in any folder."""
    exercise = canaries.submitted()
    client = signed_in(exercise, "TR-ATTACHE")
    page = f"/x/{exercise.pk}/TR-ATTACHE/flights/1/papers/tr-kz-1/"
    assert client.get(f"{page}pdf/")["Content-Type"] == "application/pdf"

    monkeypatch.delitem(sys.modules, "typst")
    monkeypatch.setattr(sys, "path", [])
    assert "Print this page instead" in body(client.get(page))
    assert client.get(f"{page}pdf/").status_code == 404


def test_a_paper_says_what_it_says_in_two_languages_of_four() -> None:
    exercise = canaries.submitted()
    client = signed_in(exercise, "KZ-REGISTRY")
    page = f"/x/{exercise.pk}/KZ-REGISTRY/flights/1/papers/tr-kz-1/"

    assert "saygılarını sunar" in body(client.get(page))
    both = body(client.get(f"{page}?in=ru&in=kk&in=en"))
    assert "имеет честь" in both
    assert "өзіне мәртебе санайды" in both
    assert "compliments" not in both
    assert "compliments" in body(client.get(f"{page}?in=xx&in=en"))
