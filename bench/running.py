"""Running rows: templates made once, a worker for each variant, rounds in turn."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import databases

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.measuring import Figures
    from bench.rows import Input, Row, Variant

ROOT = Path(__file__).parents[1]
OURS = sys.executable
THEIRS = str(ROOT / "bench" / ".venv" / "bin" / "python")

#: A row whose rounds took so long ends after the fewest rounds that still have a middle.
PATIENCE_SECONDS = 150
FEWEST = 2

#: By row, variant and figure: median, least, most, and from how many rounds.
Found = dict[str, dict[str, dict[str, float]]]


@dataclass
class Bench:
    """One run: where its databases and files are, and what it made already."""

    folder: Path
    shelf: databases.Shelf
    broker: str
    say: Callable[[str], None]
    made: dict[str, str] = field(default_factory=dict)

    def run(self, row: Row, *, rounds: int) -> Found:
        """Run one row and return its figures by variant."""
        with ExitStack() as stack:
            workers = {}
            for variant in row.variants:
                self.say(f"  {row.code}: setting up {variant.name}")
                workers[variant.code] = stack.enter_context(self.worker(row, variant))
            samples: dict[str, list[Figures]] = {code: [] for code in workers}
            started = time.monotonic()
            for number in range(rounds):
                for code, worker in workers.items():
                    samples[code].append(worker.round())
                passed = time.monotonic() - started
                self.say(f"  {row.code}: round {number + 1} of {rounds}, {passed:.0f} s")
                if number + 1 >= min(FEWEST, rounds) and passed > PATIENCE_SECONDS:
                    break
        return {code: summary(found) for code, found in samples.items()}

    def worker(self, row: Row, variant: Variant) -> Worker:
        env = self.env(f"{row.code}_{variant.code}")
        if variant.template is not None:
            template = self.template(variant.template)
            databases.copy(template, env["DATABASE_URL"])
            env["TEMPLATE_URL"] = template
        elif variant.needs_database:
            self.shelf.make(_name(f"{row.code}_{variant.code}"))
        inputs = [str(self.input(one)) for one in variant.inputs]
        module, *options = variant.command
        package = "bench.peers" if variant.peer else "bench.ours"
        python = THEIRS if variant.peer else OURS
        env["PEER"] = variant.peer
        return Worker([python, "-m", package, module, *options, *inputs], env)

    def env(self, name: str) -> dict[str, str]:
        """Return what a process needs to know: its database, and a folder of the run's own."""
        return os.environ | {
            "DATABASE_URL": self.shelf.url(_name(name)),
            "VAR_DIR": str(self.folder / "var"),
            "BROKER_URL": self.broker,
            "ALLOWED_HOSTS": "testserver,127.0.0.1",
            "DEMO": "on",
            # sessions of one process hold in another
            "SECRET_KEY": "for-the-benchmark-alone-and-for-nothing-else-whatsoever",
            "PYTHONPATH": str(ROOT),
        }

    def template(self, options: tuple[str, ...]) -> str:
        """Return the address of a database populated with these options, made once in a run."""
        key = " ".join(options)
        empty = self.template(()) if options else ""
        if key not in self.made:
            name = f"populated{len(self.made)}"
            url, env = self.shelf.url(name), self.env(name)
            if options:
                self.say(f"  populating: {key}")
                databases.copy(empty, url)
                for call in key.split(" + "):
                    self.do([OURS, "-m", "bench.populate", *call.split()], env)
            else:
                self.shelf.make(name)
                self.do([OURS, "manage.py", "migrate", "-v0"], env)
                self.do([OURS, "manage.py", "collectstatic", "--noinput", "-v0"], env)
            self.made[key] = url
        return self.made[key]

    def input(self, needed: Input) -> Path:
        """Return a file with what a command of ours wrote, made once in a run."""
        path = self.folder / f"{needed.name}.json"
        if not path.exists():
            env = self.env(needed.name)
            databases.copy(self.template(needed.template), env["DATABASE_URL"])
            path.write_bytes(self.do([OURS, "-m", "bench.ours", *needed.command], env))
        return path

    def do(self, command: list[str], env: dict[str, str]) -> bytes:
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
        return done.stdout


class Worker:
    """One process that does a round whenever it is asked to."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.command = command
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Worker:
        self.answer()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def round(self) -> Figures:
        assert self.process.stdin  # noqa: S101 - a pipe was asked for
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        found: Figures = self.answer()
        return found

    def answer(self) -> Any:
        assert self.process.stdout  # noqa: S101 - a pipe was asked for
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self.command)} ended: see above.")
        return json.loads(line)


def summary(samples: list[Figures]) -> dict[str, dict[str, float]]:
    """Return median, least and most of each figure."""
    return {
        name: {
            "median": statistics.median(values),
            "min": min(values),
            "max": max(values),
            "rounds": len(values),
        }
        for name in samples[0]
        for values in [[sample[name] for sample in samples]]
    }


def _name(text: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in text.lower())
