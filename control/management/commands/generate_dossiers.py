"""`manage.py generate_dossiers --seed N --count K`: prepared cases with their keys, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from control.management.commands.compare_fpl import BAD_INPUT
from exercises.models import Role
from scenarios import generation

if TYPE_CHECKING:
    from argparse import ArgumentParser

#: The most that one call makes: a season.
MOST = 100_000


class Command(BaseCommand):
    """Touches no database; the same options print the same bytes on every machine."""

    help = "Print dossiers for practice, what is wrong in them and what is to be done, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, required=True, metavar="N", help="a whole number")
        parser.add_argument("--count", type=int, default=1, metavar="K", help="how many")
        parser.add_argument(
            "--difficulty", type=int, default=2, metavar="1..5", help="of the hardest defect"
        )
        parser.add_argument(
            "--desk", metavar="ROLE", help="whose matter the first defect is, such as SECURITY"
        )
        parser.add_argument(
            "--clean-share",
            type=float,
            default=generation.CLEAN_SHARE,
            metavar="P",
            help="how many have no defect, from 0 to 1",
        )
        parser.add_argument("--json", action="store_true", help="a list of objects (the default)")

    def handle(
        self,
        *args: Any,
        seed: int,
        count: int,
        difficulty: int,
        desk: str | None,
        clean_share: float,
        **options: Any,
    ) -> None:
        if not 1 <= count <= MOST:
            raise CommandError(f"--count is from 1 to {MOST}, not {count}.", returncode=BAD_INPUT)
        if difficulty not in generation.DEFECTS:
            raise CommandError(
                f"--difficulty is from 1 to 5, not {difficulty}.", returncode=BAD_INPUT
            )
        if not 0 <= clean_share <= 1:
            raise CommandError(
                f"--clean-share is from 0 to 1, not {clean_share}.", returncode=BAD_INPUT
            )
        cases = generation.generate(
            seed, count, difficulty=difficulty, desk=_desk(desk), clean_share=clean_share
        )
        self.stdout.write(json.dumps([one.as_data() for one in cases], ensure_ascii=False))


def _desk(code: str | None) -> Role | None:
    """Return the role of a code; None where none is asked for. Raises `CommandError`."""
    if code is None:
        return None
    if code not in generation.DESKS:
        known = ", ".join(generation.DESKS)
        raise CommandError(
            f"--desk: there are no dossiers for {code}; there are for {known}.",
            returncode=BAD_INPUT,
        )
    return Role(code)
