"""Database triggers that make events and erasures append-only, on SQLite and PostgreSQL.

A seat belt, not a wall: who owns the database file or role can remove them, and `verify_audit`
finds what was done then. Altering a table on SQLite drops its triggers; a system check notices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_ERASED = "EXISTS (SELECT 1 FROM audit_erasure WHERE audit_erasure.exercise = OLD.exercise_id)"

_SQLITE = {
    "audit_event_no_update": "UPDATE ON audit_event",
    "audit_event_no_delete": f"DELETE ON audit_event WHEN NOT {_ERASED}",
    "audit_event_no_replace": """INSERT ON audit_event WHEN EXISTS (
        SELECT 1 FROM audit_event WHERE id = NEW.id
        OR (exercise_id = NEW.exercise_id AND (seq = NEW.seq OR once = NEW.once)))""",
    "audit_erasure_no_update": "UPDATE ON audit_erasure",
    "audit_erasure_no_delete": "DELETE ON audit_erasure",
    "audit_erasure_no_replace": """INSERT ON audit_erasure WHEN EXISTS (
        SELECT 1 FROM audit_erasure WHERE id = NEW.id OR exercise = NEW.exercise)""",
}

_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
  USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE OR REPLACE FUNCTION audit_event_erasable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_ERASED} THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'audit_event is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_erasable();
CREATE OR REPLACE TRIGGER audit_event_no_replace BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE OR REPLACE TRIGGER audit_erasure_no_update BEFORE UPDATE ON audit_erasure
FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE OR REPLACE TRIGGER audit_erasure_no_delete BEFORE DELETE ON audit_erasure
FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE OR REPLACE TRIGGER audit_erasure_no_replace BEFORE TRUNCATE ON audit_erasure
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_update;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_delete;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_replace;
ALTER TABLE audit_erasure ENABLE ALWAYS TRIGGER audit_erasure_no_update;
ALTER TABLE audit_erasure ENABLE ALWAYS TRIGGER audit_erasure_no_delete;
ALTER TABLE audit_erasure ENABLE ALWAYS TRIGGER audit_erasure_no_replace
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, where they are not there yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL)
        else:
            for name, occasion in _SQLITE.items():
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {occasion} "
                    "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for migrations that alter the tables, and for a test's flush."""
    with connection.cursor() as cursor:
        for name in _SQLITE:
            table = "audit_event" if "event" in name else "audit_erasure"
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the triggers that are not there, or on PostgreSQL not always enabled."""
    question = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return set(_SQLITE) - {name for (name,) in cursor.fetchall()}
