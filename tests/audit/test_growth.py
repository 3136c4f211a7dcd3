"""A model may grow: a new column changes no digest and no record that was ever kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.once
def test_a_new_column_on_every_recorded_model_changes_nothing_that_was_told() -> None:
    fresh = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "VAR_DIR")
    }
    run = subprocess.run(
        [sys.executable, "-m", "tests.audit.growth"],
        cwd=TESTS.parent,
        env=fresh,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["digests"] == json.loads((TESTS / "stories" / "digests.json").read_text())
    assert len(told["faults"]) == len(list(TESTS.glob("audit/records/*/*.jsonl")))
    assert [faults for faults in told["faults"].values() if faults] == []
