"""`python -m bench.peers NAME [OPTIONS]`: set Django up, make the tables, then run that module."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django
from django.core.management import call_command


def main(name: str, options: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peers.settings")
    django.setup()
    call_command("migrate", "auth", interactive=False, verbosity=0)
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    import_module(f"bench.peers.{name}").main(options)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
