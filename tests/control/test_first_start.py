"""A first start on a full disk, and a key that is none."""

from __future__ import annotations

import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.simulation import ROOT

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


def test_a_disk_without_room_is_said_and_the_next_start_with_room_goes_on(
    simulate: Callable[..., Simulation], key: Path
) -> None:
    """For the key, then for the database; a copy of a file was left half written."""
    var = key.parent
    for room in (0, 20):
        full = simulate(room=room, **OWN_KEY)
        assert full.rest() == (
            f"CommandError: Cannot write {key} (File too large): make room, or set VAR_DIR.\n"
        )
        assert full.process.wait() == 1
        assert {path.name for path in var.iterdir()} == {"broker", "alive", "lock"}
    for room in (100_000, 600_000):
        assert simulate(room=room, **OWN_KEY).rest() == (
            f"CommandError: The start broke off (disk I/O error): make room in {var}, or mend what"
            " is said here. The next start goes on where this one ended.\n"
        )
    half_a_copy = var / "static" / "overflight.js"
    half_a_copy.parent.mkdir()
    half_a_copy.write_text("// ")

    with_room = simulate(**OWN_KEY)
    address = with_room.until("READY").split()[-1]

    with urllib.request.urlopen(address) as page:  # noqa: S310 - our own
        assert page.status == 200
    assert len(key.read_text()) >= 50
    assert half_a_copy.read_text() == (ROOT / "static" / "overflight.js").read_text()
    static = var / "static"  # no secrets, in a folder that nobody else enters
    for path in {*var.rglob("*")} - {*static.rglob("*")}:
        with suppress(FileNotFoundError):  # a message that was taken
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path

    beside_it = simulate(**OWN_KEY)
    assert beside_it.rest() == (
        f"CommandError: Overflight runs in {var} already (process {with_room.process.pid}):"
        " stop it, or set VAR_DIR.\n"
    )


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
