"""What the environment may say: every wrong setting is named in a sentence, all of them at once."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from redis import ConnectionPool

from config import environment
from config.environment import Environment
from control.management.commands.simulate import address

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
KEY = "Mv1bZbNGqYpTEs2VJ7dLwEo0cQnUfr5KxHg9aPzXtRiAyWhk3C"

#: Settings that are wrong, and the beginning of the sentence that says so. `VAR` is a folder of
#: the test, `FILE` a file in it.
WRONG = [
    ({"DEBUG": "maybe"}, "DEBUG is on or off, not 'maybe'."),
    ({"DEMO": "yes please"}, "DEMO is on or off, not 'yes please'."),
    ({"DEMO": ""}, "DEMO is on or off, not ''."),
    ({"DEBUG": "'on'"}, "DEBUG stands in quotation marks, which would belong to it: remove them."),
    ({"DEBUG": "on "}, "DEBUG begins or ends with a blank: remove it."),
    ({"SECRET_KEY": "hunter2"}, "SECRET_KEY is too short, 7 characters of at least 50"),
    ({"SECRET_KEY": "ab" * 30}, "SECRET_KEY can be guessed"),
    ({"SECRET_KEY": "django-insecure-" + KEY}, "SECRET_KEY can be guessed"),
    ({"SECRET_KEY": KEY + " " + KEY}, "SECRET_KEY holds blanks"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS names no host somewhere"),
    ({"ALLOWED_HOSTS": "a.example,,b.example"}, "ALLOWED_HOSTS names no host somewhere"),
    ({"ALLOWED_HOSTS": "a.example b.example"}, "ALLOWED_HOSTS has 'a.example b.example', which"),
    (
        {"ALLOWED_HOSTS": "https://a.example"},
        "ALLOWED_HOSTS has 'https://a.example': give the",
    ),
    (
        {"ALLOWED_HOSTS": "a.example:8000"},
        "ALLOWED_HOSTS has 'a.example:8000': give the name",
    ),
    ({"ALLOWED_HOSTS": "::1"}, "ALLOWED_HOSTS has '::1': write [::1]"),
    ({"ALLOWED_HOSTS": "*.example"}, "ALLOWED_HOSTS has '*.example': write .example"),
    ({"CSRF_TRUSTED_ORIGINS": "a.example"}, "CSRF_TRUSTED_ORIGINS has 'a.example': an origin is"),
    (
        {"CSRF_TRUSTED_ORIGINS": "https://a.example/x"},
        "CSRF_TRUSTED_ORIGINS has 'https://a.example/x': write https://a.example, without a path.",
    ),
    ({"DATABASE_URL": ""}, "DATABASE_URL is postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:"),
    ({"DATABASE_URL": "mysql://h/n"}, "DATABASE_URL is postgresql://USER:PASSWORD@HOST:PORT/NAME"),
    ({"DATABASE_URL": "postgresql://u:hush#x@h/n"}, "DATABASE_URL has a #, which would end it"),
    ({"DATABASE_URL": "postgresql://u:hush@x@h/n"}, "DATABASE_URL has an @ where none belongs"),
    ({"DATABASE_URL": "postgresql://u:hush/x@h/n"}, "DATABASE_URL cannot be read as an address"),
    ({"DATABASE_URL": "postgresql://u:hush?x@h/n"}, "DATABASE_URL cannot be read as an address"),
    ({"DATABASE_URL": "postgresql://u:hush%x@h/n"}, "DATABASE_URL has a % that begins no code"),
    ({"DATABASE_URL": "postgresql://u:hush[x@h/n"}, "DATABASE_URL cannot be read as an address"),
    ({"DATABASE_URL": "postgresql://u@h:many/n"}, "DATABASE_URL cannot be read as an address"),
    ({"DATABASE_URL": "postgresql://u@h:5432"}, "DATABASE_URL names no database"),
    ({"DATABASE_URL": "postgresql://u@h/n?sslmod=require"}, "DATABASE_URL has sslmod behind its"),
    ({"DATABASE_URL": "sqlite:///some.sqlite3"}, "DATABASE_URL gives no whole path"),
    ({"DATABASE_URL": "sqlite:////none/some.sqlite3"}, "DATABASE_URL names a file in /none, which"),
    ({"DATABASE_URL": "sqlite:///VAR"}, "DATABASE_URL names VAR, which is a folder"),
    ({"BROKER_URL": "nowhere://"}, "BROKER_URL is redis://HOST:6379/0, rediss://…, redis+socket:"),
    ({"BROKER_URL": "redsi://h/0"}, "BROKER_URL is redis://HOST:6379/0, rediss://…, redis+socket:"),
    ({"BROKER_URL": "redis://h/first"}, "BROKER_URL ends with the number of a database of Redis"),
    ({"BROKER_URL": "redis:///0"}, "BROKER_URL names no host"),
    ({"BROKER_URL": "redis://:hush#@h/0"}, "BROKER_URL has a #"),
    ({"BROKER_URL": "redis+socket://redis.sock"}, "BROKER_URL gives no whole path"),
    ({"BROKER_URL": "filesystem:///var"}, "BROKER_URL is written filesystem://localhost//"),
    ({"SQLITE_SYNCHRONOUS": "OFF"}, "SQLITE_SYNCHRONOUS is NORMAL or FULL, not 'OFF'."),
    ({"DEMO": "on", "HTTPS": "on"}, "HTTPS is on in a demo that no proxy stands before"),
    ({"VAR_DIR": "FILE"}, "VAR_DIR names FILE, which is a file: name a folder."),
    ({"VAR_DIR": "FILE/var"}, "VAR_DIR names FILE/var, where we cannot write"),
    ({"VAR_DIR": "/proc/overflight"}, "VAR_DIR names /proc/overflight, where we cannot write"),
    ({"VAR_DIR": "var"}, "VAR_DIR is 'var': give the whole path"),
    ({"DEMO_PIN": "47"}, "DEMO_PIN is 4 digits or more, and nothing else"),
    ({"DEMO_PIN": "kedi"}, "DEMO_PIN is 4 digits or more, and nothing else"),
    ({"METRICS_TOKEN": "hush"}, "METRICS_TOKEN is 12 characters or more"),
    ({"FIRST_ACCOUNT_CODE": "hush"}, "FIRST_ACCOUNT_CODE is 12 characters or more"),
]

#: Names that are nearly those of settings, and what was meant.
MISSPELT = {
    "DEBGU": "DEBUG",
    "DEMOO": "DEMO",
    "demo": "DEMO",
    "SECRETKEY": "SECRET_KEY",
    "ALLOWED_HOST": "ALLOWED_HOSTS",
    "DATABSE_URL": "DATABASE_URL",
    "DATABASE_URI": "DATABASE_URL",
    "CSRF_TRUSTED_ORIGIN": "CSRF_TRUSTED_ORIGINS",
    "VARDIR": "VAR_DIR",
    "HOSTS": "HOST",
    "OVERFLIGHT_DEBUG": "DEBUG",
    "DJANGO_SECRET_KEY": "SECRET_KEY",
    "CELERY_BROKER_URL": "BROKER_URL",
}

#: What machines have in their environments.
OTHERS = (
    "HOME HOSTNAME HOSTTYPE LOGNAME LANG PATH PWD SHELL TERM USER VIRTUAL_ENV "
    "DJANGO_SETTINGS_MODULE DEBUGINFOD_URLS DEBIAN_FRONTEND PGHOST PGPORT PGDATABASE "
    "POSTGRES_DB POSTGRES_PASSWORD REDIS_URL REDIS_PORT HTTP_PROXY HTTPS_PROXY NO_PROXY "
    "STATE_DIRECTORY LOGS_DIRECTORY RUNTIME_DIRECTORY NOTIFY_SOCKET INVOCATION_ID "
    "JOURNAL_STREAM CI GITHUB_SHA CI_REGISTRY PYTHONPATH PYTHONUNBUFFERED WEB_PORT_8000_TCP "
    "KUBERNETES_SERVICE_HOST KUBERNETES_PORT SSH_TTY DISPLAY XDG_RUNTIME_DIR "
)


def read(monkeypatch: pytest.MonkeyPatch, var: Path, **given: str) -> dict[str, Any]:
    """Read config/settings.py anew, in an environment that says no more than this."""
    monkeypatch.setattr("os.environ", {"VAR_DIR": str(var)} | given)
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


def test_a_file_in_the_way_of_a_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = tmp_path / "broker" / "messages"
    messages.parent.mkdir()
    messages.touch()

    with pytest.raises(SystemExit) as ended:
        read(monkeypatch, tmp_path)

    sentence = f"VAR_DIR has a file in the way of a folder: move {messages} elsewhere."
    assert str(ended.value.code) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"), WRONG, ids=[",".join(f"{k}={v}" for k, v in g.items()) for g, _ in WRONG]
)
def test_a_wrong_setting_is_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    places = (("VAR", str(tmp_path)), ("FILE", str(file)))
    for word, place in places:
        sentence = sentence.replace(f" {word}", f" {place}")
        given = {k: v.replace("sqlite:///VAR", f"sqlite:///{tmp_path}") for k, v in given.items()}
    given = {k: v.replace("FILE", str(file)) for k, v in given.items()}

    with pytest.raises(SystemExit) as ended:
        read(monkeypatch, tmp_path, **given)

    told = str(ended.value.code)
    assert told.startswith(sentence)
    assert "\n" not in told
    assert "hush" not in told, "a password stands in a log"


@pytest.mark.parametrize(("name", "meant"), MISSPELT.items())
def test_a_name_that_is_nearly_a_settings_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(monkeypatch, tmp_path, **{name: "on"})

    assert ended.value.code == f"{name} is no setting, {meant} is: rename it, or remove it."


def test_what_is_written_as_ours_and_is_no_setting_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(monkeypatch, tmp_path, OVERFLIGHT_COLOUR="blue")

    assert str(ended.value.code).startswith("OVERFLIGHT_COLOUR is no setting: remove it. Those")


def test_what_other_programs_read_is_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(monkeypatch, tmp_path, **dict.fromkeys(OTHERS.split(), "x"))["DEMO"] is True


def test_a_slip_that_says_the_same_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Celery copies the one to the other before it reads our settings."""
    url = "redis://redis.example/0"

    found = read(monkeypatch, tmp_path, BROKER_URL=url, CELERY_BROKER_URL=url)

    assert found["CELERY_BROKER_URL"] == url


