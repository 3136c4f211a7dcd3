"""The settings under test: a folder of their own, cheap passwords, static files as they lie."""

import os

os.environ.setdefault("VAR_DIR", "var/test")

from config.settings import *
from config.settings import DATABASES, STORAGES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# A file: threads cannot wait for each other's locks in SQLite's shared memory.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
