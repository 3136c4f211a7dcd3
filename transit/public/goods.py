"""The table of dangerous goods, to look things up in: open to everybody, without a seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from books import goods

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

#: No name of the table is longer than a search need be; more rows than that nobody reads.
SEARCH_LENGTH = 100
ROWS_SHOWN = 50


@require_safe
@vary_on_headers("HX-Request")
def page(request: HttpRequest) -> HttpResponse:
    """Search by number or name; a request of htmx gets the table of what was found alone."""
    sought = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:SEARCH_LENGTH]
    found = goods.search(sought, limit=ROWS_SHOWN + 1)
    is_part = "HX-Request" in request.headers
    return render(
        request,
        "transit/_goods_found.html" if is_part else "transit/goods.html",
        {
            "q": sought,
            "found": found[:ROWS_SHOWN],
            "are_more": len(found) > ROWS_SHOWN,
            "search_length": SEARCH_LENGTH,
        },
    )
