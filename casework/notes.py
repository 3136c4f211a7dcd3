"""Notes verbales: what passes between the two foreign ministries, on whatever case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit import acts
from casework import kinds
from casework.models import Note, next_number

if TYPE_CHECKING:
    from datetime import datetime

    from casework.models import Case, CaseRow, NoteKind


def write_note(
    case: Case,
    kind: NoteKind,
    *,
    from_state: str,
    at: datetime,
    to_state: str = "",
    number: str = "",
    text: str = "",
    to: Note | None = None,
    enclosure: str = "",
    particulars: dict[str, Any] | None = None,
) -> Note:
    """Write a note of one foreign ministry to another; without `to_state`, to the other party.

    Without a number it takes the next one of the ministry's series for this kind of case; a state
    that is no party counts for each of the two by itself, and tells neither how much the other
    asks. `to` is the note that it answers. Its paper is frozen as it goes. Raises `ValidationError`
    on `note_number` if the ministry used the number before.
    """
    to_state = to_state or case.agreement.other(from_state)
    apart = "" if from_state in case.agreement.states else to_state
    series = "-".join(filter(None, (from_state, apart, case.series)))
    note = Note(
        exercise=case.exercise,
        ref=f"{case.ref}/note/{len(case.notes) + 1}",
        case=case.reference,
        kind=kind,
        number=next_number(case.exercise, from_state, number, series=series),
        sent_at=at,
        from_state=from_state,
        to_state=to_state,
        in_reply_to=to,
        enclosure=enclosure,
        text=text,
        particulars=particulars or {},
    )
    acts.save(note)
    case.take_in(note)
    freeze(case, note)
    return note


def freeze(case: Case, row: Note | CaseRow) -> None:
    """Put the hash of the paper that goes with a row into the event under way."""
    paper = kinds.of(case).paper(case, row)
    acts.enclose(paper_of(row), paper.digest)


def paper_of(row: Note | CaseRow) -> str:
    """Return how the record calls the paper of a row."""
    return f"{row.ref}/paper"
