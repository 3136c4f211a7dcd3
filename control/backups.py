"""The whole database in one file, taken while everything runs, and back out of it.

SQLite copies itself (its online backup), which is one moment of the database whatever is written
meanwhile; a copy of the file is not: what the last acts wrote stands in another file beside it.
PostgreSQL has `pg_dump` and `pg_restore` for it, of its own version or a newer one.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import re
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from django.db import DatabaseError, OperationalError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from audit.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What `django_migrations` holds: the app and the name of each migration that was applied.
Applied = set[tuple[str, str]]

#: Seconds for which is looked whether somebody comes by: a worker does at each tick of beat.
WATCH = 3

#: How often, and after how many seconds each, PostgreSQL is asked whether a connection is gone.
TRIES, PAUSE = 20, 0.1


class Unfit(Exception):  # noqa: N818 - it says what happened
    """The file, the database or a program does not allow it; a sentence that says why."""


class Keeper(Protocol):
    """How one kind of database is written to a file and brought back."""

    name: str
    magic: bytes

    def write(self, part: Path) -> None:
        """Write this database, as it is at one moment, into an empty file."""

    def applied(self, path: Path) -> Applied:
        """Return the migrations of the database in the file; raise `Unfit` if it has a fault."""

    def is_there(self) -> bool:
        """Tell whether there is a database at all, without making one."""

    def set_aside(self) -> Path | None:
        """Give a file that is no database any more another name, and return it."""

    def assert_alone(self) -> None:
        """Raise `Unfit` while another process has the database open."""

    def bring_back(self, path: Path) -> None:
        """Put what the file holds in the place of the whole database: all of it or nothing."""


def write(path: Path) -> None:
    """Write the database into a file that only we may read; an older one stays until it is whole.

    Raises `Unfit`, and `OSError` where the file cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    with _held(part):
        keeper().write(part)
        assert_fits(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)


@contextlib.contextmanager
def _held(part: Path) -> Iterator[None]:
    """Make the file anew, for us alone; one that a killed backup left is held by nobody."""
    busy = f"{part} is being written by another backup: wait until it is done."
    try:
        with contextlib.suppress(FileNotFoundError), part.open("rb+") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
        mine = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except (BlockingIOError, FileExistsError):
        raise Unfit(busy) from None
    with closing(os.fdopen(mine)):
        fcntl.flock(mine, fcntl.LOCK_EX)
        if not (part.exists() and os.path.samestat(part.stat(), os.fstat(mine))):
            raise Unfit(busy)
        try:
            yield
        finally:
            part.unlink(missing_ok=True)


def assert_fits(path: Path) -> None:
    """Raise `Unfit` unless the file is a whole backup for this kind of database and release."""
    mine = keeper()
    with path.open("rb") as file:
        begins = file.read(16)
    if not begins.startswith(mine.magic):
        other = next((one for one in KEEPERS.values() if begins.startswith(one.magic)), None)
        if other is None:
            raise Unfit(f"{path} is no backup of Overflight.")
        raise Unfit(
            f"{path} is a backup of {other.name}, and the database here is {mine.name}. Restore it "
            "there, and bring the exercises over with export_record and import_record."
        )
    applied = mine.applied(path)
    if ("audit", "0001_initial") not in applied:
        raise Unfit(f"{path} holds a database, but none of Overflight.")
    if unknown := applied - _known():
        newest = ", ".join(sorted(f"{app}.{name}" for app, name in unknown))
        raise Unfit(
            f"{path} was written by a newer release, or another one: it has {newest}. Restore it "
            "with that release."
        )


def restore(path: Path) -> Path | None:
    """Put the file in the place of the database. The caller migrates and verifies.

    Returns where a database lies now that could not be read. Raises `Unfit` where the file does
    not fit or another process has the database open, and `OSError` where the file cannot be read.
    Whatever is raised, a database that could be read is as it was.
    """
    assert_fits(path)
    mine = keeper()
    connections.close_all()
    aside = mine.set_aside()
    mine.assert_alone()
    mine.bring_back(path)
    return aside


