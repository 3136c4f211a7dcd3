"""`manage.py verify_audit [--exercise ID] [--chain]`: is the record of every exercise whole?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from audit import verification
from exercises.models import Exercise

if TYPE_CHECKING:
    from argparse import ArgumentParser

BROKEN, COULD_NOT_RUN = 1, 2


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
        try:
            asked = Exercise.objects.order_by("pk")
            if exercise is not None:
                asked = asked.filter(pk=exercise)
            exercises = list(asked)
            if exercise is not None and not exercises:
                raise CommandError(f"There is no exercise {exercise}.", returncode=COULD_NOT_RUN)
            broken = sum(not self.is_intact(one, chain_only=chain) for one in exercises)
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be read: {error}", returncode=COULD_NOT_RUN
            ) from error
        if broken:
            raise CommandError(f"{broken} of {len(exercises)} broken.", returncode=BROKEN)

    def is_intact(self, exercise: Exercise, *, chain_only: bool) -> bool:
        """Say in one line how an exercise's record stands."""
        faults = verification.faults(exercise, chain_only=chain_only)
        whole = "chain intact" if chain_only else "intact"
        finding = f"BROKEN: {faults[0]}" if faults else f"{whole}, {exercise.seq} events"
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        self.stdout.write(f"EXERCISE {exercise.pk}, {exercise.name}: {finding}{more}")
        return not faults
