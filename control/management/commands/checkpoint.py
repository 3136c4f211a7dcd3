"""`manage.py checkpoint [ID] [FILE]`: how records stand, signed, to be kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from audit import checkpoints, verification
from audit.snapshot import snapshot
from exercises.models import Exercise

if TYPE_CHECKING:
    from argparse import ArgumentParser

BROKEN, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    """One for each exercise, so that one that is gone is missed as well."""

    help = "Sign how the record of each exercise, or of one, stands now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what", nargs="*", metavar="[ID] [FILE]", help="one exercise; a file instead of here"
        )
        parser.add_argument(
            "--key", action="store_true", help="print the line of the key that verifies them"
        )

    def handle(self, *args: Any, what: list[str], key: bool, **options: Any) -> None:
        numbers = [int(one) for one in what[:1] if one.isdecimal()]
        files = what[len(numbers) :]
        if len(files) > 1:
            raise CommandError("Give the number of an exercise, a file, or both in that order.")
        try:
            signer = checkpoints.signer()
            if key:
                self.stdout.write(signer.key.line)
                return
            asked = Exercise.objects.order_by("pk")
            exercises = list(asked.filter(pk=numbers[0]) if numbers else asked)
            if numbers and not exercises:
                raise CommandError(f"There is no exercise {numbers[0]}.", returncode=COULD_NOT_RUN)
            notes, broken = self.sign(exercises, signer)
            if not files or files == ["-"]:
                self.stdout.write("\n".join(notes), ending="")
            else:
                Path(files[0]).write_text("\n".join(notes), "utf-8")
                self.stdout.write(f"{len(notes)} checkpoints, to be verified with")
                self.stdout.write(signer.key.line)
        except checkpoints.Unusable as error:
            raise CommandError(str(error), returncode=COULD_NOT_RUN) from error
        except (DatabaseError, OSError) as error:
            raise CommandError(f"No checkpoint: {error}", returncode=COULD_NOT_RUN) from error
        if broken:
            raise CommandError("\n".join(broken), returncode=BROKEN)

    def sign(
        self, exercises: list[Exercise], signer: checkpoints.Signer
    ) -> tuple[list[str], list[str]]:
        """Return the notes, and what is said of those that are broken: they are not signed."""
        notes, broken = [], []
        for exercise in exercises:
            with snapshot(connection):
                faults = verification.faults(exercise, chain_only=True)
                if faults:
                    what = f"EXERCISE {exercise.pk}, {exercise.name}, is BROKEN"
                    broken.append(f"{what} and was not signed: {faults[0]}")
                else:
                    notes.append(signer.note(exercise))
        return notes, broken
