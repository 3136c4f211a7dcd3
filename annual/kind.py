"""The annual clearance as a kind of case: its verbs, its work, its words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from annual import actions, pages, papers, work
from annual.models import AnnualClearance, Opinion
from casework.kinds import Kind

KIND = Kind(
    model=AnnualClearance,
    address="annual",
    verbs=(actions,),
    page=pages.page,
    work=work.WORK,
    paper=papers.paper,
    words={
        "year": lambda year, agreement: _("For %(year)s") % {"year": year},
        "answer": lambda code, agreement: str(Opinion(code).label),
    },
)
