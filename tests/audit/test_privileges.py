"""On PostgreSQL the role that runs the product can append to the record, and nothing else."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit import verification
from audit.models import Event
from exercises.models import Exercise
from tests import playing

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "overflight_app"

REFUSED = {
    "changing an event": "UPDATE audit_event SET hash = 'x'",
    "changing an erasure": "UPDATE audit_erasure SET seq = 0",
    "deleting an erasure": "DELETE FROM audit_erasure",
    "emptying the record": "TRUNCATE audit_event",
    "emptying all that hangs on exercises": "TRUNCATE exercises_exercise CASCADE",
    "altering the table": "ALTER TABLE audit_event DROP COLUMN once",
    "disabling the triggers": "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "dropping a trigger": "DROP TRIGGER audit_event_no_delete ON audit_event",
    "adding a trigger": "CREATE TRIGGER mine BEFORE INSERT ON audit_event FOR EACH ROW "
    "EXECUTE FUNCTION audit_append_only()",
    "hollowing the triggers out": "CREATE OR REPLACE FUNCTION audit_append_only() "
    "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "dropping the table": "DROP TABLE audit_event CASCADE",
    "adding a table": "CREATE TABLE mine (id int)",
    "hiding the table behind another": "CREATE TEMPORARY TABLE audit_event (id int)",
    "a rule in its place": "CREATE RULE mine AS ON INSERT TO audit_event DO INSTEAD NOTHING",
    "playing the replica": "SET session_replication_role = replica",
    "forgetting a migration": "DELETE FROM django_migrations",
}


@pytest.fixture
def application() -> Iterator[None]:
    """A hardened database, and the role by which web and workers connect."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
        call_command("harden_database", ROLE, stdout=StringIO())
        cursor.execute(f"SET SESSION AUTHORIZATION {ROLE}")
        yield
        cursor.execute("RESET SESSION AUTHORIZATION")


def is_done(statement: str) -> bool:
    """Try it, and say whether the database let it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.mark.services
@pytest.mark.django_db
@pytest.mark.usefixtures("application")
def test_the_product_runs_and_erases_as_a_role_that_cannot_change_the_record() -> None:
    exercise = playing.whole("silence")
    connection.check_constraints()

    assert [deed for deed, statement in REFUSED.items() if is_done(statement)] == []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(exercise=exercise)._raw_delete(connection.alias)

    assert verification.faults(exercise) == []
    call_command("createsuperuser", username="chief", email="", interactive=False)
    call_command("erase", exercise.pk, by="chief", yes=True, stdout=StringIO())
    assert not Exercise.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.services
@pytest.mark.django_db
def test_a_role_that_could_take_the_rights_back_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [owner] = cursor.fetchone()
        cursor.execute("CREATE ROLE other SUPERUSER")
    for role, reason in (
        ("nobody_knows", "There is no role nobody_knows: CREATE ROLE"),
        (owner, "superuser|owns tables"),
        ("other", "superuser"),
    ):
        with pytest.raises(CommandError, match=reason):
            call_command("harden_database", role)


@pytest.mark.services
@pytest.mark.django_db
def test_a_right_that_could_not_be_taken_away_is_told() -> None:
    """As where another role owns the database: PostgreSQL warns, and takes nothing away."""
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
        cursor.execute(f"CREATE ROLE above; GRANT above TO {ROLE}")
        cursor.execute(f"GRANT TEMPORARY ON DATABASE {database} TO above")

    with pytest.raises(
        CommandError, match=f"may still make .*REVOKE TEMPORARY ON DATABASE.*{ROLE}"
    ):
        call_command("harden_database", ROLE)


@pytest.mark.services
@pytest.mark.django_db
def test_a_temporary_table_is_no_erasure() -> None:
    exercise = playing.whole("silence")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE audit_erasure (exercise bigint)")
        cursor.execute("INSERT INTO audit_erasure VALUES (%s)", [exercise.pk])

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(exercise=exercise)._raw_delete(connection.alias)


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has roles")
def test_on_sqlite_there_is_nothing_to_do_and_it_says_why() -> None:
    said = StringIO()

    call_command("harden_database", ROLE, stdout=said)

    assert said.getvalue().startswith("Nothing was done: SQLite has no roles.")
