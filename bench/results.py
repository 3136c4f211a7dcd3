"""What was found, kept as JSON: one file an entry, in bench/results/."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from bench.running import Found

FOLDER = Path(__file__).parent / "results"


class Entry:
    """One entry: a label, the machine, and the figures of each row; a row run again is replaced."""

    def __init__(self, label: str, *, quick: bool) -> None:
        self.label, self.quick = label, quick
        self.path = FOLDER / f"{label}.json"

    def keep(self, database: str, row: str, found: Found) -> None:
        """Keep the figures of one row, with the commit and the machine that they are of."""
        about = {"commit": commit(), "quick": self.quick, "machine": machine()}
        FOLDER.mkdir(exist_ok=True)
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        told: dict[str, Any] = {"label": self.label, "begun": begun, "rows": {}}
        if self.path.exists():
            told = json.loads(self.path.read_text("utf-8"))
        told["rows"].setdefault(database, {})[row] = about | {"variants": found}
        self.path.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", "utf-8")


def entries() -> list[dict[str, Any]]:
    """Return the entries in the order in which they were begun."""
    kept = [json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")]
    return sorted(kept, key=lambda entry: str(entry["begun"]))


def commit() -> str:
    """Return the commit that was measured; a `+` says that more was changed."""
    told = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(told, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def machine() -> dict[str, Any]:
    """Return what the figures depend on, and nothing that names the machine."""
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
    }
