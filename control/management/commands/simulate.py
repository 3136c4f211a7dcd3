"""Run everything on one machine: the web server, a Celery worker and Celery's beat."""

import contextlib
import ipaddress
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections

from audit import keys
from control import stories
from control.supervisor import Plan, become

# Celery warns root of pickle, which nobody uses here: messages are JSON.
NO_PICKLE = ["-W", "ignore:You're running the worker with superuser privileges"]
CELERY = [sys.executable, *NO_PICKLE, "-m", "celery", "--quiet", "-A", "config"]

LAST_PORT = 65535


class Command(BaseCommand):
    help = "Prepares var/, then runs web, worker and beat until Ctrl-C; HOST and PORT move it."

    def handle(self, **options: Any) -> None:
        host, port = address(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))
        prepare_var()
        call_command("migrate", interactive=False, verbosity=0)
        self.check(databases=["default"])
        if settings.DEMO:
            stories.provide(stories.load("demo"))
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()

        beyond_loopback = not ipaddress.ip_address(host).is_loopback
        pin = settings.DEMO_PIN
        if settings.DEMO and beyond_loopback:
            pin = pin or f"{secrets.randbelow(10**6):06}"
        code = "" if settings.DEMO or _has_staff() else secrets.token_hex(8)

        become(
            Plan(commands(host, port), url(host, port), how_to_sign_in(pin, code)),
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
    """An empty queue and a key that stays: a tick from yesterday is worth nothing."""
    var = settings.VAR_DIR
    with contextlib.suppress(OSError):
        var.mkdir(parents=True, exist_ok=True)
    if not os.access(var, os.W_OK | os.X_OK):
        raise CommandError(f"Cannot write in {var}: mend its rights, or set VAR_DIR.")
    for message in (var / "broker" / "messages").glob("*"):
        message.unlink()
    if not os.environ.get("SECRET_KEY") and not settings.SECRET_KEY_FILE.exists():
        keep_key(settings.SECRET_KEY_FILE, settings.SECRET_KEY)


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
