"""A short selection of `make chaos`: a few faults and races on each database."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation import ROOT

CHAOS = [sys.executable, "-m", "tests.chaos"]
SERVICES = [sys.executable, "-m", "tests.services"]  # of their own: they are killed

LARGE = [*SERVICES, *CHAOS]


@pytest.mark.parametrize(
    ("command", "kind", "times"),
    [
        pytest.param(CHAOS, "faults", 3, id="faults on sqlite"),
        pytest.param(LARGE, "faults", 5, id="faults on postgresql", marks=pytest.mark.services),
        pytest.param(LARGE, "races", 4, id="races on postgresql", marks=pytest.mark.services),
    ],
)
def test_nothing_is_lost_or_doubled(command: list[str], kind: str, times: int) -> None:
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    asked = [*command, kind, "--seed", "1", "--times", str(times)]
    done = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
