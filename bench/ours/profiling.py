"""Where the time goes: own time by who spends it, and our functions that cost most.

    python -m bench.ours profiling move|happening|case|queue

in the database of `DATABASE_URL`; all but `move` want an exercise that `bench.populate` made. A
profiler adds to every call: the shares are to be read, not the seconds.
"""

from __future__ import annotations

import cProfile
import logging
import pstats
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.ours import jump, pages
from bench.running import ROOT
from control import stories
from exercises.models import Exercise

if TYPE_CHECKING:
    from collections.abc import Callable

#: Who spends it, by the first of these words in a function's file, or in its name if it has none.
SPENDERS = (
    ("databases", ("django/db/backends", "sqlite3", "psycopg", "execute")),
    ("SQL built anew", ("django/db/models/sql", "django/db/models/lookups", "expressions")),
    ("querysets", ("django/db/models/query", "manager", "related", "prefetch")),
    (
        "rows and fields",
        ("django/db/models", "dateparse", "timezone", "exercises/recorded", "copy"),
    ),
    ("templates", ("django/template", "/templates", "defaultfilters", "html", "safestring")),
    ("forms", ("django/forms",)),
    ("words", ("translation", "gettext", "functional")),
    ("the rest of Django", ("django/",)),
    ("JSON, hashes", ("json", "hashlib", "sha256")),
)


#: Where a profile says that a function of C stands.
BUILT_IN = "~"


def main(options: list[str]) -> None:
    logging.disable(logging.WARNING)
    done, count = WORK[options[0]]()
    done()
    profile = cProfile.Profile()
    profile.enable()
    done()
    profile.disable()
    report(profile, options[0], count)


def moves() -> tuple[Callable[[], None], int]:
    story = stories.load("alpha")
    exercises = [stories.stage(story) for _ in range(10)]

    def done() -> None:
        for exercise in [exercises.pop() for _ in range(5)]:
            for line in story.acts:
                stories.perform(exercise, line)

    return done, 5 * len(story.acts)


def page(name: str) -> tuple[Callable[[], None], int]:
    exercise = Exercise.objects.get()
    seat, address = pages.PAGES[name]
    client = pages.signed_in(exercise, seat)

    def done() -> None:
        for _ in range(5):
            pages.get(client, exercise, seat, address)

    return done, 5


def happenings() -> tuple[Callable[[], None], int]:
    """Jump twice by 15 days: the second is profiled."""
    exercise = Exercise.objects.get()
    jump.JUMP /= 2

    def done() -> None:
        jump.jump(exercise)

    return done, 0


WORK: dict[str, Callable[[], tuple[Callable[[], None], int]]] = {
    "move": moves,
    "happening": happenings,
    **{name: partial(page, name) for name in pages.PAGES},
}


def report(profile: cProfile.Profile, name: str, count: int) -> None:
    stats = pstats.Stats(profile)
    total = stats.total_tt  # type: ignore[attr-defined]
    spent: Counter[str] = Counter()
    mine: list[tuple[float, int, str]] = []
    told = stats.stats  # type: ignore[attr-defined]
    for (file, line, function), (_, calls, own, cumulative, callers) in told.items():
        if file == BUILT_IN and callers:  # what is built in is spent by whoever calls it
            for (caller, _, by), (_, _, part, _) in callers.items():
                spent[spender(caller, f"{by} {function}")] += part
        else:
            spent[spender(file, function)] += own
        if is_ours(file) and (place := Path(file).relative_to(ROOT)).parts[0] != "bench":
            mine.append((cumulative, calls, f"{place}:{line} {function}"))
    said = [f"{name}: {total:.2f} s under the profiler" + (f", {count} times" if count else "")]
    said += [f"  {own / total:6.1%}  {who}" for who, own in spent.most_common()]
    said += ["  of ours, with what they call:"]
    said += [
        f"  {seconds / total:6.1%}  {calls:7}×  {place}"
        for seconds, calls, place in sorted(mine, reverse=True)[:25]
    ]
    sys.stdout.write("\n".join(said) + "\n")


def spender(file: str, function: str) -> str:
    place = f"{file} {function}"
    if is_ours(file) and "exercises/recorded" not in file:
        return f"ours: {Path(file).relative_to(ROOT).parts[0]}"
    for who, words in SPENDERS:
        if any(word in place for word in words):
            return who
    return "Python and its library"


def is_ours(file: str) -> bool:
    return file.startswith(f"{ROOT}/") and "/.venv/" not in file
