"""Pages as a test reads them: their forms, and what differs between any two renderings."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Page

    from exercises.models import Exercise

#: What no two renderings of one page share: keys of forms, real time.
PASSING = re.compile(
    r'name="csrfmiddlewaretoken"\s+value="[^"]*"'
    r'|name="once"\s+value="[^"]*"'
    r'|data-wall-now="[^"]*"'
    r"|<span>\d\d:\d\dZ</span>"
)


@dataclass
class Form:
    """One form of a page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Reads the forms of a page as a browser would send them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.writing = self.choosing = ""
        self.aside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        self.aside += tag == "template"
        if tag == "form":
            self.found.append(Form(had.get("action", "")))
        elif self.found and not self.aside:
            self._read(tag, had, self.found[-1].fields)

    def _read(self, tag: str, had: dict[str, str], fields: dict[str, str]) -> None:
        name, value = had.get("name", ""), had.get("value", "")
        if tag == "textarea":
            self.writing = name
            fields[name] = ""
        elif tag == "select":
            self.choosing = name
        elif tag == "option" and self.choosing:
            if "selected" in had or self.choosing not in fields:
                fields[self.choosing] = value
        elif tag == "input" and (had.get("type") not in ("radio", "checkbox") or "checked" in had):
            fields[name] = value or ("on" if had.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        self.aside -= tag == "template"
        if tag == "textarea":
            self.writing = ""
        elif tag == "select":
            self.choosing = ""

    def handle_data(self, data: str) -> None:
        if self.writing:
            self.found[-1].fields[self.writing] += data.removeprefix("\n")


def signed_in(exercise: Exercise, key: str, **options: Any) -> Client:
    """Return a client of whoever holds the seat `KZ-REGISTRY`."""
    holder = exercise.seats.get(ref=f"seat/{key}").holder
    assert holder is not None
    client = Client(**options)
    client.force_login(holder)
    return client


def body(response: Page) -> str:
    """Return what a page says, with its entities read."""
    return html.unescape(response.getvalue().decode(errors="replace"))


def lasting(response: Page) -> str:
    """Return a page without what changes at every rendering."""
    return PASSING.sub("…", response.getvalue().decode(errors="replace"))


def form_for(response: Page, ending: str) -> Form:
    """Return the form of a page whose address ends like this."""
    reader = _Forms()
    reader.feed(response.content.decode())
    found = [
        form
        for form in reader.found
        if form.action == ending or (len(ending) > 1 and form.action.endswith(ending))
    ]
    assert found, f"no form for {ending} among {[form.action for form in reader.found]}"
    return found[0]
