"""What comes in: each request has a reference, a line in the log and a count; `HEAD` is a `GET`.

A reference is drawn by chance: it tells whoever looks after the installation where to look, and
nobody anything else.
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.template import loader
from django.utils.encoding import escape_uri_path
from django.views.decorators.csrf import requires_csrf_token

from config import logs, metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

access = logging.getLogger("overflight.access")

#: What machines ask every few seconds is no news while it is well.
PROBES = {"/healthz", "/readyz", "/metrics"}


class TrafficMiddleware:
    """Outermost: sees each request first, and each answer last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, method = time.perf_counter(), request.method or ""
        request.reference = secrets.token_hex(6)  # type: ignore[attr-defined]
        if method == "HEAD":  # no view need know of it
            request.method = "GET"
        token = logs.answering.set(request)
        try:
            response = self.get_response(request)
            if method == "HEAD":
                _empty(response)
            response["X-Request-ID"] = request.reference  # type: ignore[attr-defined]
            _tell(request, method, response, time.perf_counter() - began)
        finally:
            logs.answering.reset(token)
        return response


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, with the reference under which the log has it."""
    page = loader.get_template("500.html")
    reference = getattr(request, "reference", "")
    return HttpResponse(page.render({"reference": reference}), status=500)


def _tell(request: HttpRequest, method: str, response: HttpResponse, seconds: float) -> None:
    metrics.count(request, method, response, seconds)
    path, status = escape_uri_path(request.path), response.status_code
    if path.startswith(f"/{settings.STATIC_URL.strip('/')}/") or (path in PROBES and status == 200):
        return
    milliseconds = round(seconds * 1000)
    access.info(
        "%s %s %s %s ms",
        *(method, path, status, milliseconds),
        extra={"method": method, "path": path, "status": status, "milliseconds": milliseconds},
    )


def _empty(response: HttpResponse) -> None:
    """Take the body out; the headers go on saying how long it would be."""
    if response.streaming:
        response.streaming_content = ()  # type: ignore[attr-defined]
    else:
        response.content = b""
