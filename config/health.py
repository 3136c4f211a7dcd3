"""Is the installation well? One probe for each thing that it needs, each in a sentence.

`manage.py doctor` asks all of them, `/readyz` those without which a web process is no use. A probe
says what it found in order, or raises `Ill` with what is wrong and how to mend it.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import run_checks
from django.db import Error as DatabaseFault
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from kombu.exceptions import KombuError

from config import checks
from config.celery import app as celery_app
from control.pages import SILENCE_ALLOWED
from exercises import clock
from exercises.models import Exercise, Heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.core.checks import CheckMessage

    Probe = Callable[[], str]

#: In bytes: what an exercise of a day may write, several times over.
LEAST_ROOM = 200 * 2**20

#: Clocks of two machines that share the work agree better.
CLOCKS_AGREE = timedelta(seconds=5)

#: A release is not run before it was written, but for a day between zones.
A_DAY = timedelta(days=1)

#: Beat sends a message each second: with so many, nobody takes them.
PILED_UP = 30

#: Filesystems over a network, on which the locks of SQLite do not hold.
NETWORKED = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"}

#: By when the zones have to know that Kazakhstan keeps one time, five hours ahead of UTC.
ONE_TIME_IN_KAZAKHSTAN = datetime(2024, 9, 1, tzinfo=UTC)


class Ill(Exception):  # noqa: N818 - it says what was found
    """What is wrong, each with how to mend it."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def database() -> str:
    """Ask the database for its version. Makes no file where there is none."""
    place = connection.settings_dict["NAME"]
    is_file = connection.vendor == "sqlite" and str(place) != ":memory:"
    if is_file and not Path(place).exists():
        raise Ill(f"There is no database {place}: run `manage.py migrate`, or mend DATABASE_URL.")
    if is_file and (kind := _filesystem(Path(place))) in NETWORKED:
        raise Ill(
            f"{place} is on a network filesystem ({kind}), where SQLite loses what two processes "
            "write: move it to a disk of this machine, or use PostgreSQL."
        )
    try:
        version = ".".join(map(str, connection.get_database_version()))
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseFault as error:
        raise Ill(
            f"The database does not answer ({_first_line(error)}): start it, or mend DATABASE_URL."
        ) from error
    return f"{connection.display_name} {version} answers."


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def _filesystem(path: Path) -> str:
    """Return the kind of filesystem on which a path lies, as Linux names it."""
    mounts = [line.split(" ") for line in Path("/proc/mounts").read_text().splitlines()]
    above = {str(path), *map(str, path.parents)}
    found = [one for one in mounts if one[1].replace(r"\040", " ") in above]
    return max(found, key=lambda one: len(one[1]), default=["", "", ""])[2]


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    return frozenset(loader.disk_migrations)


def migrations() -> str:
    """Compare the migrations of the database with ours, both ways."""
    known, applied = _known_migrations(), {*MigrationRecorder(connection).applied_migrations()}
    ours = {app for app, _name in known}
    if missing := sorted(known - applied):
        raise Ill(
            f"Not applied: {len(missing)}, {_name(missing[0])} first. Run `manage.py migrate`."
        )
    if later := sorted(one for one in applied - known if one[0] in ours):
        raise Ill(
            f"The database was brought up to date by another release, which has {_name(later[0])}: "
            "run that one, or go back to a backup."
        )
    return f"All {len(known)} are applied."


def _name(migration: tuple[str, str]) -> str:
    return ".".join(migration)


