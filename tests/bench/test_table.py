"""The table of the benchmark, and the page that shows it."""

import pytest

from bench import page
from bench.rows import table


@pytest.mark.parametrize("quick", [True, False])
def test_every_goal_is_of_variants_of_its_row(quick: bool) -> None:
    for row in table(quick=quick):
        variants = {variant.code for variant in row.variants}
        for goal in row.goals:
            named = {goal.of[0], *(goal.against or ())[:1]}
            assert named <= variants, f"{row.code}: {goal.text}"


def entry(label: str, cpu: float) -> page.Entry:
    def figures(median: float) -> dict[str, dict[str, float]]:
        return {"cpu_ms": {"median": median, "min": median, "max": median, "rounds": 5}}

    kept = {
        "commit": "abc",
        "quick": False,
        "machine": {"processors": 2},
        "variants": {"ours": figures(cpu), "auditlog": figures(2.0)},
    }
    return {"label": label, "rows": {"sqlite": {"lifecycle": kept}}}


def test_the_page_says_from_entry_to_entry_what_is_met() -> None:
    html = page.drawn([entry("before", 10.0), entry("after", 4.0)])

    assert "0.2×<td class=n>0.5×<td class=n>0.4×<td class=n>1×" in html
    assert "<span class=met>met</span>" in html
    assert "Overflight · before" in html
    assert "Overflight · after" in html
    assert "<script" not in html
