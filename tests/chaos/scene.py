"""Exercises with role-players on an installation of this machine, and people who write in them."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

from approvals.models import Minute
from audit import acts, verification
from control import actions, practice
from exercises.models import Exercise, Role
from roleplay.profiles import CAREFUL
from scenarios import conduct
from scenarios.dossier import PARTIES
from tests.chaos.household import Household, large, small
from tests.chaos.people import GaveUp, Ledger, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

#: How fast time passes, and how many dossiers come in.
RATE, DOSSIERS = 60, 6

#: So often somebody starts again what was killed too often.
MOST_STARTS = 5

HOUR = timedelta(hours=1)


@dataclass
class Scene:
    """An installation under test, the people who write, and what chance there is."""

    household: Household
    ledger: Ledger
    rng: random.Random
    done: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    starts: int = 0

    @property
    def is_large(self) -> bool:
        return "redis" in self.household.commands

    def wait_for(self, more: int) -> None:
        """Return when so many more acts have been acknowledged.

        Where the supervisor gave up what was killed too often, somebody starts it again.
        """
        while True:
            try:
                return self.ledger.wait_for(more)
            except GaveUp:
                self.starts += 1
                if self.starts > MOST_STARTS:
                    raise
                self.ledger.is_over = False
                self.household.start()

    def any_process(self) -> str:
        """Choose one that works: who is killed at every start is given up on, and rightly."""
        home = self.household
        return self.rng.choice([one for one in home.commands if one != "redis" and home.lives(one)])


@contextmanager
def scene(exercises: int, seed: str, *, pause: float = 0) -> Iterator[Scene]:
    """Stage exercises with role-players, start what runs them, and let people write meanwhile.

    Each writes again `pause` seconds after the last was acknowledged.
    """
    prepare()
    ledger, home = Ledger(), household()
    writers = [
        Writer(home.ports, exercise, host, ledger, seed=f"{seed} {exercise.pk}", pause=pause)
        for exercise, host in map(stage, range(1, exercises + 1))
    ]
    home.gave_up = ledger.end
    with kept(home):
        for writer in writers:
            writer.thread.start()
        now = Scene(home, ledger, random.Random(seed))  # noqa: S311 - no secret
        yield now
        now.wait_for(len(writers))
        for writer in writers:
            writer.stopped.set()
        for writer in writers:
            writer.thread.join()


def prepare() -> None:
    """Make the tables of an empty database, and what web processes serve."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def household() -> Household:
    """Return what runs beside the database of the environment."""
    is_large = connection.vendor == "postgresql"
    commands, ports = large(settings.VAR_DIR / "redis.sock") if is_large else small()
    return Household(commands, ports, environment(is_large=is_large), settings.VAR_DIR / "log")


@contextmanager
def kept(home: Household) -> Iterator[None]:
    """Let it run, and stop it; no connection of ours is in the way of what happens to it."""
    connection.close()
    home.start()
    try:
        yield
    finally:
        home.stop()


def environment(*, is_large: bool) -> dict[str, str]:
    """Return what the processes are told: this database, a queue of their own, no demo."""
    told = {"SECRET_KEY": settings.SECRET_KEY, "HTTPS": "off", "VAR_DIR": str(settings.VAR_DIR)}
    if is_large:
        told["BROKER_URL"] = f"redis+socket://{settings.VAR_DIR}/redis.sock"
    return os.environ | told


def stage(number: int) -> tuple[Exercise, str]:
    """Open an exercise in which role-players sit everywhere; return it, and who is host."""
    cases = practice.dossiers(number, DOSSIERS, desk=Role.DEFENCE, difficulty=2, clean_share=0.5)
    user, _new = get_user_model().objects.get_or_create(username="chaos")
    host = cases[0].dossier.host

    def settle(exercise: Exercise, at: datetime) -> None:
        control = exercise.seats.get(role=Role.INSTRUCTOR)
        control.taken_by = user
        actions.sit(control, by=control, at=at, holder=user.get_username())
        given = [practice.given(case) for case in cases]
        conduct.give(exercise, by=control, at=at, dossiers=given)
        actions.jump(exercise, by=control, at=at, to=practice.moment(cases[0]) + HOUR)

    exercise = actions.create(
        f"Chaos {number}",
        at=practice.moment(cases[0]) - HOUR,
        cast=dict.fromkeys(actions.seat_keys(PARTIES), CAREFUL),
        seed=number,
        then=settle,
    )
    acts.let_time_pass(exercise)
    control = exercise.seats.get(role=Role.INSTRUCTOR)
    with acts.act(exercise, by=control) as at:
        actions.run(exercise, by=control, at=at, rate=RATE)
    return exercise, host


def told(scene: Scene) -> int:
    """Say what came of it, and return how much of it is wrong."""
    found = [
        f"exercise {one.pk}: {fault}" for one in Exercise.objects.all() for fault in wrong(one)
    ]
    written = Counter(Minute.objects.values_list("text", flat=True))
    ledger = scene.ledger
    lost = ledger.acknowledged - written.keys()
    found += [f"lost: {text}" for text in lost]
    found += [f"refused and done: {text}" for text in ledger.refused & written.keys()]
    found += [f"doubled: {text}" for text, times in written.items() if times > 1]
    found += [f"never sent: {text}" for text in written.keys() - ledger.sent if "chaos" in text]
    found += [f"answered {odd}" for odd in ledger.odd]
    faults = ", ".join(f"{name} {number}" for name, number in scene.done.most_common())
    answers = ", ".join(f"{status}: {n}" for status, n in sorted(ledger.answers.items()))
    say(f"{connection.vendor}: {scene.done.total()} faults, {scene.kills} kills ({faults})")
    if scene.starts:
        say(f"  started again {scene.starts} times, after one was killed too often")
    say(f"  {len(ledger.acknowledged)} acts acknowledged; answers {answers} (0: none)")
    say(f"  {len(lost)} lost, {len(found)} wrong")
    for one in found[:20]:
        say(f"  WRONG {one}")
    return len(found)


def wrong(exercise: Exercise) -> Iterable[str]:
    if exercise.halted:
        yield f"halted: {exercise.halted}"
    yield from verification.faults(exercise)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
