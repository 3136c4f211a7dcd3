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


@pytest.mark.parametrize("room", [0, 20])
def test_a_disk_without_room_for_the_key_is_said_and_the_next_start_makes_one(
    simulate: Callable[..., Simulation], key: Path, room: int
) -> None:
    full = simulate(room=room, **OWN_KEY)
    assert full.rest() == (
        f"CommandError: Cannot write {key} (File too large): make room, or set VAR_DIR.\n"
    )
    assert full.process.wait() == 1
    assert {path.name for path in key.parent.iterdir()} == {"broker", "alive", "lock"}
    half_a_copy = key.parent / "static" / "overflight.js"
    half_a_copy.parent.mkdir()
    half_a_copy.write_text("// ")

    with_room = simulate(**OWN_KEY)
    address = with_room.until("READY").split()[-1]

    with urllib.request.urlopen(address) as page:  # noqa: S310 - our own
        assert page.status == 200
    assert len(key.read_text()) >= 50
    assert half_a_copy.read_text() == (ROOT / "static" / "overflight.js").read_text()
    static = key.parent / "static"  # no secrets, in a folder that nobody else enters
    for path in {*key.parent.rglob("*")} - {*static.rglob("*")}:
        with suppress(FileNotFoundError):  # a message that was taken
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_a_database_that_finds_no_room_is_said_and_the_next_start_goes_on(
    simulate: Callable[..., Simulation], tmp_path: Path
) -> None:
    for room in (100_000, 600_000):
        full = simulate(room=room, **OWN_KEY)
        assert full.rest() == (
            f"CommandError: The start broke off (disk I/O error): make room in {tmp_path / 'var'},"
            " or mend what is said here. The next start goes on where this one ended.\n"
        )

    simulate(**OWN_KEY).until("READY")


def test_of_two_starts_in_one_folder_the_second_says_so_whatever_its_port(
    simulate: Callable[..., Simulation], tmp_path: Path
) -> None:
    first = simulate()
    first.until("READY")

    second = simulate()

    assert second.rest() == (
        f"CommandError: Overflight runs in {tmp_path / 'var'} already"
        f" (process {first.process.pid}): stop it, or set VAR_DIR.\n"
    )
    first.process.kill()
    first.rest()
    simulate().until("READY")


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
