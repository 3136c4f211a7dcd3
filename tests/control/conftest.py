import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulation import ROOT, Simulation


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that has its tables, to be copied: making them takes two seconds."""
    var = tmp_path_factory.mktemp("migrated")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
    )
    return var


@pytest.fixture
def simulate(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Simulation]]:
    """Start it in `var`, with a database that has its tables where there is no such folder yet."""
    started = []

    def start(**options: Any) -> Simulation:
        var = tmp_path / "var"
        if not var.exists():
            shutil.copytree(request.getfixturevalue("migrated"), var)
        started.append(Simulation(var, **options))
        return started[-1]

    yield start
    for simulation in started:
        simulation.close()
