"""The files of `deploy/` name what is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_example_of_settings_names_variables_that_are_read() -> None:
    example = (ROOT / "deploy" / ".env.example").read_text("utf-8")
    reference = (ROOT / "docs" / "reference" / "environment.md").read_text("utf-8")

    for name in re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE):
        assert f"| `{name}` |" in reference


def test_shell_and_systemd_read_the_example_alike() -> None:
    example = (ROOT / "deploy" / ".env.example").read_text("utf-8")

    for line in example.splitlines():
        assert not line or line.startswith("# ") or re.fullmatch(r"#?[A-Z_]+='[^']*'", line)


def test_every_unit_runs_with_the_same_rights() -> None:
    units = [path.read_text("utf-8") for path in (ROOT / "deploy" / "systemd").glob("*.service")]
    rights = {unit[unit.index("# What all of these may do") :].split("\n\n")[0] for unit in units}

    assert len(units) == 5
    assert len({block.rstrip() for block in rights}) == 1
