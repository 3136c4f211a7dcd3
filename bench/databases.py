"""Databases for one measurement: made empty, copied from a template, set back before a round.

Knows neither Django nor Overflight, since the peers use it too.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


class Shelf:
    """Where the databases of one run stand: a folder, or a PostgreSQL server."""

    def __init__(self, place: Path | str) -> None:
        """`place` is a folder for files of SQLite, else the address of a PostgreSQL database."""
        self.place = place

    def url(self, name: str) -> str:
        """Return the address of the database `name`, as Django's settings take it."""
        if isinstance(self.place, Path):
            return f"sqlite:///{self.place / name}.sqlite3"
        parts = urlsplit(self.place)
        return urlunsplit(parts._replace(path=f"/{name}"))

    def make(self, name: str) -> str:
        """Make an empty database and return its address; on SQLite, its file comes by itself."""
        url = self.url(name)
        if not is_sqlite(url):
            with _server(url) as server:
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return url


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite:")


def path_of(url: str) -> Path:
    """Return the file of a SQLite database."""
    return Path(url.removeprefix("sqlite:///"))


def copy(template: str, url: str) -> None:
    """Let the database at `url` be as `template` is; nobody may be connected to either."""
    if is_sqlite(url):
        target = path_of(url)
        for old in target.parent.glob(f"{target.name}-*"):
            old.unlink()
        shutil.copyfile(path_of(template), target)
        return
    name, of = (sql.Identifier(urlsplit(one).path.lstrip("/")) for one in (url, template))
    with _server(url) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(name, of)
        )


def _server(url: str) -> psycopg.Connection:
    admin = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    return psycopg.connect(admin, autocommit=True)
