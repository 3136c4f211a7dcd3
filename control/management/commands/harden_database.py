"""`manage.py harden_database ROLE`: who runs the product can only append to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from audit import privileges, triggers

if TYPE_CHECKING:
    from argparse import ArgumentParser

REFUSED, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    """For PostgreSQL, run as the owner of the tables, after `migrate`."""

    help = "Let a role of PostgreSQL run the product, and do no more than that to the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROLE", help="as which web and workers will connect")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if connection.vendor != "postgresql":
            self.stdout.write(
                "Nothing was done: SQLite has no roles. Whoever may write the file may do anything "
                "with it, so let nobody but the product's user do that, and keep checkpoints "
                "elsewhere (manage.py checkpoint)."
            )
            return
        try:
            with transaction.atomic():
                privileges.restrict(connection, role)
        except privileges.Unfit as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        except DatabaseError as error:
            raise CommandError(f"Nothing was done: {error}", returncode=COULD_NOT_RUN) from error
        if lost := triggers.missing(connection):
            raise CommandError(
                f"Triggers of the record are missing or changed: {', '.join(sorted(lost))}.",
                returncode=REFUSED,
            )
        self.stdout.write(
            f"{role} reads and writes rows, appends to the record, and owns nothing. Name it in "
            "DATABASE_URL of web and workers; run migrate as now, and this command after it."
        )
