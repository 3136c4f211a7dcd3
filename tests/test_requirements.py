"""What is installed: locked to the file, whatever the Python, and from wherever one fetches it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ASKED = [
    *("requirements.in", "requirements-papers.in", "requirements-dev.in"),
    *("bench/requirements.in", "scripts/requirements.in"),
]


def locked(path: Path) -> dict[str, str]:
    """Return what is locked: `name==version` with its hashes, by its name."""
    entries = re.findall(r"^(?=\w)(?:.*\\\n)*.*$", path.read_text("utf-8"), re.MULTILINE)
    return {entry.partition("==")[0]: entry for entry in entries}


def name_and_version(line: str) -> tuple[str, str]:
    name, _, version = line.split("#")[0].strip().partition("==")
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower(), version


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_for_is_locked_as_asked(asked: str) -> None:
    """`make lock` was not forgotten."""
    entries = locked(ROOT / asked.replace(".in", ".txt"))

    for line in (ROOT / asked).read_text("utf-8").splitlines():
        if line and line[0] not in "#-":
            name, version = name_and_version(line)
            assert re.match(rf"{re.escape(name)}=={re.escape(version)}[ ;]", entries[name])


@pytest.mark.parametrize("asked", ASKED)
def test_every_package_has_its_hashes_and_no_host_is_named(asked: str) -> None:
    path = ROOT / asked.replace(".in", ".txt")

    assert all("--hash=sha256:" in entry for entry in locked(path).values())
    assert "://" not in path.read_text("utf-8")


def test_a_folder_of_wheels_fits_every_patch_level() -> None:
    """Nothing that runs is asked for by some patch levels alone: whoever fetches has all of it."""
    assert "python_full_version" not in (ROOT / "requirements.txt").read_text("utf-8")


def test_tests_run_on_what_runs() -> None:
    everything = locked(ROOT / "requirements-dev.txt")

    for name, entry in locked(ROOT / "requirements.txt").items():
        assert everything[name].splitlines()[0] == entry.splitlines()[0]
