"""What the others have to do too: the acts of story alpha, as its record tells them, as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from audit.models import Event
from control import stories


def main(options: list[str]) -> None:
    json.dump(moves(), sys.stdout)


def moves() -> list[dict[str, Any]]:
    """Play alpha and return its moves: verb, who, the rows made, the columns changed."""
    exercise = stories.play(stories.load("alpha"))
    events = Event.objects.filter(exercise=exercise).exclude(case="").in_order()
    bodies = [json.loads(event.content) for event in events]
    return [
        {"verb": body["verb"], "by": body["by"]["holder"]}
        | {name: body[name] for name in ("made", "rows")}
        for body in bodies
    ]
