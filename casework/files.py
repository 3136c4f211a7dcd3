"""Files that leave a page: each says in its name and in its content that it is of an exercise.

What stands in them is for their makers to choose, as they choose what stands on a page.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import category

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)

#: The word by which people and programs know what is not real; the same in every language.
MARK = "EXERCISE"

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "ics": "text/calendar; charset=utf-8",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}

#: With these a spreadsheet takes a cell for a formula, in Latin letters or in wide ones.
FORMULA = tuple("=+-@＝＋－＠\t\r\n")

#: A line of a calendar has at most so many octets (RFC 5545, 3.1).
OCTETS = 75


def marked(what: str) -> str:
    """Say what a file is, after the mark."""
    said = _("training only: no real flight, person or clearance")
    return f"{MARK}, {said}. {what}".strip()


def attached(content: str | bytes, name: str) -> HttpResponse:
    """Answer with a file to be kept, named after the mark; its ending says what it is."""
    return _named(HttpResponse(content.encode() if isinstance(content, str) else content), name)


def streamed(parts: Iterable[str], name: str) -> StreamingHttpResponse:
    """Answer with the same part by part, as it is made."""
    return _named(StreamingHttpResponse(part.encode() for part in parts), name)


def _named(answer: Answer, name: str) -> Answer:
    answer["Content-Type"] = TYPES[name.rpartition(".")[2]]
    answer["Content-Disposition"] = content_disposition_header(True, f"{MARK}-{name}")
    return answer


def as_json(what: str, content: dict[str, Any]) -> str:
    """Return one object that begins with the mark."""
    said = {"mark": MARK, "about": marked(what), **content}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give a table line by line; its first column is the mark, for spreadsheets too.

    It begins with a byte order mark, or Excel reads other letters than were written; a text that a
    spreadsheet would take for a formula has an apostrophe before it.
    """
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    table = csv.writer(out)
    head: list[object] = ["mark", *columns]
    for row in chain([head], ([MARK, *map(harmless, row)] for row in rows)):
        table.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and (cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)):
        return f"'{cell}"
    return cell


def flat(content: object, way: str = "") -> Iterator[tuple[str, object]]:
    """Give what a JSON object says value by value, each with its way: `crossings.1.state`.

    Numbered from 1, as people count.
    """
    if isinstance(content, dict):
        parts: Iterable[tuple[object, object]] = content.items()
    elif isinstance(content, list):
        parts = enumerate(content, 1)
    else:
        yield way, "" if content is None else content
        return
    for name, value in parts:
        yield from flat(value, f"{way}.{name}".removeprefix("."))


@dataclass(frozen=True)
class Date:
    """A date in a calendar; `key` stays the same however the date moves."""

    key: str
    at: datetime
    title: str
    text: str = ""


def as_calendar(what: str, dates: Iterable[Date], *, exercise: int, at: datetime, age: int) -> str:
    """Return dates as a calendar (RFC 5545), in UTC, as they stand at a moment of the exercise.

    `age`, in minutes since the exercise opened, tells a calendar which of two is the newer. The
    names of the dates end in a domain that cannot be (RFC 2606).
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Overflight//{MARK}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(f'{MARK}: {what}')}",
        f"X-WR-CALDESC:{_escaped(marked(what))}",
    ]
    for date in dates:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{date.key}@exercise-{exercise}.overflight.invalid",
            f"DTSTAMP:{_stamp(at)}",
            f"SEQUENCE:{age}",
            f"DTSTART:{_stamp(date.at)}",
            f"SUMMARY:{_escaped(f'{MARK}: {date.title}')}",
            f"DESCRIPTION:{_escaped(marked(date.text))}",
            f"CATEGORIES:{MARK}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """Return a text as RFC 5545, 3.3.11 spells it, without characters that control."""
    for plain, spelt in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\n", "\\n")):
        text = text.replace(plain, spelt)
    return "".join(letter for letter in text if category(letter) != "Cc")


def _folded(line: str) -> str:
    """Break a long line, between letters and not within one."""
    parts, octets = [""], 0
    for letter in line:
        width = len(letter.encode())
        if octets + width > OCTETS:
            parts.append(" ")
            octets = 1
        parts[-1] += letter
        octets += width
    return "\r\n".join(parts)
