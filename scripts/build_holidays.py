"""Build books/data/calendars/2026.2/holidays.csv again from python-holidays.

    VENV=scripts/.venv scripts/venv scripts/requirements.txt
    scripts/.venv/bin/python scripts/build_holidays.py > holidays.csv

Calendar 2026.3 has more, put in by hand from the sources that its README names: administrative
leave, and the days of the two fictional states.
"""

import csv
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from holidays import HALF_DAY, country_holidays

STATES = ("TR", "KZ", "AZ", "GE", "UZ", "TJ", "KG", "AM", "TM")
YEARS = range(2024, 2029)

ESTIMATED = "date estimated from the lunar calendar"
GIVEN = "weekday given for a holiday on a weekend or overlapping another"
HALF = "free from 13:00 local; counted as a working day by the training default"


class Row(NamedTuple):
    date: date
    weekday: str
    state: str
    name: str
    kind: str
    note: str = ""


def rows(state: str) -> Iterator[Row]:
    """Yield the rows of one state: what the library marks in a name becomes kind and note."""
    for day, said in country_holidays(state, years=YEARS, language="en_US").items():
        moved = re.search(r"substituted from (\d\d/\d\d/\d{4})", said)
        if moved:
            source = datetime.strptime(moved[1], "%m/%d/%Y").date()  # noqa: DTZ007 - a day
            yield row(
                day,
                state,
                "Day off (swapped)",
                "substituted_day_off",
                f"day off moved from {source}",
            )
            if source.year in YEARS:
                yield row(
                    source,
                    state,
                    "Working day (swapped)",
                    "working_day",
                    f"worked in exchange for {day}",
                )
            continue
        is_observed, is_estimated = "observed" in said, "estimated" in said
        name = re.sub(r" \((?:observed|estimated|observed, estimated)\)", "", said)
        notes = [GIVEN] * is_observed + [ESTIMATED] * is_estimated
        yield row(day, state, name, "observed" if is_observed else "public", "; ".join(notes))
    if state == "TR":
        halves = country_holidays(state, years=YEARS, language="en_US", categories=(HALF_DAY,))
        for day, said in halves.items():
            name = re.sub(r" \(from 1pm.*?\)", " (eve)", said)
            yield row(day, state, name, "half_day", HALF)


def row(day: date, state: str, name: str, kind: str, note: str) -> Row:
    return Row(day, f"{day:%a}", state, name, kind, note)


def main() -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(Row._fields)
    for state in STATES:
        out.writerows(sorted(rows(state)))


if __name__ == "__main__":
    main()
