"""The files of `deploy/` name what is there."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from control import alive

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


@pytest.mark.parametrize(
    ("fails", "code", "calls"),
    [
        ("migrate", 1, ["check", *["migrate"] * 30]),
        ("check", 1, ["check"]),
        ("nothing", 0, ["check", "migrate", "collectstatic", "check"]),
    ],
)
def test_what_comes_up_late_is_waited_for_and_wrong_settings_are_not(
    fails: str, code: int, calls: list[str], tmp_path: Path
) -> None:
    """The script of the kit beside programs that say only how they were called."""
    for name, body in (
        ("deploy/prepare", (ROOT / "deploy" / "prepare").read_text("utf-8")),
        ("bin/sleep", "#!/bin/sh\n"),
        (".venv/bin/python", f'#!/bin/sh\necho "$2"; [ "$2" != {fails} ]\n'),
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(body)
        (tmp_path / name).chmod(0o755)

    done = subprocess.run(
        [tmp_path / "deploy/prepare"],
        env={"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.split()) == (code, calls)


def test_systemd_is_told_that_a_process_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, address in (
        (f"{tmp_path}/notify", f"{tmp_path}/notify"),
        (f"\0{tmp_path}", f"@{tmp_path}"),
    ):
        monkeypatch.setenv(alive.SOCKET, address)
        alive.sign()  # nobody listens yet
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(name)
            alive.sign()
            assert systemd.recv(64) == b"WATCHDOG=1"


def test_every_unit_runs_with_the_same_rights() -> None:
    units = [path.read_text("utf-8") for path in (ROOT / "deploy" / "systemd").glob("*.service")]
    rights = {unit[unit.index("# What all of these may do") :].split("\n\n")[0] for unit in units}

    assert len(units) == 5
    assert len({block.rstrip() for block in rights}) == 1
