"""What comes in: each request with a reference, `HEAD` answered as `GET`, all of it counted."""

from __future__ import annotations

import secrets
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING

from config import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

#: What this thread answers, for whatever is logged meanwhile.
answering: ContextVar[HttpRequest | None] = ContextVar("answering", default=None)


class TrafficMiddleware:
    """Outermost: sees each request first, and each answer last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, method = time.perf_counter(), request.method or ""
        request.reference = secrets.token_hex(6)  # type: ignore[attr-defined]
        if method == "HEAD":  # no view need know of it
            request.method = "GET"
        token = answering.set(request)
        try:
            response = self.get_response(request)
            if method == "HEAD":
                _empty(response)
            response["X-Request-ID"] = request.reference  # type: ignore[attr-defined]
            metrics.count(request, method, response, time.perf_counter() - began)
        finally:
            answering.reset(token)
        return response


def _empty(response: HttpResponse) -> None:
    """Take the body out; the headers go on saying how long it would be."""
    if response.streaming:
        response.streaming_content = ()  # type: ignore[attr-defined]
    else:
        response.content = b""
