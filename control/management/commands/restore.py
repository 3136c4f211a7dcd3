"""`manage.py restore FILE [--yes]`: a backup in the place of the whole database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFault

from control import backups

if TYPE_CHECKING:
    from argparse import ArgumentParser

REFUSED, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    """Nothing is touched before the file is found whole; afterwards it is migrated and verified."""

    help = "Put a file that backup wrote in the place of the whole database; nothing may run."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what to read")
        parser.add_argument(
            "--yes", action="store_true", help="even if exercises are there: they are lost"
        )

    def handle(self, *args: Any, file: Path, yes: bool, **options: Any) -> None:
        try:
            if not yes and backups.holds_exercises():
                raise CommandError(
                    "There are exercises in the database, which would be lost. Back them up, then "
                    "say --yes.",
                    returncode=REFUSED,
                )
            aside = backups.restore(file)
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
                f"{file} cannot be read: {error.strerror}.", returncode=COULD_NOT_RUN
            ) from error
        if aside:
            self.stdout.write(f"What was there could not be read and lies in {aside} now.")
        self.stdout.write(f"{file}: restored.")
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        call_command("verify_audit", stdout=self.stdout)
