"""What pages show many times over, in tags that are built in: no template loads them.

Icons and moments are tags and not included templates, for a page has a hundred of them.
"""

from __future__ import annotations

from datetime import UTC
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.dateformat import format as formatted
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from casework.fields import echo

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import datetime, tzinfo

    from django.forms import BoundField
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon by its id in `static/icons.svg`: `{% icon "clock" %}`."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}" /></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime | None, *, short: bool = False) -> str:
    """A moment in UTC and, unless `short`, by the clocks of the capitals: `{% moment due.at %}`.

    Nothing where there is none.
    """
    if not at:
        return ""
    clock = None if short else context.get("clock")
    zones = tuple((one.label, one.at_local.tzinfo) for one in clock.zones) if clock else ()
    return _moment(at, zones, get_language())


@register.simple_tag(takes_context=True)
def understood(context: dict[str, Any], field: BoundField) -> str | None:
    """What was understood of an item, such as a moment by the clocks of the capitals.

    Empty where nothing stands in it or it is wrong; None of an item that says nothing of the kind.
    """
    clock = context.get("clock")
    zones = [(one.label, one.at_local.tzinfo) for one in clock.zones] if clock else []
    try:
        return echo(field.field, field.value(), zones)
    except ValidationError:
        return ""


@register.simple_tag
def said(lines: Sequence[str], languages: Sequence[str], tag: str = "span") -> SafeString:
    """What a paper says in each of its languages, marked as such: `{% said row.label in "div" %}`.

    In one line, or each in an element of its own; what is the same in all is marked as none.
    """
    marks = [format_html(' lang="{}"', one) for one in languages] if len(lines) > 1 else [""]
    return format_html_join(
        " / " if tag == "span" else "",
        "<{0}{1}>{2}</{0}>",
        ((tag, mark, line) for mark, line in zip(marks, lines, strict=False)),
    )


@register.simple_tag
def kept(name: str, **values: Hashable) -> str:
    """Include a template that shows nothing but values which never change, rendered once for them.

    `{% kept "_days.html" days=due.days %}`. It sees these values alone, and nothing of the page
    around it: no seat, no clock. So it cannot show to one what another may know. They are compared
    by what they say; a database row, which is compared by its key, is none.
    """
    return _kept(name, get_language(), tuple(values.items()))


@lru_cache(maxsize=500)  # of some kilobytes each, of a drawn route forty
def _kept(name: str, _language: str, values: tuple[tuple[str, Hashable], ...]) -> str:
    return get_template(name).render(dict(values))


@lru_cache(maxsize=5000)  # the moments of some hundred cases
def _moment(at: datetime, zones: tuple[tuple[str, tzinfo], ...], _language: str) -> SafeString:
    utc = at.astimezone(UTC)
    local = [(_local(at.astimezone(zone), utc), label) for label, zone in zones]
    return format_html(
        '<span class="moment"><time datetime="{}">{}Z</time>{}</span>',
        utc.isoformat(),
        formatted(utc, "j M Y H:i"),
        format_html(
            ' <span class="moment-local">({})</span>', format_html_join(", ", "{} {}", local)
        )
        if local
        else "",
    )


def _local(local: datetime, utc: datetime) -> str:
    """Return the time of day, after the day of the week where that is another than in UTC."""
    return formatted(local, "H:i" if local.day == utc.day else "D H:i")