def static_files() -> str:
    """Hold the manifest of collected files against the files that there are to collect."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return "They are served as they lie."
    collect = "run `manage.py collectstatic --no-input`, then start the web processes anew."
    collected = staticfiles_storage.hashed_files
    if not collected:
        raise Ill(f"None are collected in {settings.STATIC_ROOT}: {collect}")
    there_are = {name for finder in finders.get_finders() for name, _ in finder.list([])}
    if missing := sorted(there_are - collected.keys()):
        raise Ill(f"{len(missing)} are not collected, {missing[0]} first: {collect}")
    if gone := sorted(name for name in collected.values() if not staticfiles_storage.exists(name)):
        raise Ill(f"{len(gone)} were collected and are gone, {gone[0]} first: {collect}")
    return f"All {len(there_are)} are collected."


def folders() -> str:
    """Look for what we may not write in `VAR_DIR`, and for a key that others may read."""
    var, key = settings.VAR_DIR, settings.SECRET_KEY_FILE
    wanted = {var: Path.is_dir, var / "broker": Path.is_dir, key: Path.is_file}
    wrong = [
        f"{path} is no {'folder' if is_kind is Path.is_dir else 'file'}: move it away."
        for path, is_kind in wanted.items()
        if path.exists() and not is_kind(path)
    ]
    whose = f"give it to the user that runs Overflight ({os.getuid()})."
    wrong += [
        f"We may not write {path}: {whose}"
        for path in [var, *sorted(var.glob("*"))]
        if not os.access(path, os.W_OK)
    ]
    if key.is_file() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        wrong.append(f"Others may read {key}: run `chmod 600 {key}`.")
    if wrong:
        raise Ill(*wrong)
    return f"{var} is ours to write."


def room() -> str:
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free < LEAST_ROOM:
        raise Ill(
            f"{free // 2**20} MB are free under {settings.VAR_DIR}, less than "
            f"{LEAST_ROOM // 2**20}: make room before something is lost."
        )
    return f"{free // 2**20} MB are free."


def zones() -> str:
    try:
        there = ONE_TIME_IN_KAZAKHSTAN.astimezone(ZoneInfo("Asia/Almaty")).utcoffset()
    except ZoneInfoNotFoundError:
        raise Ill("There are no time zones: install requirements.txt anew (tzdata).") from None
    if there != timedelta(hours=5):
        raise Ill("The time zones are older than 2024: install requirements.txt anew (tzdata).")
    return "They know today's Kazakhstan."


def machine_clock() -> str:
    """Hold our clock against the release, the database's clock and the signs of life in it."""
    wall = clock.wall()
    written = datetime.fromtimestamp((settings.FILES_DIR / "CHANGELOG.md").stat().st_mtime, UTC)
    if wall < written - A_DAY:
        raise Ill(
            f"The clock of this machine says {wall:%Y-%m-%d %H:%M}Z, before this release was "
            f"written ({written:%Y-%m-%d}): set it."
        )
    last = Heartbeat.objects.aggregate(last=Max("alive_at"))["last"]
    if last and last - wall > CLOCKS_AGREE:
        raise Ill(
            f"The last sign of life was written {_span(last - wall)} from now: the clock of this "
            "machine was set back, or those of several machines differ. Set them by NTP."
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs = cursor.fetchone()[0]
        if abs(theirs - clock.wall()) > CLOCKS_AGREE:
            raise Ill(
                f"The clock of the database differs from this machine's by "
                f"{_span(abs(theirs - wall))}: set both by NTP."
            )
    return f"It says {wall:%Y-%m-%d %H:%M:%S}Z."


def broker() -> str:
    if found := checks.the_broker_answers(None):
        raise Ill(*map(in_words, found))
    return "The broker answers."


def worker() -> str:
    """Ask whether anybody takes messages: by the broker, or by what lies in its folder."""
    start = "start one, with `celery -A config worker` or by `manage.py simulate`."
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
        waiting = sum(1 for _ in folder.glob("*.msg"))
        if waiting > PILED_UP:
            raise Ill(f"{waiting} messages wait and no worker takes them: {start}")
        return f"{waiting} messages wait."
    try:
        answers = celery_app.control.ping(timeout=2, limit=1)
    except (KombuError, OSError) as error:
        raise Ill(f"No worker can be asked ({_first_line(error)}): see the broker.") from error
    if not answers:
        raise Ill(f"No worker listens: {start}")
    return "A worker listens."


def silence() -> timedelta | None:
    """Return for how long no tick was seen; None where no exercise runs, and none is to be seen.

    It is negative after a clock was set back.
    """
    running = Exercise.objects.running()
    found = running.aggregate(tick=Max("heartbeat__ticked_at"), set_off=Max("wall_anchor"))
    signs = [sign for sign in (found["tick"], found["set_off"]) if sign]
    return clock.wall() - max(signs) if signs else None


def ticks() -> str:
    quiet = silence()
    if quiet is None:
        return "No exercise runs: none is to be seen."
    if quiet > SILENCE_ALLOWED:
        raise Ill(
            f"No tick for {_span(quiet)}, though exercises run: start beat and a worker; their "
            "logs say why they stopped."
        )
    if quiet < -CLOCKS_AGREE:
        raise Ill(f"The last tick is {_span(-quiet)} from now: see the clock of the machine.")
    return f"The last was {max(quiet, timedelta(0)).total_seconds():.0f} s ago."


def exercises() -> str:
    halted = Exercise.objects.exclude(halted="").filter(ended_at=None).order_by("pk")
    if found := [str(one.pk) for one in halted]:
        raise Ill(
            f"Halted by a fault: {', '.join(found)}. The log of the worker names it; once it is "
            "mended, the instructor presses Try again on the page Control."
        )
    return f"{Exercise.objects.running().count()} run, none is halted."


def system_checks() -> str:
    """Run Django's checks and ours, data files included; in a demo not those of a deployment."""
    try:
        database()
    except Ill:
        databases = []
    else:
        databases = ["default"]
    found = [
        message
        for message in run_checks(include_deployment_checks=True, databases=databases)
        if not (message.is_silenced() or _is_asked_elsewhere(message))
    ]
    if found:
        raise Ill(*map(in_words, found))
    return "Settings, data files, rules and triggers hold."


def _is_asked_elsewhere(message: CheckMessage) -> bool:
    """Say whether a message is the broker's, or one for those who deploy and this is a demo."""
    is_of_deployment = str(message.id).startswith(("security.", "async.", "overflight.E002"))
    return message.id == "overflight.E004" or (is_of_deployment and not settings.PRODUCTION)


def in_words(message: CheckMessage) -> str:
    return " ".join(filter(None, (message.msg, message.hint)))


def _span(span: timedelta) -> str:
    """Say a span of time as an administrator would."""
    seconds = int(span.total_seconds())
    for name, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds} s"


