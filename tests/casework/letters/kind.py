"""The kind, as `settings.CASES` names it."""

from __future__ import annotations

from casework import pages
from casework.duties import OWED
from casework.kinds import Kind
from casework.steps import Steps
from tests.casework.letters import verbs
from tests.casework.letters.models import Letter
from transit.duties import DUTIES

KIND = Kind(
    model=Letter,
    address="letters",
    verbs=(verbs,),
    page=pages.page,
    work=(Steps(Letter, OWED, (DUTIES["registration"],)),),
    words={"verdict": lambda code, agreement: dict(verbs.verdicts(None, None, None))[code]},  # type: ignore[arg-type]
)
