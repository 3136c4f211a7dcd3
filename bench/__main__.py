"""`python -m bench`: run the table, keep what was found, draw the page.

python -m bench --quick                       the small sizes, about five minutes
python -m bench --only jump --database sqlite one row, on one database
python -m bench --page                        draw bench/results/index.html again
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import page, results, rows
from bench.databases import Shelf
from bench.running import ROOT, Bench
from tests.services import postgresql, redis

DATABASES = ("sqlite", "postgresql")


def main(options: list[str]) -> int:
    told = arguments(options)
    table = [row for row in rows.table(quick=told.quick) if not told.only or row.code in told.only]
    failed = 0
    if not told.page:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        entry = results.Entry(told.label, quick=told.quick)
        rounds = told.rounds or (2 if told.quick else 5)
        for database in told.database or DATABASES:
            failed += measure(table, database, entry, rounds=rounds)
    page.draw()
    say(f"See {page.PAGE.relative_to(ROOT)}")
    return min(failed, 1)


def measure(table: list[rows.Row], database: str, entry: results.Entry, *, rounds: int) -> int:
    """Measure the rows on one database, keep what was found, and return how many failed."""
    failed = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="overflight-bench-")))
        folder.chmod(0o755)  # as root, PostgreSQL runs as a user of its own
        place: Path | str = folder
        if database == "postgresql":
            place = stack.enter_context(postgresql(folder))
        broker = stack.enter_context(redis(folder))
        bench = Bench(folder, Shelf(place), broker, say)
        for row in table:
            if database not in row.databases:
                continue
            say(f"{row.title}, on {database}")
            try:
                most = min(rounds, row.most_rounds)
                entry.keep(database, row.code, bench.run(row, rounds=most))
            except RuntimeError as error:
                say(f"  {row.code} failed: {error}")
                failed += 1
    return failed


def arguments(options: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    codes = [row.code for row in rows.table(quick=True)]
    parser.add_argument("--quick", action="store_true", help="small sizes, two rounds")
    parser.add_argument("--only", action="append", choices=codes, help="this row; may be repeated")
    parser.add_argument("--database", action="append", choices=DATABASES, help="on this one only")
    parser.add_argument("--label", default="now", help="the name of the entry; kept ones are dated")
    parser.add_argument("--rounds", type=int, help="rounds of each row, for the middle of them")
    parser.add_argument("--page", action="store_true", help="measure nothing, draw the page again")
    return parser.parse_args(options)


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
