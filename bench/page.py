"""The page of the results: a static file without a script, with charts as inline SVG."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from bench import results, rows

PAGE = results.FOLDER / "index.html"

STYLE = """
:root { color-scheme: light dark; --bar: #3b6ea5; --other: #9aa5b1 }
:root { --good: #2b8a3e; --bad: #c92a2a }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto }
h2 { margin-top: 2.5rem; border-top: 1px solid #8886; padding-top: 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #8883 }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.met { color: var(--good) } .missed { color: var(--bad) } .note { opacity: .75 }
svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: currentColor }
.ours { fill: var(--bar) } .theirs { fill: var(--other) }
"""

BAR, GAP, LEFT, RIGHT, WIDTH = 16, 6, 480, 170, 1080

Entry = dict[str, Any]


def draw() -> None:
    """Write the page from all entries that are kept."""
    results.FOLDER.mkdir(exist_ok=True)
    PAGE.write_text(drawn(results.entries()), "utf-8")


def drawn(entries: list[Entry]) -> str:
    """Return the page of these entries, the oldest first."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width'>",
        f"<title>Overflight: benchmark</title><style>{STYLE}</style>",
        "<h1>Overflight: benchmark</h1>",
        "<p>Medians, with least and most in brackets; CPU time, since machines are shared. Those "
        "who are compared took turns in one run. Bars are logarithmic.</p>",
        *(
            f"<p><b>{escape(one['label'])}</b>: {escape(one['note'])}</p>"
            for one in entries
            if "note" in one
        ),
    ]
    for database in ("sqlite", "postgresql"):
        for row in rows.table(quick=False):
            told = [one for one in entries if row.code in one["rows"].get(database, {})]
            if told:
                parts += _row(row, database, told)
    return "\n".join(parts) + "\n"


def _row(row: rows.Row, database: str, entries: list[Entry]) -> list[str]:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database]
    parts = [f"<h2>{escape(_sized(row, database, entries[-1]).title)}, on {name}</h2>"]
    bars = []
    for number, variant in enumerate(row.variants):
        for entry in entries:
            kept = entry["rows"][database][row.code]["variants"]
            figure = kept.get(variant.code, {}).get(row.shown)
            if figure:
                name = _sized(row, database, entry).variants[number].name
                bars.append((f"{name} · {entry['label']}", figure, variant.is_ours))
    parts += [f"<p class=note>{escape(row.said)}</p>", _chart(bars)]
    parts += _goals(row, database, entries)
    notes = [one for one in row.variants if one.note]
    parts += [f"<p class=note><b>{escape(one.name)}</b>: {escape(one.note)}</p>" for one in notes]
    last = entries[-1]["rows"][database][row.code]
    parts += _figures(last)
    return parts


def _chart(bars: list[tuple[str, dict[str, float], bool]]) -> str:
    """Return a bar for each figure, on one logarithmic scale."""
    values = [figure["median"] for _, figure, _ in bars if figure["median"] > 0]
    if not values:
        return ""
    low, high = math.log10(min(values)) - 0.3, math.log10(max(values)) + 0.05
    room = WIDTH - LEFT - RIGHT
    drawn = []
    for number, (label, figure, is_ours) in enumerate(bars):
        y = number * (BAR + GAP)
        share = (math.log10(max(figure["median"], min(values))) - low) / (high - low)
        width = max(share * room, 1)
        kind = "ours" if is_ours else "theirs"
        drawn += [
            f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{y + 12}">{_spread(figure)}</text>',
        ]
    height = len(bars) * (BAR + GAP)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img">{"".join(drawn)}</svg>'


def _goals(row: rows.Row, database: str, entries: list[Entry]) -> list[str]:
    heads = "".join(f"<th class=n>{escape(entry['label'])}" for entry in entries)
    lines = [f"<table><tr><th>Goal{heads}<th class=n>Must<th class=n>Aim<th>"]
    goals = {goal.text: goal for entry in entries for goal in _sized(row, database, entry).goals}
    for goal in goals.values():
        values = [value_of(goal, row.code, database, entry, entries[0]) for entry in entries]
        if all(value is None for value in values):
            continue
        cells = "".join(f"<td class=n>{_said(value, goal)}" for value in values)
        lines.append(
            f"<tr><td>{escape(goal.text)}{cells}<td class=n>{_said(goal.must, goal)}"
            f"<td class=n>{_said(goal.aim, goal)}<td>{_verdict(goal, values[-1])}"
        )
    return [*lines, "</table>"]


def value_of(goal: rows.Goal, row: str, database: str, entry: Entry, first: Entry) -> float | None:
    """Return what an entry says of a goal; None where it does not."""
    mine = _median(entry, database, row, goal.of)
    if goal.before:
        other = _median(first, database, row, goal.of)
    elif goal.against is None:
        return mine
    else:
        other = _median(entry, database, row, goal.against)
    if mine is None or not other:
        return None
    return mine / other * (100 if goal.unit == "%" else 1)


def _sized(row: rows.Row, database: str, entry: Entry) -> rows.Row:
    """Return the row in the size in which the entry has it."""
    quick = entry["rows"][database][row.code]["quick"]
    return next(one for one in rows.table(quick=quick) if one.code == row.code)


def _median(entry: Entry, database: str, row: str, of: tuple[str, str]) -> float | None:
    variant, figure = of
    kept = entry["rows"].get(database, {}).get(row, {}).get("variants", {})
    found = kept.get(variant, {}).get(figure)
    return found["median"] if found else None


def _verdict(goal: rows.Goal, value: float | None) -> str:
    if value is None or goal.must is None:
        return "reported"
    if not _reaches(value, goal.must, goal):
        return "<span class=missed>not met</span>"
    is_aimed = goal.aim is not None and _reaches(value, goal.aim, goal)
    return f"<span class=met>{'aim met' if is_aimed else 'met'}</span>"


def _reaches(value: float, wanted: float, goal: rows.Goal) -> bool:
    return value <= wanted if goal.at_most else value >= wanted


def _said(value: float | None, goal: rows.Goal) -> str:
    return "" if value is None else f"{_number(value)}{goal.unit}"


def _spread(figure: dict[str, float]) -> str:
    median, least, most = (_number(figure[name]) for name in ("median", "min", "max"))
    return f"{median} ({least}–{most})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _figures(kept: dict[str, Any]) -> list[str]:
    """Return every figure of the last entry, folded away."""
    machine = ", ".join(f"{name} {value}" for name, value in kept["machine"].items())
    lines = [
        f"<details><summary>Every figure of the last entry (commit {escape(kept['commit'])}, "
        f"{escape(machine)})</summary><table>"
        "<tr><th>Variant<th>Figure<th class=n>Median (least–most)"
    ]
    for variant, figures in kept["variants"].items():
        for name, figure in figures.items():
            lines.append(
                f"<tr><td>{escape(variant)}<td>{escape(name)}<td class=n>{_spread(figure)}"
            )
    return [*lines, "</table></details>"]
