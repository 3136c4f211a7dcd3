"""`manage.py export_record ID FILE`: the record of one exercise as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from audit import verification
from audit.exported import export_record
from control import record_files
from exercises.models import Exercise

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable

BROKEN, COULD_NOT_RUN = 1, 2

#: How a record can be written.
LAYOUTS = {"record": export_record, **record_files.WRITERS}


class Command(BaseCommand):
    """The backup of one exercise, and its way to another database."""

    help = "Write the record of one exercise to a file that import_record reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise", type=int, metavar="ID")
        parser.add_argument("file", metavar="FILE", help="where to write; - for standard output")
        parser.add_argument(
            "--as",
            dest="layout",
            choices=[*LAYOUTS],
            default="record",
            help="record, which import_record reads, or to be read elsewhere: csv, json",
        )

    def handle(self, *args: Any, exercise: int, file: str, layout: str, **options: Any) -> None:
        chosen = Exercise.objects.filter(pk=exercise).first()
        if chosen is None:
            raise CommandError(f"There is no exercise {exercise}.", returncode=COULD_NOT_RUN)
        what = f"EXERCISE {chosen.pk}, {chosen.name}"
        try:
            if file == "-":
                self.stdout.writelines(LAYOUTS[layout](chosen))
            else:
                self.write(LAYOUTS[layout](chosen), Path(file))
                self.stdout.write(f"{what}: exported.")
        except OSError as error:
            raise CommandError(
                f"{file} cannot be written: {error.strerror}.", returncode=COULD_NOT_RUN
            ) from error
        except UnicodeDecodeError as error:
            raise CommandError(
                f"{what} is BROKEN: an event is no text. Nothing was written.", returncode=BROKEN
            ) from error
        try:
            faults = verification.faults(chosen)
        except verification.CouldNotTell as untold:
            raise CommandError(
                f"{what} was written, but not verified. {untold}", returncode=COULD_NOT_RUN
            ) from untold
        if faults:
            raise CommandError(f"{what} is BROKEN: {faults[0]}", returncode=BROKEN)

    def write(self, lines: Iterable[str], path: Path) -> None:
        """Write the file whole or not at all; an older one stays until it is."""
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("w", encoding="utf-8") as out:
                out.writelines(lines)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
