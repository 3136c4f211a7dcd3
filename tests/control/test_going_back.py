"""No migration back takes a record with it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from audit import triggers, verification
from tests import playing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("room", ["audit", "exercises", "transit"])
def test_the_way_back_is_refused_while_there_are_records(room: str) -> None:
    exercise = playing.before("silence", "lapse")

    with pytest.raises(CommandError, match=f"Nothing was done: .*{room}.0001_initial.*Export"):
        call_command("migrate", room, "zero", verbosity=0)

    assert (room, "0001_initial") in MigrationRecorder(connection).applied_migrations()
    assert triggers.missing(connection) == set()
    assert verification.faults(exercise) == []


def test_what_takes_no_record_with_it_is_done_as_ever() -> None:
    playing.before("silence", "lapse")

    call_command("migrate", "audit", "0003", verbosity=0)
    call_command("migrate", "audit", "zero", plan=True, verbosity=0)
    with pytest.raises(CommandError, match="Cannot find a migration"):
        call_command("migrate", "audit", "4711", verbosity=0)
