from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulation import Simulation


@pytest.fixture
def simulate(tmp_path: Path) -> Iterator[Callable[..., Simulation]]:
    started = []

    def start(**options: Any) -> Simulation:
        started.append(Simulation(tmp_path / "var", **options))
        return started[-1]

    yield start
    for simulation in started:
        simulation.close()
