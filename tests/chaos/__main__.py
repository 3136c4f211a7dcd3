"""`python -m tests.chaos KIND`: break Overflight in many ways, and say what was not right.

Each run prints its seed; the same seed draws the same faults. Exit code 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from importlib import import_module
from pathlib import Path

KINDS = ("faults", "soak", "races", "slow", "tamperings")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--times", type=int, default=100, help="how many faults, races or tries")
    parser.add_argument("--minutes", type=float, default=30, help="how long a soak takes")
    parser.add_argument("--exercises", type=int, default=20, help="how many, in a soak")
    parser.add_argument("--curve", type=Path, default=Path("soak.csv"), help="of a soak's memory")
    told = parser.parse_args()
    sys.stdout.write(f"{told.kind}, seed {told.seed}\n")
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
