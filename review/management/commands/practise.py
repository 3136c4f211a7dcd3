"""`manage.py practise --desk ROLE`: a sitting that nobody sits, and its marks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from control import actions, practice
from control.management.commands.compare_fpl import BAD_INPUT
from exercises.models import Role
from review import sitting
from review.marks import What
from scenarios import generation

if TYPE_CHECKING:
    from argparse import ArgumentParser

#: The most that one sitting has.
MOST = 100


class Command(BaseCommand):
    """Opens an exercise, plays it to its end, and erases it unless it is to be kept."""

    help = "Play a desk's dossiers with an officer of one habit, and print the marks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--desk", required=True, metavar="ROLE", choices=practice.DESKS)
        parser.add_argument("--seed", type=int, default=1, metavar="N")
        parser.add_argument("--count", type=int, default=5, metavar="K")
        parser.add_argument("--officer", default="perfect", choices=[*sitting.OFFICERS])
        parser.add_argument("--difficulty", type=int, default=2, metavar="1..5")
        parser.add_argument(
            "--clean-share", type=float, default=generation.CLEAN_SHARE, metavar="P"
        )
        parser.add_argument("--keep", action="store_true", help="do not erase the exercise")
        parser.add_argument("--json", action="store_true", help="one object (the default)")

    def handle(
        self,
        *args: Any,
        desk: str,
        seed: int,
        count: int,
        officer: str,
        difficulty: int,
        clean_share: float,
        keep: bool,
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
        cases = practice.dossiers(
            seed, count, desk=Role(desk), difficulty=difficulty, clean_share=clean_share
        )
        exercise, sheet = sitting.play(officer, cases, desk=Role(desk), seed=seed)
        if not keep:
            actions.erase(exercise, by=User.objects.get(username=sitting.HOLDER))
        told = {
            "desk": desk,
            "seed": seed,
            "dossiers": len(sheet.dossiers),
            "hits": sheet.hits,
            "misses": sheet.count(What.MISS),
            "false_alarms": sheet.count(What.FALSE_ALARM),
            "correct_rejections": sheet.count(What.REJECTION),
            "decisions_right": sheet.decisions_right,
            "points": sheet.points,
            "of": sheet.of,
            "digest": sheet.digest,
        }
        self.stdout.write(json.dumps(told))
