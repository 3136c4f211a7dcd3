"""The settings under test: a folder for this run, cheap passwords, static files as they lie."""

import atexit
import os
import shutil
import tempfile

# A SECRET_KEY in the shell that starts the tests would make this a deployment.
os.environ["DEMO"] = "on"

if "VAR_DIR" not in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="overflight-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"])

from config.settings import *
from config.settings import DATABASES, INSTALLED_APPS, STORAGES, VAR_DIR

# A kind of case of the tests' own.
INSTALLED_APPS += ["tests.casework.letters"]

# Of each process: to clear it must not clear a broker.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True

# A file: threads cannot wait for each other's locks in SQLite's shared memory.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
