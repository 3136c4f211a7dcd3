"""A database of an earlier development version is refused with a sentence, before it is touched."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


@pytest.mark.django_db
def test_a_database_of_before_the_rooms_were_parted_is_refused_by_what_to_do() -> None:
    MigrationRecorder(connection).record_unapplied("casework", "0001_initial")

    with pytest.raises(CommandError, match=r"move the folder var/ away"):
        call_command("migrate", verbosity=0)
