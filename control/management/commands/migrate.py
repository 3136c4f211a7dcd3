"""`manage.py migrate`: Django's own, but for a database of before the rooms were parted."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder


class Command(migrate.Command):
    """Bring the database up to date; refuse one whose tables belong to rooms that are no more."""

    def handle(self, *args: Any, **options: Any) -> None:
        applied = MigrationRecorder(connections[options["database"]]).applied_migrations()
        if ("transit", "0001_initial") in applied and ("casework", "0001_initial") not in applied:
            raise CommandError(
                "This database was made by a development version of before 0.1.0 and cannot be "
                "brought up to date. Start with another: on one machine, move the folder var/ away."
            )
        super().handle(*args, **options)
