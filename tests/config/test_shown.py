"""What pages show many times over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from django.template import Context, Template

from casework.dates import ShownDay
from config.context import Zone

NIGHT = datetime(2026, 9, 14, 22, 7, tzinfo=UTC)
ASTANA = Zone("Astana", datetime(2026, 9, 14, tzinfo=timezone(timedelta(hours=5))))
ANKARA = Zone("Ankara", datetime(2026, 9, 14, tzinfo=timezone(timedelta(hours=1))))


def shown(template: str, **values: object) -> str:
    return Template(template).render(Context(values))


def test_a_moment_is_shown_in_utc_and_by_the_clocks_of_the_capitals() -> None:
    clock = SimpleNamespace(zones=(ANKARA, ASTANA))

    assert shown("{% moment at %}", at=NIGHT, clock=clock) == (
        '<span class="moment"><time datetime="2026-09-14T22:07:00+00:00">14 Sep 2026 22:07Z</time> '
        '<span class="moment-local">(23:07 Ankara, Tue 03:07 Astana)</span></span>'
    )


def test_a_short_moment_is_in_utc_alone() -> None:
    clock = SimpleNamespace(zones=(ASTANA,))

    assert "Astana" not in shown("{% moment at short=True %}", at=NIGHT, clock=clock)


@pytest.mark.parametrize("at", [None, ""])
def test_where_there_is_no_moment_none_is_shown(at: object) -> None:
    assert shown("{% moment at %}", at=at) == ""


def test_a_kept_template_sees_nothing_of_the_page_around_it() -> None:
    days = (ShownDay(NIGHT.date(), True, "Kurban Ait"),)

    assert "Kurban Ait" in shown('{% kept "_days.html" days=days %}', days=days)
    assert "Kurban Ait" not in shown('{% kept "_days.html" %}', days=days)


def test_a_kept_template_shows_what_it_is_given_now() -> None:
    for reason in ("Nauryz", "Kurban Ait"):
        days = (ShownDay(NIGHT.date(), False, reason),)

        assert reason in shown('{% kept "_days.html" days=days %}', days=days)
