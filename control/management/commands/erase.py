"""`manage.py erase ID --by USERNAME --yes`: delete an exercise that nobody can sign in to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from control import actions
from exercises.models import Exercise

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """The instructor's page does the same; a played story has no instructor who signs in."""

    help = "Delete a whole exercise with its record; only that it was erased stays known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise", type=int, metavar="ID")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who answers for it")
        parser.add_argument("--yes", action="store_true", help="do it; it cannot be undone")

    def handle(self, *args: Any, exercise: int, by: str, yes: bool, **options: Any) -> None:
        doomed = Exercise.objects.filter(pk=exercise).first()
        if doomed is None:
            raise CommandError(f"There is no exercise {exercise}.")
        user = get_user_model().objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is no user {by!r}.")
        what = f"EXERCISE {doomed.pk}, {doomed.name}, with {doomed.seq} events"
        if not yes:
            raise CommandError(f"{what} would be erased for good. Say --yes to do it.")
        actions.erase(doomed, by=user)
        self.stdout.write(f"{what}: erased.")
