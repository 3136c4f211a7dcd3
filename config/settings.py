"""Every setting, in one file. No environment is needed; `env` reads what it may say.

Each of these has its line in docs/reference/environment.md.
"""

import os
import re
import secrets
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django_stubs_ext

from config import beat, environment, key

django_stubs_ext.monkeypatch()  # makes ModelForm[Revision] legal at run time

env = environment.Environment(os.environ)

# Paths

# Templates and the like stand beside the rooms; installed by pip, in a package of their own.
BASE_DIR = Path(__file__).resolve().parent.parent
IS_INSTALLED = not (BASE_DIR / "manage.py").exists()
FILES_DIR = BASE_DIR / "overflight" if IS_INSTALLED else BASE_DIR
_var = Path.home() / ".local" / "share" / "overflight" if IS_INSTALLED else BASE_DIR / "var"
VAR_DIR = env("VAR_DIR", environment.folder, str(_var))
SECRET_KEY_FILE = VAR_DIR / "secret_key"

# Security

# A demo lets anyone sit down at any seat. Bringing a SECRET_KEY ends it: that is a deployment.
DEBUG = env("DEBUG", environment.flag, "off")
DEMO = env("DEMO", environment.flag, "off" if "SECRET_KEY" in env else "on")
DEMO_PIN = env("DEMO_PIN", environment.pin, "")
FIRST_ACCOUNT_CODE = env("FIRST_ACCOUNT_CODE", environment.token, "")
METRICS_TOKEN = env("METRICS_TOKEN", environment.token, "")
PRODUCTION = not (DEBUG or DEMO)

# Without a key of its own or one kept by `simulate`, a process gets one for its own life.
SECRET_KEY = env("SECRET_KEY", environment.secret_key, "")
try:
    SECRET_KEY = SECRET_KEY or key.read(SECRET_KEY_FILE) or secrets.token_urlsafe(50)
except key.BrokenKey as broken:
    env.faults.append(str(broken))

# A demo beyond this machine is guarded by its PIN, whatever name it is called by.
ALLOWED_HOSTS = env(
    "ALLOWED_HOSTS",
    environment.hosts,
    "*" if DEMO and DEMO_PIN else "localhost,127.0.0.1,[::1]",
)
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS", environment.origins, "")

# HTTPS means: behind a proxy that ends TLS and says so in X-Forwarded-Proto.
HTTPS = env("HTTPS", environment.flag, "on" if PRODUCTION else "off")
if HTTPS and DEMO and "ALLOWED_HOSTS" not in env:
    env.faults.append(
        "HTTPS is on in a demo that no proxy stands before: browsers would be sent where nobody "
        "answers. Set it off, or name the proxy in ALLOWED_HOSTS."
    )
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(readyz|metrics)$"]  # asked by machines, past the proxy
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS

SESSION_COOKIE_NAME = "overflight_session"
CSRF_COOKIE_NAME = "overflight_csrf"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Tabler draws ticks and arrows as data: images
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: they are not ours to speak for
    "security.W021",  # HSTS preload lists: this site is not on the public internet
]

PASSWORD_HASHERS = ["config.hashers.LightArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Apps

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "config",
    "exercises",
    "audit",
    "casework",
    "annual",
    "contacts",
    "transit",
    "neighbours",
    "approvals",
    "scenarios",
    "control",
    "review",
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Middleware

MIDDLEWARE = [
    "config.traffic.TrafficMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.PlainMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "control.entering.PinMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.SeatMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# Templates

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FILES_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.templatetags.shown"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.overflight",
                "review.strip.strip",
            ],
        },
    },
]

# Database

_database = env(
    "DATABASE_URL", environment.database, f"sqlite:///{quote(str(VAR_DIR))}/overflight.sqlite3"
)
_database["CONN_MAX_AGE"] = 600
SQLITE_SYNCHRONOUS = env("SQLITE_SYNCHRONOUS", environment.one_of("NORMAL", "FULL"), "NORMAL")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _pragmas = ("journal_mode=WAL", f"synchronous={SQLITE_SYNCHRONOUS}", "temp_store=MEMORY")
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",  # a read that turns into a write would fail at once
        "init_command": "".join(f"PRAGMA {one};" for one in _pragmas),
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        **_database["OPTIONS"],
        "server_side_binding": True,  # what is asked often is planned once for each connection
        "prepare_threshold": 5,
    }
DATABASES = {"default": _database}

# Time and languages

zoneinfo.reset_tzpath(to=())  # time zones from the pinned tzdata, not from the machine
USE_TZ = True
TIME_ZONE = "UTC"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # those with a catalogue in locale/: a page speaks one language
LOCALE_PATHS = [FILES_DIR / "locale"]

# Static files

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [FILES_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Celery

CELERY_BROKER_URL = env("BROKER_URL", environment.broker, "filesystem://localhost//")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if CELERY_BROKER_URL.startswith("filesystem:"):
    _messages = VAR_DIR / "broker" / "messages"
    try:
        for _folder in (VAR_DIR, VAR_DIR / "broker", _messages):
            _folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as _error:
        env.faults.append(
            f"VAR_DIR has a file in the way of a folder: move {_error.filename} elsewhere."
        )
    except OSError as _error:
        env.faults.append(f"VAR_DIR has no room for {_error.filename} ({_error.strerror}).")
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_messages),
        "data_folder_out": str(_messages),
        "polling_interval": 0.1,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # one worker, and its queue looked at half as often
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
if _redis := environment.redis_of(CELERY_BROKER_URL):  # all processes count guesses together
    CACHES = {"default": {"BACKEND": "config.counting.SteadyRedisCache", "LOCATION": _redis}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "control.tasks.tick", "schedule": beat.every(1)},
    "end-exams": {"task": "control.tasks.end_exams", "schedule": beat.every(5)},
}

# Logging: to stderr, one line each, as people or as machines read them

LOG_FORMAT = env("LOG_FORMAT", environment.one_of("text", "json"), "text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "config.logs.TextFormatter"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # Every request, for whoever runs it; at a terminal live pages would drown the rest.
        "overflight.access": {"level": "INFO" if PRODUCTION else "WARNING"},
        # A request that waits for a thread is no news either.
        "waitress.queue": {"level": "ERROR"},
        # One tick a second is no news.
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}

# Ours

RELEASE = re.findall(r"^## (\S+)", (FILES_DIR / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[0]

# The kinds of case, lowest room first.
CASES = [
    *("annual.kind", "contacts.kind"),
    *("neighbours.kind", "approvals.duty_log", "approvals.kind"),
]

# The modules that know what falls due, lowest room first; at one moment that is their order.
HAPPENINGS = [
    *("contacts.happenings", "transit.happenings"),
    *("neighbours.happenings", "approvals.happenings"),
    *("scenarios.happenings", "roleplay.happenings"),
]

# Read by `simulate`, and told apart from what is misspelt: HOST, PORT.
env.seal("HOST", "PORT")
