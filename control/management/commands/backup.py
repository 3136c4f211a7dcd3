"""`manage.py backup FILE`: the whole database in one file, while everything runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFault

from control import backups

if TYPE_CHECKING:
    from argparse import ArgumentParser

REFUSED, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    """Accounts, exercises, records and erasures, as they are at one moment."""

    help = "Write the whole database to a file that restore reads; everything may go on meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to write")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            backups.write(file)
        except backups.Unfit as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        except DatabaseFault as error:
            raise CommandError(
                f"The database does not answer ({backups.said_first(error)}): start it, or mend "
                "DATABASE_URL.",
                returncode=COULD_NOT_RUN,
            ) from error
        except OSError as error:
            raise CommandError(
                f"{file} cannot be written: {error.strerror}.", returncode=COULD_NOT_RUN
            ) from error
        size = file.stat().st_size
        self.stdout.write(f"{file}: {backups.keeper().name}, {size / 1e6:.1f} MB.")
        if settings.SECRET_KEY_FILE.exists():
            self.stdout.write(f"Not in it: {settings.SECRET_KEY_FILE}. Keep that elsewhere.")
