"""Notes verbales: what passes between the two foreign ministries, on whatever case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as lazy

from audit import acts
from casework.models import Note, next_number
from casework.written import Written

if TYPE_CHECKING:
    from datetime import datetime

    from casework.models import Case, NoteKind
    from exercises.models import Seat


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
) -> Note:
    """Write a note of one foreign ministry to another; without `to_state`, to the other party.

    Without a number it takes the next one of the ministry's series for this kind of case. `to` is
    the note that it answers. Raises `ValidationError` on `note_number` if the ministry used the
    number before.
    """
    series = f"{from_state}-{case.series}" if case.series else from_state
    note = Note(
        exercise=case.exercise,
        ref=f"{case.ref}/note/{len(case.notes) + 1}",
        case=case.reference,
        kind=kind,
        number=next_number(case.exercise, from_state, number, series=series),
        sent_at=at,
        from_state=from_state,
        to_state=to_state or case.agreement.other(from_state),
        in_reply_to=to,
        enclosure=enclosure,
        text=text,
    )
    acts.save(note)
    case.notes.append(note)
    return note


def notes_known_to(case: Case, seat: Seat) -> list[Note]:
    """Return the notes verbales that the seat's state sent or received, oldest first."""
    if seat.is_instructor:
        return case.notes
    return [note for note in case.notes if seat.state in (note.from_state, note.to_state)]


#: Of every kind of case.
NOTES = Written(
    lazy("Notes"), lambda case, seat, at: notes_known_to(case, seat), "casework/_notes_table.html"
)
