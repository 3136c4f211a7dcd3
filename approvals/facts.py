"""What an officer can point at: items of the form and its tables, items of the flight plan."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from transit import plan_check
from transit.drafting import CROSSING_ITEMS, GOOD_ITEMS
from transit.form import ITEMS, label_of
from transit.models import Crossing, DangerousGood

#: The tables of the form: how a fact names one, its rows, its columns.
TABLES = (
    ("crossings", Crossing, CROSSING_ITEMS),
    ("goods", DangerousGood, GOOD_ITEMS),
)


def to_mark(of_plan: bool) -> dict[str, str]:
    """Return the facts of a form, or of a flight plan, by code, in words."""
    return (_of_plan if of_plan else _of_form)(get_language())


@cache
def _of_form(language: str) -> dict[str, str]:
    found = {name: label_of(name) for name in ITEMS}
    for table, model, columns in TABLES:
        called = _("crossings") if table == "crossings" else _("dangerous goods")
        for column in columns:
            label = model._meta.get_field(column).verbose_name  # type: ignore[union-attr]
            found[f"{table}.{column}"] = f"{called}: {label}"
    return found


@cache
def _of_plan(language: str) -> dict[str, str]:
    codes = {fact for kind in plan_check.kinds("2").values() for fact in kind.facts}
    in_order = sorted(codes, key=lambda one: (int(one.partition("/")[0]), one))
    return {one: _("item %(item)s") % {"item": one} for one in in_order}
