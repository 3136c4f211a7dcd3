"""`python -m bench.ours NAME [OPTIONS]`: set Django up, then run the module of that name."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django
from django.db import connections


def main(name: str, options: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import_module(f"bench.ours.{name}").main(options)
    connections.close_all()  # so that SQLite leaves nothing beside its file, which is copied


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