#: What is asked, in order; what asks the tables comes after the two that say they are there.
PROBES: dict[str, Probe] = {
    "folders": folders,
    "room": room,
    "time zones": zones,
    "static files": static_files,
    "broker": broker,
    "worker": worker,
    "database": database,
    "migrations": migrations,
    "checks": system_checks,
    "clock": machine_clock,
    "ticks": ticks,
    "exercises": exercises,
}

#: Those that cannot be asked while the one or the other is ill.
NEED = {
    "migrations": ("database",),
    "clock": ("database", "migrations"),
    "ticks": ("database", "migrations"),
    "exercises": ("database", "migrations"),
    "worker": ("broker",),
}


@dataclass(frozen=True)
class Finding:
    """What one probe found; `verdict` is a dash where it was not asked."""

    name: str
    verdict: Literal["ok", "wrong", "-"]
    sentences: tuple[str, ...]


def examine(names: Iterable[str]) -> Iterator[Finding]:
    """Ask these probes, one after the other, but for those that rest on what is ill."""
    ill: set[str] = set()
    for name in names:
        if broken := ill.intersection(NEED.get(name, ())):
            yield Finding(name, "-", (f"Not asked: first mend {' and '.join(sorted(broken))}.",))
            continue
        try:
            yield Finding(name, "ok", (ask(name),))
        except Ill as found:
            ill.add(name)
            yield Finding(name, "wrong", found.sentences)


def ask(name: str) -> str:
    """Return what a probe says. Raises `Ill`, also where the database fails in the middle."""
    try:
        return PROBES[name]()
    except DatabaseFault as error:
        raise Ill(f"The database cannot be read: {_first_line(error)}.") from error
