"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import health


class Command(BaseCommand):
    """Exits with 0 if all is well, 1 if anything is wrong; settings that are say so themselves."""

    help = "Say in sentences what is wrong with this installation, and how to mend it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        settings = health.Finding("settings", "ok", ("They can be read.",))
        ill = []
        for one in chain([settings], health.examine(health.PROBES)):
            for sentence in one.sentences:
                self.stdout.write(f"{one.verdict:5}  {one.name:12}  {sentence}")
            self.stdout.flush()
            if one.verdict == "wrong":
                ill.append(one.name)
        if ill:
            raise CommandError(f"Not well: {', '.join(ill)}.")
