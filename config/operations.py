"""Addresses for whoever runs it, and their machines: no seat, no page, nothing of an exercise."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from config import health, metrics

if TYPE_CHECKING:
    from django.http import HttpRequest

#: What has to be well before requests are worth sending here.
NEEDED = ("database", "migrations", "broker", "ticks")

#: For so long everybody is told the same, so that asking often costs nothing.
KEPT_SECONDS = 2.0

#: A look that takes longer hangs, and what was found before it is worth nothing.
HANGS_SECONDS = 10.0

_looking = Lock()
_looks_since = [float("inf")]
_kept: list[tuple[float, dict[str, Any]]] = []


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say of each thing that is needed whether it is well, as JSON; 503 if one is not.

    Also if a look at them does not come to its end.
    """
    state = standing()
    return JsonResponse(state, status=200 if state["ready"] else 503)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Give the metrics to whoever brings the token; without one there are none."""
    said = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not (settings.METRICS_TOKEN and constant_time_compare(said, wanted)):
        raise Http404
    return HttpResponse(generate_latest(metrics.REGISTRY), content_type=CONTENT_TYPE_LATEST)


def standing() -> dict[str, Any]:
    """Return what was found a moment ago, or look; who comes while another looks is told the last.

    Only the very first have to wait for each other. It is not ready while a look takes long.
    """
    now = time.monotonic()
    is_fresh = _kept and now - _kept[0][0] < KEPT_SECONDS
    if not is_fresh and _looking.acquire(blocking=not _kept):
        _looks_since[0] = now
        try:
            _kept[:] = [(time.monotonic(), look())]
        finally:
            _looks_since[0] = float("inf")
            _looking.release()
    found = _kept[0][1]
    return found | {"ready": False} if now - _looks_since[0] > HANGS_SECONDS else found


def look() -> dict[str, Any]:
    """Ask what is needed; `last_tick_seconds` is null where no exercise runs."""
    found = {one.name: one.verdict == "ok" for one in health.examine(NEEDED)}
    silence = health.silence() if found["migrations"] else None
    seconds = None if silence is None else round(silence.total_seconds(), 1)
    return {"ready": all(found.values()), **found, "last_tick_seconds": seconds}
