"""`manage.py verify_audit [--exercise ID] [--chain]`: is the record of every exercise whole?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from audit import verification
from audit.snapshot import allow_reading_only, snapshot
from exercises.models import Exercise

if TYPE_CHECKING:
    from argparse import ArgumentParser

INTACT, BROKEN, COULD_NOT_TELL = 0, 1, 2


class Command(BaseCommand):
    """Exits with 0 if every record is intact, 1 if one is broken, 2 if that could not be told."""

    help = "Verify the chain of events and that the rows follow from it, for each exercise."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exercise", type=int, metavar="ID", help="this exercise only")
        parser.add_argument(
            "--chain",
            action="store_true",
            help="follow the chain alone: quicker, and says nothing of the rows",
        )

    def handle(self, *args: Any, exercise: int | None, chain: bool, **options: Any) -> None:
        allow_reading_only(connection)
        try:
            asked = Exercise.objects.order_by("pk").only("name")
            if exercise is not None:
                asked = asked.filter(pk=exercise)
            exercises = list(asked)
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be read: {error}", returncode=COULD_NOT_TELL
            ) from error
        if exercise is not None and not exercises:
            raise CommandError(f"There is no exercise {exercise}.", returncode=COULD_NOT_TELL)
        found = [self.verify(one, chain_only=chain) for one in exercises]
        beside = verification.faults_beside() if exercise is None else []
        for fault in beside:
            self.stdout.write(f"DATABASE: BROKEN: {fault}")
        if broken := found.count(BROKEN):
            raise CommandError(f"{broken} of {len(found)} broken.", returncode=BROKEN)
        if beside:
            raise CommandError("The database is broken.", returncode=BROKEN)
        if untold := found.count(COULD_NOT_TELL):
            raise CommandError(
                f"{untold} of {len(found)} could not be told.", returncode=COULD_NOT_TELL
            )

    def verify(self, exercise: Exercise, *, chain_only: bool) -> int:
        """Say in one line how an exercise's record stands; return the exit code for it."""
        whole = "chain intact" if chain_only else "intact"
        try:
            with snapshot(connection):
                faults = verification.faults(exercise, chain_only=chain_only)
                events = exercise.events.count()
        except DatabaseError as untold:
            code, finding = COULD_NOT_TELL, f"could not be told: {untold}"
        else:
            code = BROKEN if faults else INTACT
            finding = f"BROKEN: {faults[0]}" if faults else f"{whole}, {events} events"
            finding += f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        self.stdout.write(f"EXERCISE {exercise.pk}, {exercise.name}: {finding}")
        return code
