"""Settings as the environment gives them: each read by one function, all faults told at once.

A value is read or refused; none is guessed. A name that is nearly one of ours is refused too, since
a setting that nobody reads is the worst kind of wrong. No sentence repeats a password or a key.
"""

from __future__ import annotations

import os
import re
import sys
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from config import key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")

#: How alike a name must be to one of ours to be taken for a slip: PGPORT is no PORT.
ALIKE = 0.85

#: What some write before the name of a setting. Celery would even obey `CELERY_BROKER_URL`.
PREFIXES = ("OVERFLIGHT_", "DJANGO_", "CELERY_")

FLAGS = {
    **dict.fromkeys(("on", "true", "yes", "1"), True),
    **dict.fromkeys(("off", "false", "no", "0"), False),
}

HOST = re.compile(r"\*|\[[0-9a-fA-F:.]+\]|\.?[\w-]+(\.[\w-]+)*", re.ASCII)
STRAY_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")

SHORTEST_PIN, SHORTEST_TOKEN = 4, 12

#: Of how many different characters a key is at least, as Django asks.
FEWEST_LETTERS = 5

#: What may stand behind the `?` of an address of PostgreSQL, and is handed to its client.
POSTGRESQL_OPTIONS = {
    *("host", "port", "application_name", "connect_timeout", "client_encoding", "options"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "gssencmode"),
    *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
    *("tcp_user_timeout", "target_session_attrs", "passfile", "service", "krbsrvname"),
}

MAKE_A_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'


class Wrong(Exception):  # noqa: N818 - it says what was found
    """A value that cannot be used. The text goes on where the name of the setting ends."""


