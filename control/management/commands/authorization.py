"""`manage.py authorization ID NUMBER`: an authorization as the JSON that `compare_fpl` reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from airspace.flight_plan import bare
from exercises.models import Exercise
from transit import filing
from transit.models import Authorization

if TYPE_CHECKING:
    from argparse import ArgumentParser

BAD_INPUT = 2


class Command(BaseCommand):
    """Exits with 2 if there is no such exercise, or no such number in it."""

    help = "Print what an authorization lets fly, as one JSON object that compare_fpl reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise", type=int, metavar="ID")
        parser.add_argument("number", metavar="NUMBER", help="its number, such as EXKZ26S0001")

    def handle(self, *args: Any, exercise: int, number: str, **options: Any) -> None:
        chosen = Exercise.objects.filter(pk=exercise).first()
        if chosen is None:
            raise CommandError(f"There is no exercise {exercise}.", returncode=BAD_INPUT)
        rows = Authorization.objects.filter(exercise=chosen, number=bare(number))
        authorization = rows.order_by("version").last()
        if authorization is None:
            raise CommandError(
                f"Exercise {exercise} has no authorization {number}.", returncode=BAD_INPUT
            )
        self.stdout.write(json.dumps(filing.cleared(authorization).as_dict(), indent=2))
