"""`manage.py import_record FILE`: a new exercise out of an exported record."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from audit import exported
from control import actions

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable

REFUSED, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    """The chain stays as it was written, and the rows are built anew from it."""

    help = "Make a new exercise of a file that export_record wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="what to read; - for standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            exercise = actions.import_record(exported.read(self.lines(file)))
        except exported.Unreadable as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is no text in UTF-8.", returncode=REFUSED) from error
        except OSError as error:
            raise CommandError(
                f"{file} cannot be read: {error.strerror}.", returncode=COULD_NOT_RUN
            ) from error
        self.stdout.write(
            f"EXERCISE {exercise.pk}, {exercise.name}: {exercise.seq} events imported, intact."
        )

    def lines(self, file: str) -> Iterable[str]:
        """Return the lines of the file, each with its end; only a newline ends one."""
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return StringIO(content.decode(), newline="\n")