def holds_exercises() -> bool:
    """Tell whether something would be lost; raise `Unfit` where the database is damaged."""
    if not keeper().is_there():
        return False
    try:
        names = connection.introspection.table_names()
        return Event._meta.db_table in names and Event.objects.exists()
    except OperationalError:
        raise
    except DatabaseError as error:
        raise Unfit(
            f"The database here cannot be read: {said_first(error)}. If it is damaged, say --yes: "
            "its file is set aside, and the backup takes its place."
        ) from error


def said_first(error: Exception) -> str:
    """Return what a database says at first, as a part of a sentence."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def keeper() -> Keeper:
    """Return the keeper of the database that DATABASE_URL names."""
    return KEEPERS[connection.vendor]


def _known() -> Applied:
    return {*MigrationLoader(None, ignore_no_migrations=True).disk_migrations}


class Sqlite:
    """By SQLite itself, which Python brings."""

    name = "SQLite"
    magic = b"SQLite format 3\0"

    def write(self, part: Path) -> None:
        with _said(), self._opened() as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it

    def applied(self, path: Path) -> Applied:
        with (
            _said(f"{path} is cut short or damaged: "),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy,
        ):
            fault = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if fault != "ok":
                raise Unfit(f"{path} is cut short or damaged: {fault}")
            if not copy.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'"
            ).fetchone():
                return set()
            return {*copy.execute("SELECT app, name FROM django_migrations")}

    def is_there(self) -> bool:
        return self._path().exists()

    def set_aside(self) -> Path | None:
        """With what belongs to it: the journal of another file would be played into the new one."""
        path = self._path()
        try:
            with self._opened() as database:
                database.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError as error:  # it may be whole, and locked or not ours
            raise Unfit(f"SQLite: {error}") from error
        except sqlite3.DatabaseError:
            aside = _unused(path.with_name(f"{path.name}.damaged"))
            for end in ("", "-wal", "-shm", "-journal"):
                with contextlib.suppress(FileNotFoundError):
                    path.with_name(f"{path.name}{end}").rename(f"{aside}{end}")
            return aside
        return None

    def assert_alone(self) -> None:
        """Give up the journal, which SQLite refuses while others have the file open.

        Whoever opens it afterwards takes it up again, and is noticed by that.
        """
        with _said(), self._opened() as database:
            try:
                alone = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
            except sqlite3.OperationalError:
                alone = False
        if alone:
            time.sleep(WATCH)
            with _said(), self._opened() as database:
                alone = database.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
        if not alone:
            raise Unfit("Overflight is running on this database: stop web, worker and beat first.")

    def bring_back(self, path: Path) -> None:
        with (
            _said(),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy,
            self._opened() as database,
        ):
            copy.backup(database)

    def _opened(self) -> closing[sqlite3.Connection]:
        """Open the database, or make one that only we may read."""
        path = self._path()
        if not path.exists():
            path.touch(mode=0o600)
        return closing(sqlite3.connect(path))

    def _path(self) -> Path:
        return Path(connection.settings_dict["NAME"])


class Postgresql:
    """By PostgreSQL's own programs, which know what belongs to a database."""

    name = "PostgreSQL"
    magic = b"PGDMP"
    options: ClassVar = ("--no-owner", "--no-privileges")

    def write(self, part: Path) -> None:
        dump = ["pg_dump", "--format=custom", *self.options]
        self._run([*dump, f"--file={part}", f"--dbname={self._dsn()}"])

    def is_there(self) -> bool:
        return True

    def set_aside(self) -> None:
        """Leave that to PostgreSQL, which reads its files itself."""

    def applied(self, path: Path) -> Applied:
        table = f"--table={MigrationRecorder.Migration._meta.db_table}"
        self._run(["pg_restore", "--file=/dev/null", str(path)])  # reads all of it
        rows = self._run(["pg_restore", "--data-only", table, "--file=-", str(path)])
        copied = re.search(r"^COPY \S+ \(id, app, name, .*?\n(.*?)^\\\.$", rows, re.M | re.S)
        lines = copied[1].splitlines() if copied else []
        return {(app, name) for _, app, name, *_ in (line.split("\t") for line in lines)}

    def assert_alone(self) -> None:
        """Ask who is connected, and after a while who has come since: a worker comes and goes.

        One that was closed just now, our own of before among them, is still seen for a moment.
        """
        for _ in range(TRIES):
            if not self._others():
                break
            time.sleep(PAUSE)
        before = self._sessions()
        time.sleep(WATCH)
        if self._others() or self._sessions() > before:
            raise Unfit("Overflight is running on this database: stop web, worker and beat first.")

    def _others(self) -> int:
        return self._counted(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )

    def _sessions(self) -> int:
        """Return how many there have ever been, this one included."""
        return self._counted(
            "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"
        )

    def _counted(self, question: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return int(cursor.fetchone()[0])

    def bring_back(self, path: Path) -> None:
        """In one transaction, with whatever tables are there gone before."""
        script = self._run(
            ["pg_restore", "--clean", "--if-exists", *self.options, "--file=-", str(path)]
        )
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            quoted = [connection.ops.quote_name(table) for table in tables]
        gone = "".join(f"DROP TABLE IF EXISTS {table} CASCADE;\n" for table in quoted)
        # What pg_restore 17 sets and an older server does not know.
        script = re.sub(r"^SET transaction_timeout = 0;\n", "", script, flags=re.M)
        psql = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        self._run([*psql, "--output=/dev/null", f"--dbname={self._dsn()}"], gone + script)
        connection.close()  # what it prepared is no more

    def _run(self, command: Sequence[str], said: str = "") -> str:
        """Run a program of PostgreSQL, the password in its environment, where nobody looks on."""
        program = self._program(command[0])
        connection.ensure_connection()
        password = connection.connection.info.password
        done = subprocess.run(  # noqa: S603
            [program, *command[1:]],
            input=said,
            env=os.environ | ({"PGPASSWORD": password} if password else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise Unfit(f"{command[0]}: {last}")
        return done.stdout

    def _program(self, name: str) -> str:
        """Return where the program is; it has to be as new as the server."""
        connection.ensure_connection()
        server = connection.connection.info.server_version // 10000
        found = shutil.which(name)
        if found is None:
            raise Unfit(
                f"{name} is not on PATH: install PostgreSQL's client programs, version {server} or "
                f"newer (on Debian: apt-get install postgresql-client)."
            )
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        version = re.search(r"\) (\d+)", told.stdout)
        if version is None or int(version[1]) < server:
            own = version[1] if version else "?"
            raise Unfit(
                f"{found} is of version {own} and the server of {server}: "
                f"install PostgreSQL's client programs of version {server} or newer, and put them "
                "first on PATH."
            )
        return found

    def _dsn(self) -> str:
        """Return how to reach the database as settings have it, without the password.

        What our own libpq adds by itself is left out: that of the programs may be older.
        """
        known = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"password"}
        asked = connection.get_connection_params()
        return make_conninfo(**{name: asked[name] for name in known & {*asked}})


KEEPERS: dict[str, Keeper] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def _unused(path: Path) -> Path:
    """Return the path, or the first with a number behind it that is not there."""
    numbered = (Path(f"{path}.{number}") for number in itertools.count(2))
    return next(one for one in itertools.chain([path], numbered) if not one.exists())


@contextlib.contextmanager
def _said(before: str = "") -> Iterator[None]:
    """Say what SQLite says as a sentence of ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise Unfit(f"{before or 'SQLite: '}{error}") from error
