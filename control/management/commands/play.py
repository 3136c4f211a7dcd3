"""`manage.py play STORY [--json]`: play a scripted story into a new exercise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from books.reading import BadFile
from control import stories

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime


class Command(BaseCommand):
    """Play a story through the product's own verbs and timeline."""

    help = "Play a scripted story into a new exercise and say how it ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("story", help=f"one of: {', '.join(stories.names())}; or a file")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, story: str, json: bool, **options: Any) -> None:
        try:
            script = stories.load(story)
            exercise = stories.play(script, tell=self.progress)
        except (stories.UnknownStory, BadFile) as error:
            raise CommandError(str(error), returncode=2) from error
        self.print_outcome(stories.outcome(exercise, script), as_json=json)

    def progress(self, at: datetime, text: str) -> None:
        """Show each act while it is played, where a person watches."""
        if self.stderr.isatty():
            self.stderr.write(f"{at:%d %b %Y %H:%MZ}  {text}")

    def print_outcome(self, outcome: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        self.stdout.write(
            f"EXERCISE {outcome['exercise']}, story {outcome['story']}: "
            f"{outcome['events']} events, record "
            f"{'intact' if outcome['audit_ok'] else 'BROKEN'}, digest {outcome['digest'][:16]}"
        )
        for flight in outcome["flights"]:
            self.stdout.write(f"{flight['reference']}: {flight['label']}")
