"""`manage.py compare_fpl --authorization FILE [FPL-FILE or -] [--filed FPL-FILE] [--json]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from airspace import flight_plan, messages
from airspace.flight_plan import PlanError
from transit import plan_check
from transit.plan_check import Cleared

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from transit.plan_check import Discrepancy

BAD_INPUT = 2


class Command(BaseCommand):
    """Exits with 0 if the plan could be compared, whatever was found, and with 2 if not."""

    help = "Compare a flight plan, or a message about one, with an authorization."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--authorization",
            required=True,
            metavar="FILE",
            help="the authorization, one JSON object",
        )
        parser.add_argument(
            "plan",
            nargs="?",
            default="-",
            metavar="FPL-FILE",
            help="the message; standard input if it is - or not given",
        )
        parser.add_argument(
            "--filed",
            default="",
            metavar="FPL-FILE",
            help="the plan as filed, which a CHG, DLA, CNL, DEP or ARR message is about",
        )
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(
        self,
        *args: Any,
        authorization: str,
        plan: str,
        json: bool,
        filed: str = "",
        **options: Any,
    ) -> None:
        cleared = read_authorization(authorization)
        try:
            found = compared(read_text(plan), cleared, read_text(filed) if filed else "")
        except PlanError as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        self.print_findings(found, as_json=json)

    def print_findings(self, found: list[Discrepancy], *, as_json: bool) -> None:
        codes = [discrepancy.code for discrepancy in found]
        if as_json:
            findings = [as_data(discrepancy) for discrepancy in found]
            self.stdout.write(json.dumps({"codes": codes, "findings": findings}))
            return
        self.stdout.write(f"codes: {', '.join(codes) or 'none'}")
        for discrepancy in found:
            self.stdout.write(
                f"{discrepancy.code} ({discrepancy.severity}): {discrepancy.meaning}. "
                f"Filed: {discrepancy.filed or 'nothing'}. "
                f"Authorized: {discrepancy.authorized or 'nothing'}."
            )


def compared(text: str, cleared: Cleared, filed: str) -> list[Discrepancy]:
    """Compare a plan, or what a message about one leaves of it."""
    if messages.kind_of(text) not in messages.KINDS:
        return plan_check.compare(flight_plan.read(text), cleared)
    before = flight_plan.read(filed) if filed else None
    return plan_check.compare_message(messages.read(text), cleared, filed=before)


def as_data(discrepancy: Discrepancy) -> dict[str, Any]:
    return {
        "code": discrepancy.code,
        "severity": discrepancy.severity,
        "meaning": discrepancy.meaning,
        "item": str(discrepancy.item),
        "filed": discrepancy.filed,
        "authorized": discrepancy.authorized,
    }


def read_authorization(path: str) -> Cleared:
    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is no JSON: {error}.", returncode=BAD_INPUT) from error
    if not isinstance(data, dict):
        raise CommandError(f"{path} holds no authorization object.", returncode=BAD_INPUT)
    try:
        return Cleared.from_dict(data)
    except ValueError as error:
        raise CommandError(f"{path}: {error}", returncode=BAD_INPUT) from error


def read_text(path: str) -> str:
    """Return the text of a file, or of standard input for `-`."""
    if not path or "\0" in path:
        raise CommandError(f"{path!r} is no name of a file.", returncode=BAD_INPUT)
    if path == "-" and sys.stdin is None:
        raise CommandError("Standard input is closed.", returncode=BAD_INPUT)
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(
            f"{path} cannot be read: {error.strerror}.", returncode=BAD_INPUT
        ) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is no text.", returncode=BAD_INPUT) from error
