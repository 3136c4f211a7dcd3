"""`manage.py check_form FILE [--at ISO] [--json]`: what the rules find on a form in a file."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from pydantic import AwareDatetime, Field, TypeAdapter
from pydantic import ValidationError as Misshapen

import rules
from audit import acts, restore
from audit.refusals import Refused
from books import agreements
from books.calendars import CalendarRangeError
from books.reading import Record
from control import actions
from control.management.commands.compare_fpl import BAD_INPUT, read_text
from exercises.models import Seat
from transit import preparation
from transit.severity import Severity

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable
    from datetime import datetime

    from rules.book import Finding
    from transit.models import Revision

BLOCKED = 1

MOMENT = TypeAdapter(AwareDatetime)


class Prepared(Record):
    """A form as the act `prepare` of a story has it: who asks which host, and what it says."""

    at: AwareDatetime
    by: str
    host: str
    form: dict[str, Any]
    crossings: list[dict[str, Any]] = Field(default_factory=list)
    goods: list[dict[str, Any]] = Field(default_factory=list)
    do: str = "prepare"


class Command(BaseCommand):
    """Exits with 0 if nothing blocks, 1 if something does, 2 if the file cannot be read."""

    help = "Say what the rules find on a form: the act `prepare` of a story, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="one JSON object; - is standard input")
        parser.add_argument("--at", metavar="ISO", help="checked then, not when it was prepared")
        parser.add_argument("--json", action="store_true", help="print track and findings as JSON")

    def handle(self, *args: Any, file: str, at: str | None, json: bool, **options: Any) -> None:
        form = read(file)
        try:
            moment = MOMENT.validate_python(at) if at else form.at
            with restore.aside():
                revision = prepare(form)
                found = rules.findings(revision, at=moment)
                track = revision.track.code
        except Misshapen as error:
            raise CommandError("--at is no moment in UTC.", returncode=BAD_INPUT) from error
        except ValidationError as error:
            said = "; ".join(f"{name}: {', '.join(said)}" for name, said in faults(error))
            raise CommandError(f"{file}: {said}", returncode=BAD_INPUT) from error
        except (Refused, CalendarRangeError) as error:
            raise CommandError(f"{file}: {error}", returncode=BAD_INPUT) from error
        self.print_findings(track, found, as_json=json)
        if any(one.severity == Severity.BLOCK for one in found):
            raise SystemExit(BLOCKED)

    def print_findings(self, track: str, found: list[Finding], *, as_json: bool) -> None:
        if as_json:
            data = {"track": track, "findings": [as_data(one) for one in found]}
            self.stdout.write(json.dumps(data, ensure_ascii=False))
            return
        self.stdout.write(f"EXERCISE. Track: {track}. Findings: {len(found) or 'none'}.")
        for one in found:
            self.stdout.write(f"{one.code} ({one.severity}): {one.sentence}")


def read(path: str) -> Prepared:
    """Return the form in a file, or on standard input. Raises `CommandError`."""
    text = read_text(path)
    try:
        return Prepared.model_validate(json.loads(text))
    except Misshapen as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "it"
        sentence = f"{path} holds no form: {place}: {first['msg']}."
        raise CommandError(sentence, returncode=BAD_INPUT) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is no JSON: {error}.", returncode=BAD_INPUT) from error


def prepare(form: Prepared) -> Revision:
    """Prepare the request in an exercise of its own, through the verb that planners use.

    Raises `ValidationError` for an item that cannot be, `Refused` where the seat may not.
    """
    states = {form.by.partition("-")[0], form.host}
    codes = [code for code in agreements.codes() if {*code.split("-")} == states]
    if not codes:
        raise ValidationError({"host": f"There is no agreement of {' and '.join(sorted(states))}."})
    at = form.at.replace(microsecond=0)
    exercise = actions.create("Check of a form", at=opened(at), agreement=codes[0])
    seat = Seat.objects.filter(exercise=exercise, ref=f"seat/{form.by}").first()
    if seat is None:
        raise ValidationError({"by": f"There is no seat {form.by}."})
    with acts.act(exercise, at=at, by=seat) as moment:
        flight = preparation.prepare(
            exercise,
            by=seat,
            at=moment,
            host=form.host,
            form=form.form,
            crossings=form.crossings,
            goods=form.goods,
        )
    return flight.latest


def opened(at: datetime) -> datetime:
    """Let the exercise begin on the day before, so that the form is prepared in mid-run."""
    return at - timedelta(days=1)


def faults(error: ValidationError) -> Iterable[tuple[str, list[str]]]:
    if hasattr(error, "error_dict"):
        return error.message_dict.items()
    return [("form", error.messages)]


def as_data(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "key": finding.key,
        "severity": finding.severity,
        "item": finding.facts[0] if finding.facts else "",
        "facts": list(finding.facts),
        "sentence": finding.sentence,
    }
