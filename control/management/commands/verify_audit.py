"""`manage.py verify_audit [--exercise ID] [--chain] [--checkpoint FILE [--key KEY]]`.

Is the record of every exercise whole, and did it grow out of what was signed once?
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from audit import checkpoints, verification
from audit.models import Erasure
from audit.snapshot import allow_reading_only, snapshot
from exercises.models import Exercise

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from audit.checkpoints import Checkpoint

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
        parser.add_argument(
            "--checkpoint",
            metavar="FILE",
            help="hold the records against these checkpoints; - for standard input",
        )
        parser.add_argument(
            "--key",
            metavar="KEY",
            help="the line of the key that signed them, if it was not this installation's",
        )

    def handle(
        self, *args: Any, exercise: int | None, checkpoint: str | None, **options: Any
    ) -> None:
        signed = self.signed(checkpoint, options["key"], only=exercise)
        try:
            allow_reading_only(connection)
            asked = Exercise.objects.order_by("pk").only("name")
            if exercise is not None:
                asked = asked.filter(pk=exercise)
            exercises = list(asked)
            if exercise is not None and not exercises:
                raise CommandError(f"There is no exercise {exercise}.", returncode=COULD_NOT_TELL)
            found = [
                self.verify(one, signed.pop(one.pk, []), chain_only=options["chain"])
                for one in exercises
            ]
            found += [self.miss(number) for number in sorted(signed)]
            beside = verification.faults_beside() if exercise is None else []
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be read: {error}", returncode=COULD_NOT_TELL
            ) from error
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

    def signed(
        self, file: str | None, line: str | None, *, only: int | None
    ) -> dict[int, list[Checkpoint]]:
        """Return the checkpoints of a file by the number of their exercise.

        Where one exercise is asked for, checkpoints of a single one are about that: it may have
        had another number in the database from which it was brought.
        """
        if file is None:
            return {}
        try:
            notes = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
            key = checkpoints.Key.read(line) if line else checkpoints.signer(make=False).key
            read = checkpoints.read(notes, key=key)
        except checkpoints.Unusable as error:
            raise CommandError(str(error), returncode=COULD_NOT_TELL) from error
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
            named = getattr(error, "filename", None) or file
            raise CommandError(
                f"{named} cannot be read: {reason}.", returncode=COULD_NOT_TELL
            ) from error
        found: dict[int, list[Checkpoint]] = {}
        for one in read:
            found.setdefault(one.number, []).append(one)
        if only is None:
            return found
        if only not in found and len(found) > 1:
            raise CommandError(
                f"{file} holds checkpoints of several exercises, and none of exercise {only}.",
                returncode=COULD_NOT_TELL,
            )
        return {only: found.get(only) or read}

    def verify(self, exercise: Exercise, signed: list[Checkpoint], *, chain_only: bool) -> int:
        """Say in one line how an exercise's record stands; return the exit code for it."""
        finding = "chain intact" if chain_only else "intact"
        try:
            with snapshot(connection):
                faults = verification.faults(exercise, chain_only=chain_only)
                against = (checkpoints.broken_by(one, exercise) for one in signed)
                faults += [fault for fault in against if fault]
                finding += f", {exercise.events.count()} events"
        except DatabaseError as untold:
            code, finding = COULD_NOT_TELL, f"could not be told: {untold}"
        else:
            code = BROKEN if faults else INTACT
            if signed:
                finding += f", the first {max(one.size for one in signed)} as signed"
            if faults:
                finding = f"BROKEN: {faults[0]}"
                finding += f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        self.stdout.write(f"EXERCISE {exercise.pk}, {exercise.name}: {finding}")
        return code

    def miss(self, number: int) -> int:
        """Say what became of an exercise of which there is a checkpoint and nothing else."""
        erasure = Erasure.objects.filter(exercise=number).first()
        if erasure is None:
            self.stdout.write(f"EXERCISE {number}: BROKEN: it is gone, and was not erased")
            return BROKEN
        self.stdout.write(
            f"EXERCISE {number}, {erasure.name}: could not be told: erased by {erasure.by} on "
            f"{erasure.recorded_at:%Y-%m-%d}, after {erasure.seq} events; ask them"
        )
        return COULD_NOT_TELL
