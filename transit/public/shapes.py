"""The shapes that a map draws: states with their waters, and flight information regions."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from airspace import reference

if TYPE_CHECKING:
    from django.http import HttpRequest

KINDS = ("states", "firs")


def _etag(request: HttpRequest, kind: str) -> str | None:
    return _digest(kind) if kind in KINDS else None


@cache
def _digest(kind: str) -> str:
    return f'"{sha256(reference.shapes(kind).read_bytes()).hexdigest()[:16]}"'


@require_safe
@cache_control(public=True, no_cache=True)  # kept, but asked for again: a release may bring others
@gzip_page
@condition(etag_func=_etag)
def geojson(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with one file of shapes. Raises Http404 for a kind that is not kept."""
    if kind not in KINDS:
        raise Http404
    shapes = reference.shapes(kind).read_bytes()
    return HttpResponse(shapes, content_type="application/geo+json")
