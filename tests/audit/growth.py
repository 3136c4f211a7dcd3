"""What would become of all records if every recorded model got one more column?

A process of its own, for a model does not shrink again: prints the digests of the stories as they
are played then, and what is wrong with each record ever kept when it is taken in.
"""

# ruff: noqa: E402

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

import json
import sys
from pathlib import Path

from django.db import connection, models

from audit import chain, exported, replay, verification
from audit.models import Event
from control import actions, stories
from exercises.models import Exercise

RECORDS = Path(__file__).parent / "records"


def grow() -> None:
    """Give every recorded model columns of several kinds, each with a default."""
    recorded: list[type[models.Model]] = [Exercise, *replay.row_models()]
    for model in recorded:
        models.CharField(max_length=20, default="calm").contribute_to_class(model, "weather")
        models.JSONField(default=list, blank=True).contribute_to_class(model, "birds")
        models.DateTimeField(null=True, blank=True).contribute_to_class(model, "seen_at")


def digest(name: str) -> str:
    exercise = stories.play(stories.load(name))
    assert exercise.columns()["weather"] == "calm"
    return chain.digest(Event.objects.filter(exercise=exercise).in_order())


def faults(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return verification.faults(actions.import_record(exported.read(lines)))


if __name__ == "__main__":
    grow()
    connection.settings_dict["TEST"]["MIGRATE"] = False  # tables of the models as they are now
    connection.creation.create_test_db(verbosity=0)
    try:
        told = {
            "digests": {name: digest(name) for name in stories.names()},
            "faults": {str(path): faults(path) for path in sorted(RECORDS.glob("*/*.jsonl"))},
        }
    finally:
        connection.creation.destroy_test_db("", verbosity=0)
    json.dump(told, sys.stdout)
