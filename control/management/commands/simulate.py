"""Run everything on one machine: the web server, a Celery worker and Celery's beat."""

import contextlib
import fcntl
import ipaddress
import os
import secrets
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connections

from audit import keys
from control import stories
from control.supervisor import Plan, become

#: What stands in `VAR_DIR`, beside the database, for ourselves alone.
FOLDERS = ("broker", "static", "alive")

# Celery warns root of pickle, which nobody uses here: messages are JSON.
NO_PICKLE = ["-W", "ignore:You're running the worker with superuser privileges"]
CELERY = [sys.executable, *NO_PICKLE, "-m", "celery", "--quiet", "-A", "config"]

LAST_PORT = 65535


class Command(BaseCommand):
    help = "Prepares var/, then runs web, worker and beat until Ctrl-C; HOST and PORT move it."

    def handle(self, **options: Any) -> None:
        os.umask(0o077)  # for what we start as well
        host, port = address(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))
        prepare_var()
        try:
            call_command("migrate", interactive=False, verbosity=0)
            self.check(databases=["default"])
            if settings.DEMO:
                stories.provide(stories.load("demo"))
            collect_static()
        except (OperationalError, OSError) as error:
            raise CommandError(
                f"The start broke off ({error}): make room in {settings.VAR_DIR}, or mend what is"
                " said here. The next start goes on where this one ended."
            ) from error
        except KeyboardInterrupt:
            raise CommandError(
                "The start broke off: the next one goes on where this one ended.", returncode=130
            ) from None
        connections.close_all()

        beyond_loopback = not ipaddress.ip_address(host).is_loopback
        pin = settings.DEMO_PIN
        if settings.DEMO and beyond_loopback:
            pin = pin or f"{secrets.randbelow(10**6):06}"
        code = "" if settings.DEMO or _has_staff() else secrets.token_hex(8)

        become(
            Plan(
                commands(host, port),
                url(host, port),
                how_to_sign_in(pin, code),
                signs={
                    "web": f"{url(host, port)}/healthz",
                    **{name: str(settings.VAR_DIR / "alive" / name) for name in ("worker", "beat")},
                },
            ),
            os.environ
            | {"DEMO_PIN": pin, "FIRST_ACCOUNT_CODE": code, "PYTHONPATH": str(settings.BASE_DIR)},
        )


def commands(host: str, port: int) -> dict[str, list[str]]:
    """What runs, by the name that its lines carry."""
    web = [sys.executable, "-m", "config.web", host, str(port)]
    worker = [*CELERY, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = [*CELERY, "beat", "--pidfile=", "--loglevel", "INFO"]
    return {"web": web, "worker": worker, "beat": beat}


def address(host: str, port: str) -> tuple[str, int]:
    """The numeric address to listen on, tried out. Port 0 stands for any that is free."""
    if not port.isdecimal() or int(port) > LAST_PORT:
        raise CommandError(f"PORT is a number from 0 to {LAST_PORT}, not {port!r}.")
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((place[0], int(port)))
            return str(place[0]), int(probe.getsockname()[1])
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(
            f"Cannot listen on {host} port {port} ({reason}): choose others with HOST and PORT."
        ) from None


def prepare_var() -> None:
    """An empty queue and a key that stays: a tick from yesterday is worth nothing.

    All of it is ours alone, what an earlier release left as well.
    """
    var = settings.VAR_DIR
    with contextlib.suppress(OSError):
        var.mkdir(parents=True, exist_ok=True)
    if not os.access(var, os.W_OK | os.X_OK):
        raise CommandError(f"Cannot write in {var}: mend its rights, or set VAR_DIR.")
    hold(var)
    for passing in (var / "broker" / "messages", var / "alive"):
        shutil.rmtree(passing, ignore_errors=True)
        passing.mkdir(parents=True, exist_ok=True)
    for ours in (*var.glob("overflight.sqlite3*"), *(var / name for name in FOLDERS)):
        with contextlib.suppress(OSError):  # not there, or another's to mend
            ours.chmod(0o700 if ours.is_dir() else 0o600)
    if not os.environ.get("SECRET_KEY") and not settings.SECRET_KEY_FILE.exists():
        keep_key(settings.SECRET_KEY_FILE, settings.SECRET_KEY)


def hold(var: Path) -> None:
    """Lock the folder for as long as this process lives, whatever it becomes.

    Raises `CommandError` if another one holds it, or if it cannot be locked.
    """
    try:
        lock = os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode() or "another"
        raise CommandError(
            f"Overflight runs in {var} already (process {holder}): stop it, or set VAR_DIR."
        ) from None
    except OSError as error:
        raise CommandError(
            f"Cannot lock {var / 'lock'} ({error.strerror}): mend that, or set VAR_DIR."
        ) from None
    with contextlib.suppress(OSError):  # a full disk: it is locked all the same
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
    os.set_inheritable(lock, True)


def collect_static() -> None:
    """Gather the static files, from nothing if that was cut short before.

    A file that was half written is newer than its source, and would be left as it is.
    """
    whole = settings.VAR_DIR / "static.whole"
    was_whole = whole.exists()
    whole.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=not was_whole)
    whole.touch()


def keep_key(path: Path, key: str) -> None:
    """Write the key that stays."""
    try:
        keys.keep(path, key)
    except OSError as error:
        raise CommandError(
            f"Cannot write {path} ({error.strerror}): make room, or set VAR_DIR."
        ) from None


def url(host: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not to bind to
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _has_staff() -> bool:
    return get_user_model().objects.filter(is_staff=True, is_active=True).exists()


def how_to_sign_in(pin: str, code: str) -> str:
    """Say how one gets in; first, that nobody does without a proxy where HTTPS is on."""
    proxy = (
        "HTTPS is on: open it through the proxy that ends TLS; without one, set HTTPS=off.\n"
        if settings.HTTPS
        else ""
    )
    return proxy + _how_to_sign_in(pin, code)


def _how_to_sign_in(pin: str, code: str) -> str:
    if code:
        return (
            f"No account is there yet: make the first one at /first-account/; the code is {code}."
        )
    if not settings.DEMO:
        return "Sign in with your account."
    if pin:
        return f"Join with your name, or sign in by choosing a seat; the PIN is {pin}."
    return "Sign in by choosing a seat: one click, no password."
