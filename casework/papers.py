"""The papers of a case: a note verbale as it is written, on whatever kind of case.

A kind of case that encloses more has a module of its own beside its verbs, which begins with what
stands here. A paper is made of columns that are never written again, so that it comes out the same
for ever: of the note, of the form that it encloses, of an authorization.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from books.agreements import Label
from casework.written import notes_known_to
from papers.paper import Paper, Party, Phrase, Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casework.models import Case, CaseRow, Note
    from exercises.models import Seat
    from papers.paper import Block, Enclosure, Said


def of_notes(case: Case, seat: Seat) -> dict[str, Note | CaseRow]:
    """Return the notes of which a seat may read the paper, oldest first."""
    return {note.address: note for note in notes_known_to(case, seat)}


def of_note(case: Case, note: Note) -> Paper:
    """Return the paper of a note that says what its text says."""
    return note_verbale(case, note, note.kind)


def note_verbale(
    case: Case,
    note: Note,
    kind: str,
    *,
    gaps: Mapping[str, Said] | None = None,
    blocks: tuple[Block, ...] | None = None,
    enclosures: tuple[Enclosure, ...] = (),
) -> Paper:
    """Return a note verbale of a kind of the phrases.

    Without `blocks` it says the text of the note.
    """
    if blocks is None:
        blocks = (Typed(note.text),) if note.text else ()
    asked = note.in_reply_to
    reference = asked and Phrase("in_reply", {"number": asked.number, "date": asked.sent_at})
    return Paper(
        kind=kind,
        sender=party(case, note.from_state),
        addressee=party(case, note.to_state),
        at=note.sent_at,
        reference=case.reference,
        exercise=case.exercise.name,
        number=note.number,
        answers=reference or None,
        gaps=gaps or {},
        blocks=blocks,
        enclosures=enclosures,
    )


def party(case: Case, state: str) -> Party:
    """Return the office of a state in a case: who asks has a mission with who is asked."""
    known: Any = case.agreement.states.get(state)
    office = "embassy" if state == case.requesting_state else "ministry"
    nameless = Label(en=state)
    return Party(
        office, state, known.name if known else nameless, known.capital if known else nameless
    )
