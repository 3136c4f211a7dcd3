"""Its verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit import acts
from audit.acts import verb
from audit.parameters import choice, text
from audit.verbs import BOTH, HOST
from casework.asking import NOTE_NUMBER
from casework.duties import owe_by_agreement
from casework.models import NoteKind
from casework.notes import write_note
from exercises.models import Role
from tests.casework.letters.models import Letter, Status

if TYPE_CHECKING:
    from datetime import datetime

    from exercises.models import Exercise, Seat


def verdicts(letter: Letter, by: Seat, at: datetime) -> list[tuple[str, str]]:
    return [("YES", "Agreed"), ("NO", "Not agreed")]


@verb("Write", "Letter written", roles=(Role.ATTACHE,), audience=BOTH, takes=None)
def write_letter(exercise: Exercise, *, by: Seat, at: datetime, host: str, said: str) -> Letter:
    letter = Letter.next_of(exercise, requesting_state=by.state, host=host)
    acts.of_case(letter.reference)
    write_note(letter, NoteKind.REQUEST, from_state=by.state, at=at, text=said)
    owe_by_agreement(letter, "registration", at=at)
    acts.save(letter)
    return letter


@verb(
    "Answer",
    "Letter answered",
    roles=(Role.REGISTRY,),
    side=HOST,
    source=(Status.SENT,),
    target=(Status.ANSWERED,),
    audience=BOTH,
    shown=("verdict", "note_number"),
    takes=(
        choice("verdict", "verdict", "Choose a verdict.", verdicts, few=True),
        text("words", "words"),
        NOTE_NUMBER,
    ),
    icon="mail",
    tone="good",
)
def reply_to_letter(
    letter: Letter, *, by: Seat, at: datetime, verdict: str, note_number: str, words: str = ""
) -> Letter:
    letter.reply_to_letter()
    letter.verdict = verdict
    write_note(
        letter, NoteKind.REPLY, from_state=letter.host, at=at, number=note_number, text=words
    )
    letter.settle()
    acts.save(letter)
    return letter
