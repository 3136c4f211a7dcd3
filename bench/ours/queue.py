"""The queue page and the front page in a database of many exercises; pages deep in a long queue."""

from __future__ import annotations

import logging
import re

from django.db import connection

from bench.measuring import Figures, serve, spent
from bench.ours.pages import get, measured, signed_in
from exercises.models import Exercise

SEAT, ADDRESS = "KZ-REGISTRY", "flights/"

#: Where a list goes on: a link as HTML knows it.
NEXT = re.compile(r'<a[^>]*rel="next"[^>]*href="([^"]+)"|<a[^>]*href="([^"]+)"[^>]*rel="next"')

DEEP = 20


def main(options: list[str]) -> None:
    logging.disable(logging.WARNING)
    exercise = Exercise.objects.earliest("pk")

    def play() -> Figures:
        found = measured(exercise, SEAT, ADDRESS, name="queue")
        return found | (deep(exercise) if options == ["deep"] else front(exercise))

    get(signed_in(exercise, SEAT), exercise, SEAT, ADDRESS)
    serve(play)


def deep(exercise: Exercise) -> Figures:
    """Go from page to page and measure the last; nothing, if the list is not cut into pages."""
    client = signed_in(exercise, SEAT)
    address, pages = ADDRESS, 0
    while pages < DEEP:
        page = get(client, exercise, SEAT, address).decode()
        more = NEXT.search(page)
        if more is None:
            break
        link = (more[1] or more[2]).replace("&amp;", "&")
        address, pages = ADDRESS + link[link.index("?") :], pages + 1
    if not pages:
        return {}
    return {"deep page": pages + 1} | measured(exercise, SEAT, address, name="deep")


def front(exercise: Exercise) -> Figures:
    client = signed_in(exercise, SEAT)
    with spent(connection) as took:
        size = len(client.get("/").content)
    return {"front cpu_ms": took.cpu * 1000, "front kB": size / 1000}
