"""`python -m tests.chaos [KIND]`: break Overflight in many ways, and say what was not right.

Without a kind: faults and races on both databases, slow clients, tamperings. Each run prints its
seed; the same seed draws the same faults. Exit code 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

KINDS = ("faults", "races", "slow", "tamperings", "soak")

#: What a whole run consists of: the kind, how many, on which databases.
WHOLE = (("faults", 100, 2), ("races", 40, 2), ("slow", 200, 1), ("tamperings", 100, 1))

CHAOS = [sys.executable, "-m", "tests.chaos"]
SERVICES = [sys.executable, "-m", "tests.services"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("kind", choices=KINDS, nargs="?")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--times", type=int, default=100, help="how many faults, races or tries")
    parser.add_argument("--minutes", type=float, default=30, help="how long a soak takes")
    parser.add_argument("--exercises", type=int, default=20, help="how many, in a soak")
    parser.add_argument("--curve", type=Path, default=Path("soak.csv"), help="of a soak's memory")
    told = parser.parse_args()
    return one(told) if told.kind else whole(told.seed)


def whole(seed: str) -> int:
    """Run every kind in a process of its own; those that meet a database, on both."""
    wrong = 0
    for kind, times, databases in WHOLE:
        for command in (CHAOS, [*SERVICES, *CHAOS])[:databases]:
            asked = [*command, kind, "--seed", seed, "--times", str(times)]
            wrong += subprocess.run(asked, check=False).returncode != 0
    return min(1, wrong)


def one(told: argparse.Namespace) -> int:
    """Run one kind in a folder of its own."""
    sys.stdout.write(f"{told.kind}, seed {told.seed}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="overflight-chaos-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": folder,
            "SECRET_KEY": secrets.token_urlsafe(50),
        }
        import django

        django.setup()
        module = import_module(f"tests.chaos.{told.kind}")
        wrong: int = module.run(told)
        return min(1, wrong)


if __name__ == "__main__":
    sys.exit(main())