class Environment:
    """Settings by name, and what is wrong with them: whole sentences."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.faults: list[str] = []
        self._names: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def __call__(self, name: str, read: Callable[[str], T], default: str) -> T:
        """Return a setting as `read` understands it; its default, once its fault is noted."""
        self._names.append(name)
        if name in self.given:
            try:
                return read(_plain(self.given[name]))
            except Wrong as wrong:
                self.faults.append(f"{name} {wrong}")
        try:
            return read(default)
        except Wrong as wrong:
            if name not in self.given:
                self.faults.append(f"{name} {wrong}")
            self.seal()
            raise

    def seal(self, *others: str) -> None:
        """End the process if anything is wrong; `others` are names that are read elsewhere."""
        self.faults += _slips(self.given, [*self._names, *others])
        if self.faults:
            sys.exit("\n".join(dict.fromkeys(self.faults)))


def _plain(text: str) -> str:
    if text != text.strip():
        raise Wrong("begins or ends with a blank: remove it.")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        raise Wrong("stands in quotation marks, which would belong to it: remove them.")
    return text


def _slips(given: Mapping[str, str], known: list[str]) -> Iterator[str]:
    """Give a sentence for each name that is none of ours, and was meant to be.

    One that says what ours says does no harm: Celery copies `BROKER_URL` to `CELERY_BROKER_URL`.
    """
    for name in sorted(given.keys() - {*known}):
        meant = next((one for one in known if _is_slip(name.upper(), one)), None)
        if meant and given[name] != given.get(meant):
            yield f"{name} is no setting, {meant} is: rename it, or remove it."
        elif not meant and name.startswith(PREFIXES[0]):
            yield f"{name} is no setting: remove it. Those that there are: {', '.join(known)}."


def _is_slip(name: str, known: str) -> bool:
    if any(name == prefix + known for prefix in PREFIXES):
        return True
    return SequenceMatcher(None, name, known).ratio() >= ALIKE or (
        len(known) > len("PORT") and sorted(name) == sorted(known)
    )


# Readers: what is written, as what it means


def flag(text: str) -> bool:
    try:
        return FLAGS[text.lower()]
    except KeyError:
        raise Wrong(f"is on or off, not {text!r}.") from None


def one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise Wrong(f"is {' or '.join(words)}, not {text!r}.")
        return text

    return read


def folder(text: str) -> Path:
    """Return an absolute folder in which we may write, made for us alone if it is not there."""
    path = Path(text)
    if not path.is_absolute():
        raise Wrong(f"is {text!r}: give the whole path, which begins with a slash.")
    if path.exists() and not path.is_dir():
        raise Wrong(f"names {path}, which is a file: name a folder.")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_writable = os.access(path, os.W_OK | os.X_OK)
    except OSError:
        is_writable = False
    if not is_writable:
        raise Wrong(f"names {path}, where we cannot write: mend its rights, or name another.")
    return path.resolve()


def secret_key(text: str) -> str:
    """Return a key that nobody guesses; empty stands for none."""
    if text and re.search(r"\s", text):
        raise Wrong(f"holds blanks: make another with {MAKE_A_KEY}")
    if text and len(text) < key.SHORTEST:
        raise Wrong(
            f"is too short, {len(text)} characters of at least {key.SHORTEST}: make one with "
            f"{MAKE_A_KEY}"
        )
    if text and (len({*text}) < FEWEST_LETTERS or text.startswith("django-insecure-")):
        raise Wrong(f"can be guessed: make another with {MAKE_A_KEY}")
    return text


def pin(text: str) -> str:
    """Return a PIN that can be typed on a telephone; empty stands for none."""
    if text and not re.fullmatch(rf"[0-9]{{{SHORTEST_PIN},}}", text):
        raise Wrong(f"is {SHORTEST_PIN} digits or more, and nothing else: six are usual.")
    return text


def token(text: str) -> str:
    """Return a word that nobody guesses; empty stands for none."""
    if text and (len(text) < SHORTEST_TOKEN or re.search(r"\s", text)):
        raise Wrong(f"is {SHORTEST_TOKEN} characters or more, without blanks.")
    return text


def hosts(text: str) -> list[str]:
    found = [one.strip() for one in text.split(",")]
    for one in found:
        if not one:
            raise Wrong("names no host somewhere: separate names by single commas.")
        if "://" in one or "/" in one:
            raise Wrong(f"has {one!r}: give the name alone, without http:// and path.")
        if one.count(":") > 1 and not one.startswith("["):
            raise Wrong(f"has {one!r}: write [{one}], with brackets.")
        if re.search(r":\d*$", one) and not one.endswith("]"):
            raise Wrong(f"has {one!r}: give the name alone, without the port.")
        if one.startswith("*."):
            raise Wrong(f"has {one!r}: write {one[1:]}, which stands for all names below it.")
        if not HOST.fullmatch(one):
            raise Wrong(f"has {one!r}, which is no name of a host: separate names by commas.")
    return found


def origins(text: str) -> list[str]:
    found = [one.strip() for one in text.split(",")] if text else []
    for one in found:
        split = _split(one)
        if split.scheme not in ("http", "https") or not split.netloc:
            raise Wrong(f"has {one!r}: an origin is written https://NAME.")
        if one != f"{split.scheme}://{split.netloc}":
            raise Wrong(f"has {one!r}: write {split.scheme}://{split.netloc}, without a path.")
    return found


def database(text: str) -> dict[str, Any]:
    """Return how Django is to be connected."""
    scheme = text.partition(":")[0]
    if scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": _sqlite_file(text)}
    if scheme not in ("postgresql", "postgres"):
        raise Wrong(
            "is postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:////PATH, "
            f"and begins with {scheme[:20]!r}."
        )
    split = _split(text)
    name = split.path.removeprefix("/")
    if not name or "/" in name:
        raise Wrong("names no database: it ends with /NAME, after host and port.")
    options = dict(parse_qsl(split.query, keep_blank_values=True))
    if unknown := options.keys() - POSTGRESQL_OPTIONS:
        raise Wrong(
            f"has {', '.join(sorted(unknown))} behind its question mark, which PostgreSQL does "
            "not know: a ? in a password is written %3F."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(split.username or ""),
        "PASSWORD": unquote(split.password or ""),
        "HOST": unquote(split.hostname or ""),
        "PORT": split.port or "",
        "OPTIONS": options,
    }


def _sqlite_file(text: str) -> str:
    if text == "sqlite://:memory:":
        return ":memory:"
    if not text.startswith("sqlite:////"):
        raise Wrong(
            "gives no whole path: write sqlite:// and then the path, which begins with two "
            "slashes here, as in sqlite:////var/lib/overflight/overflight.sqlite3"
        )
    if "?" in text or "#" in text:
        raise Wrong("has a ? or a # in its path: write %3F or %23.")
    if STRAY_PERCENT.search(text):
        raise Wrong("has a % that begins no code: write %25.")
    path = Path(unquote(text.removeprefix("sqlite:///")))
    if not path.parent.is_dir():
        raise Wrong(f"names a file in {path.parent}, which is no folder: make it first.")
    if path.is_dir():
        raise Wrong(f"names {path}, which is a folder: name a file in it.")
    return str(path)


def redis_of(broker: str) -> str:
    """Return where the Redis of a broker is, as its own client reads it; empty if it is none."""
    split = urlsplit(broker)
    if split.scheme == "redis+socket":
        number = dict(parse_qsl(split.query)).get("virtual_host", "").strip("/") or "0"
        return f"unix://{split.netloc}{split.path}?db={number}"
    return broker if split.scheme in ("redis", "rediss") else ""


def broker(text: str) -> str:
    split = _split(text)
    if split.scheme == "filesystem":
        if text != "filesystem://localhost//":
            raise Wrong("is written filesystem://localhost// where it is folders below VAR_DIR.")
    elif split.scheme == "redis+socket":
        if not split.path.startswith("/"):
            raise Wrong("gives no whole path: write redis+socket:///PATH.")
    elif split.scheme in ("redis", "rediss"):
        if not split.hostname:
            raise Wrong(f"names no host: write {split.scheme}://HOST:6379/0.")
        if not re.fullmatch(r"/?\d*", split.path):
            raise Wrong("ends with the number of a database of Redis, as in redis://HOST:6379/0.")
    else:
        raise Wrong(
            "is redis://HOST:6379/0, rediss://…, redis+socket:///PATH or "
            f"filesystem://localhost//, and begins with {text.partition(':')[0][:20]!r}."
        )
    return text


def _split(text: str) -> SplitResult:
    """Return the parts of an address, or say what in it has to be written otherwise."""
    if "#" in text:
        raise Wrong("has a #, which would end it: in a password write %23.")
    if STRAY_PERCENT.search(text):
        raise Wrong("has a % that begins no code: in a password write %25.")
    try:
        split = urlsplit(text)
        _port = split.port
    except ValueError:
        raise Wrong(
            "cannot be read as an address: a port is a number up to 65535, and in a password "
            "the characters : / ? # [ ] @ % are written %3A %2F %3F %23 %5B %5D %40 %25."
        ) from None
    if "@" in split.path + split.query or split.netloc.count("@") > 1:
        raise Wrong(
            "has an @ where none belongs: in a password @ is written %40, / is %2F and ? is %3F."
        )
    return split
