"""A first start on a full disk, and a key that is none."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulation import Simulation

pytestmark = pytest.mark.once

#: Without a key from outside, and without playing the demo.
OWN_KEY = {"SECRET_KEY": "", "DEBUG": "on", "DEMO": "off"}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    (tmp_path / "var").mkdir()
    return tmp_path / "var" / "secret_key"


@pytest.mark.parametrize("room", [0, 20])
def test_a_disk_without_room_for_the_key_is_said_and_the_next_start_makes_one(
    simulate: Callable[..., Simulation], key: Path, room: int
) -> None:
    full = simulate(room=room, **OWN_KEY)
    assert full.rest() == (
        f"CommandError: Cannot write {key} (File too large): make room, or set VAR_DIR.\n"
    )
    assert full.process.wait() == 1
    assert [path.name for path in key.parent.iterdir()] == ["broker"]

    with_room = simulate(**OWN_KEY)
    address = with_room.until("READY").split()[-1]

    with urllib.request.urlopen(address) as page:  # noqa: S310 - our own
        assert page.status == 200
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) >= 50


@pytest.mark.parametrize("held", ["", "half-a-key", "\n"])
def test_a_broken_key_is_refused_in_one_sentence(
    simulate: Callable[..., Simulation], key: Path, held: str
) -> None:
    key.write_text(held)

    refused = simulate(**OWN_KEY)

    assert refused.rest() == (
        f"{key} holds no whole key ({len(held.strip())} characters of at least 50): remove it,"
        " and the next start makes a new one.\n"
    )
    assert refused.process.wait() == 1
    assert key.read_text() == held