def test_a_password_is_written_in_percent_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://over:p%40s%23s%2F%3F%25%3A@db.example:6432/flight?sslmode=require"

    found = read(monkeypatch, tmp_path, DATABASE_URL=url)["DATABASES"]["default"]

    assert (found["USER"], found["PASSWORD"]) == ("over", "p@s#s/?%:")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 6432, "flight")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_blanks_after_commas_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, tmp_path, ALLOWED_HOSTS="a.example, [::1], .b.example")

    assert found["ALLOWED_HOSTS"] == ["a.example", "[::1]", ".b.example"]


@pytest.mark.parametrize("port", ["eight", "65536", "-1", "80.0", ""])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(CommandError, match=r"^PORT is a number from 0 to 65535, not '"):
        address("127.0.0.1", port)


@pytest.mark.parametrize(
    ("broker", "redis"),
    [
        ("redis://:secret@host:6379/3", "redis://:secret@host:6379/3"),
        ("redis+socket:///run/redis.sock", "unix:///run/redis.sock?db=0"),
        (
            "redis+socket://:secret@/run/redis.sock?virtual_host=3",
            "unix://:secret@/run/redis.sock?db=3",
        ),
        ("filesystem://localhost//", ""),
    ],
)
def test_whatever_way_to_redis_its_processes_count_guesses_together(
    broker: str, redis: str
) -> None:
    assert environment.redis_of(broker) == redis
    if redis:
        pool = ConnectionPool.from_url(redis)
        assert pool.connection_kwargs["db"] == (3 if "3" in broker[-1] else 0)


