"""Renew what the stories are compared with: their digests, and their records of today's format.

    .venv/bin/python -m tests.renewal

On purpose only, after a change that was wanted: a digest that changed says that something happens
otherwise. Records of older formats are never renewed.
"""

# ruff: noqa: E402

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

import json
from pathlib import Path

from django.db import connection

from audit import chain, exported
from audit.models import Event
from audit.upgrades import FORMAT
from control import stories
from tests import wall

DIGESTS = Path(__file__).parent / "stories" / "digests.json"
RECORDS = Path(__file__).parent / "audit" / "records" / str(FORMAT)


def main() -> None:
    """Play every shipped story once, under a clock that gives the same real times each time."""
    digests = {}
    RECORDS.mkdir(parents=True, exist_ok=True)
    with wall.ticking():
        for name in stories.names():
            exercise = stories.play(stories.load(name))
            digests[name] = chain.digest(Event.objects.filter(exercise=exercise).in_order())
            with (RECORDS / f"{name}.jsonl").open("w", encoding="utf-8") as out:
                out.writelines(exported.export_record(exercise))
    DIGESTS.write_text(json.dumps(digests, indent=2) + "\n")


if __name__ == "__main__":
    connection.creation.create_test_db(verbosity=0)
    try:
        main()
    finally:
        connection.creation.destroy_test_db("", verbosity=0)
