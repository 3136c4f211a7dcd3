"""The files of `deploy/` name what is there."""

import os
import re
import subprocess
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


def test_the_command_runs_where_one_stands_and_as_the_owner_where_that_is_needed(
    tmp_path: Path,
) -> None:
    """In a folder that stands for the machine, without what only root may do."""
    command = tmp_path / "overflight"
    text = (ROOT / "deploy" / "overflight").read_text("utf-8")
    command.write_text(re.sub(r"/(?=(?:etc|opt)/overflight)", f"{tmp_path}/", text))
    for name, body in (
        ("bin/runuser", 'shift 3; exec "$@"'),
        ("opt/overflight/.venv/bin/python", 'shift; echo "$DATABASE_URL $PWD $@"'),
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "etc/overflight").mkdir(parents=True)
    (tmp_path / "etc/overflight/overflight.env").write_text("DATABASE_URL='the role'\n")

    def run(*arguments: str) -> str:
        environ = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
        argv = ["sh", str(command), *arguments]
        return subprocess.run(
            argv, env=environ, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    assert run("migrate") == f"the role {tmp_path} migrate\n"
    (tmp_path / "etc/overflight/owner.env").write_text("DATABASE_URL='the owner'\n")
    assert run("export_record", "2", "a.jsonl") == f"the role {tmp_path} export_record 2 a.jsonl\n"
    for verb in ("migrate", "restore", "harden_database"):
        assert run(verb) == f"the owner {tmp_path} {verb}\n"


def test_every_unit_runs_with_the_same_rights() -> None:
    units = [path.read_text("utf-8") for path in (ROOT / "deploy" / "systemd").glob("*.service")]
    rights = {unit[unit.index("# What all of these may do") :].split("\n\n")[0] for unit in units}

    assert len(units) == 5
    assert len({block.rstrip() for block in rights}) == 1
