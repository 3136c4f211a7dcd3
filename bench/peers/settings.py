"""The settings of the peers: the database exactly as Overflight's, and no more apps than needed.

`PEER` names the one app whose models are made, so that no other's signals are connected.
"""

import os
from urllib.parse import unquote, urlsplit

PEER = os.environ["PEER"]

SECRET_KEY = "for the benchmark alone"  # noqa: S105 - nothing is signed
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "bench.peers.settings"
urlpatterns: list[object] = []

#: The apps of each peer.
APPS = {
    "auditlog": ["auditlog", "bench.peers.flights"],
    "simple_history": ["simple_history", "bench.peers.flights"],
    "viewflow": ["viewflow", "viewflow.workflow", "bench.peers.flights"],
    "timers": ["bench.peers.timers"],
}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", *APPS[PEER]]


def database(url: str) -> dict[str, object]:
    """Return what Overflight makes of the same address."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path.removeprefix("/"),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    query = dict(pair.split("=") for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": parts.username,
        "PASSWORD": parts.password or "",
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": database(os.environ["DATABASE_URL"])}
