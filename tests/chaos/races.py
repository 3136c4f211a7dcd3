"""Officers who decide at the same moment, again and again: one is first, the others are told so.

    python -m tests.chaos races --seed 7 --times 40
    python -m tests.services python -m tests.chaos races --seed 7 --times 40

In each race two to six forms on one flight are sent at once, over HTTP, to all web processes: the
deciding officer's and the deputy's, granting and refusing, some of them one form sent twice.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from audit import verification
from audit.models import Event
from bench.ours import populate
from bench.ours.seats import Browser, Heard, fields
from exercises.models import Exercise
from tests.chaos.scene import household, kept, prepare, say
from transit.models import FlightRequest

if TYPE_CHECKING:
    from argparse import Namespace

OFFICERS = ("KZ-DECIDER", "KZ-DEPUTY")
GROUNDS = {"ground": "CARGO", "reasons": "Too heavy."}
DECISIONS: dict[str, dict[str, str]] = {"authorize": {}, "refuse": GROUNDS}

#: Done, or somebody was first.
DONE, TOO_LATE = 302, 409


class Form(NamedTuple):
    """A form as it was opened, and who sends it."""

    officer: Browser
    verb: str
    address: str
    fields: dict[str, str]


def run(asked: Namespace) -> int:
    """Hold so many races; say what was found, and return how much of it is wrong."""
    prepare()
    rng = random.Random(asked.seed)  # noqa: S311 - no secret
    exercise = populate.populated([populate.TO_DECIDE] * asked.times)
    home = household()
    officers = [Browser(home.ports[0], exercise, key, Heard()) for key in OFFICERS]
    answers: Counter[int] = Counter()
    wrong: list[str] = []
    with kept(home):
        for number in range(1, asked.times + 1):
            forms = [opened(rng.choice(officers), number, rng) for _ in range(rng.randint(1, 3))]
            forms += [rng.choice(forms) for _ in range(rng.randint(1, 3))]
            found = raced(forms, rng.choices(home.ports, k=len(forms)))
            answers.update(found)
            won = {forms[place].fields["once"] for place, one in enumerate(found) if one == DONE}
            if len(won) != 1 or {*found} - {DONE, TOO_LATE}:
                wrong.append(f"flight {number}: {found}")
    decided = Counter(
        event.case for event in Event.objects.filter(exercise=exercise) if event.verb in DECISIONS
    )
    cases = [one.reference for one in FlightRequest.objects.filter(exercise=exercise)]
    wrong += [f"{case} decided {decided[case]} times" for case in cases if decided[case] != 1]
    wrong += verification.faults(Exercise.objects.get(pk=exercise.pk))
    told = ", ".join(f"{status}: {number}" for status, number in sorted(answers.items()))
    say(f"{asked.times} races, answers {told}; {len(wrong)} wrong")
    for one in wrong[:20]:
        say(f"  WRONG {one}")
    return len(wrong)


def opened(officer: Browser, number: int, rng: random.Random) -> Form:
    """Open the page of a flight and fill in one of its forms."""
    verb = rng.choice([*DECISIONS])
    _status, page = officer.ask("page", f"flights/{number}/?move={verb}")
    address = f"flights/{number}/do/{verb}/"
    return Form(officer, verb, address, dict(fields(page, f"do/{verb}/")) | DECISIONS[verb])


def raced(forms: list[Form], ports: list[int]) -> list[int]:
    """Send all of them at once; return the answers."""
    start = threading.Barrier(len(forms))

    def send(form: Form, port: int) -> int:
        mine = Browser.__new__(Browser)
        mine.__dict__ |= form.officer.__dict__ | {"port": port}
        start.wait()
        return mine.ask("act", form.address, form.fields)[0]

    with ThreadPoolExecutor(len(forms)) as pool:
        return [*pool.map(send, forms, ports)]
