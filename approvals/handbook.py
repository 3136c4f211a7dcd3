"""The training procedure, clause by clause, with the rules that apply it: open to everybody.

Unlike the calculators it stays open in an exam: it answers no case, it says what every officer is
held to, as the printed handbook on the desk does.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

import rules
from approvals.words import SEVERITY_TONES
from books import sop

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SEARCH_LENGTH = 100


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the clauses that have every word of `q`; the whole procedure without it."""
    sought = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:SEARCH_LENGTH]
    procedure = sop.load()
    found = set(procedure.search(sought))
    applied = _applied()
    chapters = [
        {
            "number": chapter.number,
            "title": chapter.title,
            "clauses": [
                {"clause": clause, "applied": applied[clause.number]}
                for clause in chapter.clauses
                if clause in found
            ],
        }
        for chapter in procedure.chapters
        if found & {*chapter.clauses}
    ]
    return render(
        request,
        "approvals/sop.html",
        {
            "procedure": procedure,
            "chapters": chapters,
            "count": len(found),
            "q": sought,
            "search_length": SEARCH_LENGTH,
            "rule_set": rules.LATEST,
        },
    )


def _applied() -> dict[str, list[dict[str, object]]]:
    """Give the rules of the newest rule set by the number of the clause that they cite."""
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for rule in rules.rule_set(rules.LATEST):
        tone = SEVERITY_TONES[rule.severity]
        found[sop.number_in(rule.clause)].append({"rule": rule, "tone": tone})
    return found
