"""What `/metrics` tells: of this process its requests, of the installation how it stands.

No figure is of an exercise or a case, since to count what one side does would tell the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from config import health
from exercises.models import Exercise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse
    from prometheus_client import Metric

REGISTRY = CollectorRegistry()

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

REQUESTS = Counter(
    "overflight_requests",
    "Requests that this process answered, by the route of their address.",
    ["route", "method", "status"],
    registry=REGISTRY,
)

SECONDS = Histogram(
    "overflight_request_seconds",
    "How long this process took to answer.",
    ["route"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    registry=REGISTRY,
)

ProcessCollector(registry=REGISTRY)


def count(request: HttpRequest, method: str, response: HttpResponse, seconds: float) -> None:
    """Count one request. What has no route (a static file, a wrong address) is one kind."""
    route = request.resolver_match.route if request.resolver_match else "-"
    known = method if method in METHODS else "other"
    REQUESTS.labels(route, known, response.status_code).inc()
    SECONDS.labels(route).observe(seconds)


class Installation(Collector):
    """How the installation stands, asked at each look."""

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: that would ask the database when this is imported."""
        return ()

    def collect(self) -> Iterable[Metric]:
        said = {"release": settings.RELEASE, "database": connection.vendor}
        yield InfoMetricFamily("overflight", "What runs here.", said)
        try:
            running = Exercise.objects.running().count()
            halted = Exercise.objects.exclude(halted="").filter(ended_at=None).count()
            silence = health.silence()
        except DatabaseFault:
            yield GaugeMetricFamily("overflight_database_up", "Whether it answers.", 0)
            return
        yield GaugeMetricFamily("overflight_database_up", "Whether it answers.", 1)
        yield GaugeMetricFamily("overflight_exercises_running", "Whose time passes.", running)
        yield GaugeMetricFamily("overflight_exercises_halted", "Stopped by a fault.", halted)
        if silence is not None:
            yield GaugeMetricFamily(
                "overflight_last_tick_seconds",
                "How long ago; not there where no exercise runs, negative if a clock was set back.",
                silence.total_seconds(),
            )


REGISTRY.register(Installation())
