"""The kinds of data files: how each is known, read, and held against what upper rooms know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rules
from airspace import zones
from books import agreements, glossary, neighbours, reading, sop
from books.calendars import offices
from books.reading import BadFile, Fault, Misfit, is_near
from casework import kinds
from contacts import world
from control import stories
from control.management.commands import rules as reference
from exercises.models import HOST_ROLES
from papers import phrases
from scenarios import written
from transit.models import Revision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import BaseModel

#: Duties that are owed at a moment of the flight and have no allowance.
BY_THE_FLIGHT = {
    *("flight_plan", "entry", "exit", "condition"),
    *("third_state", "third_question", "third_number"),
}

TOP_KEY = re.compile(r"^(\w+):", re.MULTILINE)


@dataclass(frozen=True)
class Kind:
    """A kind of data file, known by its `keys`.

    `is_vital`: nothing goes on without those that are shipped. `is_long`: to hold those takes
    seconds, which not every command can spend.
    """

    name: str
    schema: type[BaseModel]
    read: Callable[[Path], object]
    shipped: Callable[[], list[Path]]
    is_vital: bool
    keys: frozenset[str] = frozenset()
    is_long: bool = False


def agreement_misfits(agreement: agreements.Agreement) -> Iterator[Misfit]:
    """Give what an agreement names that roles, duties, rules or the form do not have."""
    roles = [str(role) for role in HOST_ROLES]
    for desk in agreement.desks.values():
        if desk.has_seat and desk.code not in roles:
            sentence = f"has a seat and is no role of the host; {is_near(desk.code, roles)}"
            yield ("desks", desk.code, "seat"), sentence
    for duty in kinds.duties().keys() - BY_THE_FLIGHT - {*agreements.UNDATED}:
        for track in agreement.tracks.values():
            if duty not in agreement.steps and duty not in track.shares:
                yield ("tracks", track.code, "shares"), f"{duty} has no allowance."
    items = {*Revision.form_items(), "crossings", "goods"}
    for desk_code, voided in agreement.voids.items():
        for number, item in enumerate(voided):
            if item not in items:
                sentence = f"{item} is no item of the form; {is_near(item, items)}"
                yield ("voids", desk_code, number), sentence
    codes = {rule.code for rule in rules.rule_set(rules.LATEST)}
    for code in agreement.brought.keys() - codes:
        yield ("findings", code), f"is no code of a rule; {is_near(code, codes)}"


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "agreement",
            agreements.Agreement,
            lambda path: agreements.read(path, agreement_misfits),
            lambda: sorted(agreements.FOLDER.glob("*.yaml")),
            is_vital=False,
            keys=frozenset({"tracks", "desks", "states", "in_force_from"}),
        ),
        Kind(
            "neighbours",
            neighbours.Neighbours,
            neighbours.read,
            lambda: sorted(neighbours.FOLDER.glob("*.yaml")),
            is_vital=False,
            keys=frozenset({"tempers", "states", "missing_hours"}),
        ),
        Kind(
            "offices",
            offices.Sheet,
            offices.read_sheet,
            lambda: sorted(offices.FOLDER.glob("*/offices.yaml")),
            is_vital=True,
            keys=frozenset({"offices", "first_day", "last_day"}),
        ),
        Kind(
            "holidays",
            offices.Holidays,
            offices.read_holidays,
            lambda: sorted(offices.FOLDER.glob("*/holidays.csv")),
            is_vital=True,
        ),
        Kind(
            "story",
            stories.Story,
            stories.read,
            lambda: sorted(stories.FOLDER.glob("*.yaml")),
            is_vital=False,
            keys=frozenset({"story", "acts"}),
        ),
        Kind(
            "dossier",
            written.Written,
            written.read,
            lambda: sorted(written.FOLDER.glob("*.yaml")),
            is_vital=False,
            keys=frozenset({"dossier", "debrief", "received_at", "crossings"}),
            is_long=True,
        ),
        Kind(
            "sop",
            sop.Procedure,
            lambda path: reading.read(path, sop.Procedure),
            lambda: sorted(sop.FOLDER.glob("*.yaml")),
            is_vital=False,
            keys=frozenset({"chapters", "publications"}),
        ),
        Kind(
            "glossary",
            glossary.Glossary,
            glossary.read,
            lambda: [glossary.FILE],
            is_vital=True,
            keys=frozenset({"words", "terms"}),
        ),
        Kind(
            "phrases",
            phrases.Phrases,
            phrases.read,
            lambda: sorted(phrases.FOLDER.glob("*.yaml")),
            is_vital=False,
            keys=frozenset({"edition", "offices", "closing", "kinds"}),
        ),
        Kind(
            "situations",
            reference.Situations,
            reference.read_situations,
            lambda: [reference.SITUATIONS],
            is_vital=False,
        ),
        Kind(
            "world",
            world.World,
            world.read,
            lambda: [world.FILE],
            is_vital=False,
            keys=frozenset({"mark", "actors", "themes", "lines", "entries"}),
        ),
        Kind(
            "zones",
            zones.WrittenZones,
            lambda path: reading.read(path, zones.WrittenZones),
            lambda: [zones.FILE],
            is_vital=True,
        ),
    )
}


def kind_of(path: Path) -> Kind | None:
    """Return the kind that a file looks like, by its name and the keys at its margin."""
    if path.suffix == ".geojson":
        return KINDS["zones"]
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".csv":
        return KINDS["holidays"] if text.startswith("date,") else None
    keys = {*TOP_KEY.findall(text)}
    if not keys:
        return KINDS["situations"] if "- {number:" in text else None
    found = max(KINDS.values(), key=lambda kind: len(kind.keys & keys))
    return found if found.keys & keys else None


def faults(kind: Kind, path: Path) -> tuple[Fault, ...]:
    """Return what is wrong with a file; none, if it can be used."""
    try:
        kind.read(path)
    except BadFile as error:
        return error.faults
    return ()


def schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON schema of a kind of file, for editors."""
    return kind.schema.model_json_schema() | {"title": kind.name}
