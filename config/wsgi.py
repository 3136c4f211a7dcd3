"""The web application, as a WSGI server loads it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import django
from django.core.checks import Tags, run_checks
from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Each process would draw a key of its own, and nobody stay signed in. Commands look by themselves.
django.setup(set_prefix=False)
for fault in run_checks(tags=[Tags.security]):
    sys.exit(f"{fault.msg} {fault.hint}")

_django = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request; `/healthz` without Django, by whatever name and scheme it is asked.

    It says that a thread was free, to whoever watches this process.
    """
    if environ["PATH_INFO"] != "/healthz":
        return _django(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
    return [b"ok\n"] if environ["REQUEST_METHOD"] == "GET" else []
