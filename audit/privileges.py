"""On PostgreSQL: what the role may do as which the product runs. It owns nothing.

The triggers of the record (`audit.triggers`) hold against everybody but those who own the tables.
Where web and workers run as another role than the one that migrates, they cannot be removed by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: Tables that the role may not do everything with, and what it may. Events go where an erasure
#: stands: the trigger sees to that.
_ONLY = {
    "audit_event": "SELECT, INSERT, DELETE",
    "audit_erasure": "SELECT, INSERT",
    "django_migrations": "SELECT",
}

#: Rights to make something that `restrict` takes away and that the role has all the same: where the
#: owner of the tables does not own the database, taking them away is no error and does nothing.
_KEPT = """
    SELECT name, 'DATABASE ' || quote_ident(current_database())
    FROM unnest(ARRAY['CREATE', 'TEMPORARY']) AS name
    WHERE has_database_privilege(%(role)s, current_database(), name)
    UNION ALL SELECT 'CREATE', 'SCHEMA ' || quote_ident(current_schema())
    WHERE has_schema_privilege(%(role)s, current_schema(), 'CREATE')"""

_ROWS = "SELECT, INSERT, UPDATE, DELETE"


class Unfit(ValueError):  # noqa: N818 - what the role is
    """The role cannot be one that owns nothing; the text says why and what to do."""


def restrict(connection: BaseDatabaseWrapper, role: str) -> None:
    """Let `role` read and write rows, append to the record, and nothing else in this database.

    Run as the owner of the tables; again after each migration. Raises `Unfit`.
    """
    name = connection.ops.quote_name(role)
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        schema, owner = map(connection.ops.quote_name, cursor.fetchone())
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise Unfit(f"There is no role {role}: CREATE ROLE {name} LOGIN PASSWORD '…'")
        if found[0]:
            raise Unfit(f"The role {role} is a superuser: no right can be kept from it.")
        cursor.execute(
            "SELECT DISTINCT tableowner FROM pg_tables "
            "WHERE schemaname = current_schema() AND pg_has_role(%s, tableowner, 'MEMBER')",
            [role],
        )
        if owners := [one for (one,) in cursor.fetchall()]:
            raise Unfit(
                f"The role {role} owns tables, or is a member of who does ({', '.join(owners)}): "
                "take one that does not, and run migrations as the owner."
            )
        for statement in (
            f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {name}",
            f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {name}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {name}",
            f"GRANT USAGE ON SCHEMA {schema} TO {name}",
            f"GRANT {_ROWS} ON ALL TABLES IN SCHEMA {schema} TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} "
            f"GRANT {_ROWS} ON TABLES TO {name}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} "
            f"GRANT USAGE, SELECT ON SEQUENCES TO {name}",
        ):
            cursor.execute(statement)
        for table, rights in _ONLY.items():
            cursor.execute(f"REVOKE ALL ON {table} FROM {name}")
            cursor.execute(f"GRANT {rights} ON {table} TO {name}")
        cursor.execute(_KEPT, {"role": role})
        kept = [
            f"REVOKE {right} ON {place} FROM PUBLIC, {name}" for right, place in cursor.fetchall()
        ]
    if kept:
        raise Unfit(
            f"The role {role} may still make tables of its own: who runs this may not take that "
            "right away, or the role has it through another one, of which it must not be a member. "
            f"As an administrator of PostgreSQL, in this database: {'; '.join(kept)}. Then again."
        )
