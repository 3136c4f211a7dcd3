"""`manage.py migrate`: Django's own, but it takes no record with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections, migrations
from django.db.migrations.exceptions import AmbiguityError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from audit.models import Erasure, Event
from audit.replay import of_the_record

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: What, taken back, drops a table or a column, or the triggers that guard them.
LOSSY = (migrations.CreateModel, migrations.AddField, migrations.RunPython)


class Command(migrate.Command):
    """Bring the database up to date.

    Refuse one whose tables belong to rooms that are no more, and a way back that would drop what
    records consist of while there are any.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        applied = MigrationRecorder(connection).applied_migrations()
        if ("transit", "0001_initial") in applied and ("casework", "0001_initial") not in applied:
            raise CommandError(
                "This database was made by a development version of before 0.1.0 and cannot be "
                "brought up to date. Start with another: on one machine, move the folder var/ away."
            )
        named = options["app_label"], options["migration_name"]
        if all(named) and not options["fake"] and not options["plan"]:
            lost = lost_by(connection, *named)
            if lost and has_records(connection):
                raise CommandError(
                    f"Nothing was done: going back would drop what records consist of "
                    f"({', '.join(lost)}), and there are records. Export and erase every exercise "
                    "first, or bring back a backup of before the update."
                )
        super().handle(*args, **options)


def lost_by(connection: BaseDatabaseWrapper, app: str, name: str) -> list[str]:
    """Return the migrations that going back to `name` would undo, with what records consist of."""
    executor = MigrationExecutor(connection)
    rooms = {model._meta.app_label for model in of_the_record()}
    try:
        target = None if name == "zero" else executor.loader.get_migration_by_prefix(app, name).name
        plan = executor.migration_plan([(app, target)])
    except (AmbiguityError, KeyError):  # Django says it better
        return []
    return [
        f"{migration.app_label}.{migration.name}"
        for migration, is_undone in plan
        if is_undone
        and migration.app_label in rooms
        and any(isinstance(operation, LOSSY) for operation in migration.operations)
    ]


def has_records(connection: BaseDatabaseWrapper) -> bool:
    """Say whether anything happened in this database, or was erased."""
    there = connection.introspection.table_names()
    return any(
        model._meta.db_table in there and model.objects.using(connection.alias).exists()
        for model in (Event, Erasure)
    )
