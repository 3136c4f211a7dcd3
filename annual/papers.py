"""The papers of an annual clearance. A new kind of paper is a function and a line in `NOTES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casework import papers
from casework.models import NoteKind
from papers.paper import Item, Items, Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from annual.models import AnnualClearance
    from casework.models import Note
    from papers.paper import Block, Paper


def paper(clearance: AnnualClearance, note: Note) -> Paper:
    """Return the paper of a note on an annual clearance."""
    return NOTES.get(NoteKind(note.kind), papers.of_note)(clearance, note)


def request(clearance: AnnualClearance, note: Note) -> Paper:
    """Return a request, with year and categories as this note asked for them."""
    said: tuple[Block, ...] = (Typed(note.text),) if note.text else ()
    asked = (_year(clearance, **note.particulars),) if note.particulars else ()
    return papers.note_verbale(clearance, note, "ANNUAL_REQUEST", blocks=(*asked, *said))


def reply(clearance: AnnualClearance, note: Note) -> Paper:
    """Return the note in reply: with the number, or neutral, with no reason."""
    if not note.text:
        return papers.note_verbale(clearance, note, "REFUSAL")
    gaps = {"clearance": note.text}
    return papers.note_verbale(
        clearance,
        note,
        "ANNUAL_GRANTED",
        gaps=gaps,
        blocks=(_year(clearance, clearance.year, clearance.categories),),
    )


def on_number(clearance: AnnualClearance, note: Note) -> Paper:
    """Return a note on the number: suspended, in force again, revoked."""
    gaps = {"clearance": clearance.clearance_number}
    return papers.note_verbale(clearance, note, note.kind, gaps=gaps)


def _year(clearance: AnnualClearance, year: int, categories: Iterable[str]) -> Items:
    labels = clearance.agreement.categories
    asked = tuple(labels[one] for one in categories)
    return Items("annual", (Item("1", "year", (str(year),)), Item("2", "categories", asked)))


#: What a note says beside its text, by kind.
NOTES: Mapping[NoteKind, Callable[[AnnualClearance, Note], Paper]] = {
    NoteKind.REQUEST: request,
    NoteKind.REPLY: reply,
    NoteKind.SUSPENSION: on_number,
    NoteKind.REINSTATEMENT: on_number,
    NoteKind.REVOCATION: on_number,
}
