"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import health


class Command(BaseCommand):
    """Exits with 0 if all is well, 1 if anything is wrong; settings that are say so themselves."""

    help = "Say in sentences what is wrong with this installation, and how to mend it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.say("ok", "settings", "They can be read.")
        ill: set[str] = set()
        for name, probe in health.PROBES.items():
            if broken := ill.intersection(health.NEED.get(name, ())):
                self.say("-", name, f"Not asked: first mend {' and '.join(sorted(broken))}.")
                continue
            try:
                self.say("ok", name, health.ask(probe))
            except health.Ill as found:
                ill.add(name)
                for sentence in found.sentences:
                    self.say("wrong", name, sentence)
        if ill:
            raise CommandError(f"Not well: {', '.join(sorted(ill))}.")

    def say(self, finding: str, name: str, sentence: str) -> None:
        self.stdout.write(f"{finding:5}  {name:12}  {sentence}")
