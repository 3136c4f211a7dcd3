"""Database triggers that make events and erasures append-only, on SQLite and PostgreSQL.

A seat belt, not a wall: who owns the database file or role can remove them, and `verify_audit`
finds what was done then. Altering a table on SQLite drops its triggers; a system check notices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: The migration that installs them as they are defined here.
MIGRATION = ("audit", "0003_qualified")

_ERASED = "EXISTS (SELECT 1 FROM {}audit_erasure WHERE audit_erasure.exercise = OLD.exercise_id)"

_SQLITE = {
    "audit_event_no_update": "UPDATE ON audit_event",
    "audit_event_no_delete": "DELETE ON audit_event WHEN NOT " + _ERASED.format(""),
    "audit_event_no_replace": """INSERT ON audit_event WHEN EXISTS (
        SELECT 1 FROM audit_event WHERE id = NEW.id
        OR (exercise_id = NEW.exercise_id AND (seq = NEW.seq OR once = NEW.once)))""",
    "audit_erasure_no_update": "UPDATE ON audit_erasure",
    "audit_erasure_no_delete": "DELETE ON audit_erasure",
    "audit_erasure_no_replace": """INSERT ON audit_erasure WHEN EXISTS (
        SELECT 1 FROM audit_erasure WHERE id = NEW.id OR exercise = NEW.exercise)""",
}

_REFUSED = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME"
_AS_BROKEN = "USING ERRCODE = 'integrity_constraint_violation'"

#: Erasures are those of the schema, wherever a session looks first: a temporary table of that name
#: holds none. Nor does the session choose whose `=` compares.
_FUNCTIONS = {
    "audit_append_only": f"BEGIN {_REFUSED} {_AS_BROKEN}; END",
    "audit_event_erasable": f"BEGIN IF {_ERASED} THEN RETURN OLD; END IF; "
    f"RAISE EXCEPTION 'audit_event is append-only' {_AS_BROKEN}; END",
}
_PATH = "search_path=pg_catalog, pg_temp"

_ROW, _STATEMENT = "FOR EACH ROW EXECUTE FUNCTION", "FOR EACH STATEMENT EXECUTE FUNCTION"

_POSTGRESQL = {
    "audit_event_no_update": f"UPDATE ON audit_event {_ROW} audit_append_only()",
    "audit_event_no_delete": f"DELETE ON audit_event {_ROW} audit_event_erasable()",
    "audit_event_no_replace": f"TRUNCATE ON audit_event {_STATEMENT} audit_append_only()",
    "audit_erasure_no_update": f"UPDATE ON audit_erasure {_ROW} audit_append_only()",
    "audit_erasure_no_delete": f"DELETE ON audit_erasure {_ROW} audit_append_only()",
    "audit_erasure_no_replace": f"TRUNCATE ON audit_erasure {_STATEMENT} audit_append_only()",
}

#: What a database says of the triggers that it has: name, and all that decides what they do.
_THERE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgname, concat_ws(' ', pg_get_triggerdef(trigger.oid, true), tgenabled,
            array_to_string(proconfig, ' '), prosrc)
        FROM pg_trigger AS trigger JOIN pg_proc AS function ON function.oid = tgfoid
        WHERE tgrelid IN (to_regclass('audit_event'), to_regclass('audit_erasure'))""",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, in the place of others of their names."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _functions(connection).items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
                    f"SET {_PATH} AS $${body}$$"
                )
            for name, occasion in _POSTGRESQL.items():
                cursor.execute(f"CREATE OR REPLACE TRIGGER {name} BEFORE {occasion}")
                cursor.execute(f"ALTER TABLE {_table(name)} ENABLE ALWAYS TRIGGER {name}")
        else:
            remove(connection)
            for definition in _defined(connection).values():
                cursor.execute(definition)


def _functions(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the bodies of the functions, in the schema that is PostgreSQL's current one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        [schema] = cursor.fetchone()
    return {name: body.format(f"{schema}.") for name, body in _FUNCTIONS.items()}


def _defined(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the triggers by name, as a database says it of those that are whole."""
    if connection.vendor == "sqlite":
        return {
            name: f"CREATE TRIGGER {name} BEFORE {occasion} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            for name, occasion in _SQLITE.items()
        }
    functions = _functions(connection)
    return {
        name: f"CREATE TRIGGER {name} BEFORE {occasion} A {_PATH} "
        + functions[occasion.split()[-1].removesuffix("()")]
        for name, occasion in _POSTGRESQL.items()
    }


def _table(name: str) -> str:
    return "audit_event" if "event" in name else "audit_erasure"


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for migrations that alter the tables, and for a test's flush."""
    with connection.cursor() as cursor:
        for name in _SQLITE:
            on = f" ON {_table(name)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def names() -> set[str]:
    """Return what the triggers are called, on either database."""
    return {*_SQLITE}


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the triggers that are not there, or do something else, or on PostgreSQL not always."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE[connection.vendor])
        there = {name: " ".join(said.split()) for name, said in cursor.fetchall()}
    defined = _defined(connection)
    return {name for name, said in defined.items() if there.get(name) != " ".join(said.split())}