def test_nothing_has_to_be_set() -> None:
    env = Environment({})

    assert env("DEBUG", environment.flag, "off") is False
    env.seal()


@pytest.mark.parametrize(
    "command", ["manage.py migrate", "-m celery -A config worker", "-m config.web 127.0.0.1 0"]
)
def test_every_program_says_all_faults_and_nothing_else(tmp_path: Path, command: str) -> None:
    wrong = {"VAR_DIR": str(tmp_path), "DEBUG": "maybe", "DEMO_PIN": "1", "SECRETKEY": KEY}

    told = subprocess.run(
        [sys.executable, *command.split()],
        cwd=ROOT,
        env=wrong,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        "DEBUG is on or off, not 'maybe'.",
        "DEMO_PIN is 4 digits or more, and nothing else: six are usual.",
        "SECRETKEY is no setting, SECRET_KEY is: rename it, or remove it.",
    ]


def test_a_web_process_in_production_wants_a_key_from_outside(tmp_path: Path) -> None:
    """Each process would draw one of its own, and nobody stay signed in."""
    told = subprocess.run(
        [sys.executable, "-m", "config.web", "127.0.0.1", "0"],
        cwd=ROOT,
        env={"VAR_DIR": str(tmp_path), "SECRET_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 1
    assert told.stderr.startswith("SECRET_KEY is not set, though DEBUG and DEMO are off. Set")
