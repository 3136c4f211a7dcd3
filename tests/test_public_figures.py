"""The page that keeps apart what is published and what is chosen for training."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

DOCS = Path(settings.BASE_DIR) / "docs" / "explanation"
PUBLIC = (DOCS / "public-and-training-default.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "Law No. 2429",
        "Constitution Day is 15 March",
        "12 January 2018",
        "within 15 days",
        "5 working days",
        "no groups",
        "Moscow, 7 October 2004",
        "6 July 2009",
        "One shipment may be refused",
        "P2400000736",
        "one article only",
        "2003/110/EC, Art. 4(2)",
        "COM(2025) 847",
    ],
)
def test_a_figure_or_pattern_names_its_source(source: str) -> None:
    assert source in PUBLIC


def test_what_nobody_read_is_said_to_be_unread() -> None:
    rows = [line for line in PUBLIC.splitlines() if line.startswith("|")]
    unread = [row for row in rows if "not read here" in row or "nobody read it here" in row]
    for text in ("P2400000736", "COM(2025) 847", "7 October 2004", "6 July 2009"):
        assert any(text in row for row in unread), text


def test_a_tacit_consent_is_not_denied_where_there_is_one() -> None:
    said = (DOCS / "silence-is-never-consent.md").read_text(encoding="utf-8")
    assert "2003/110/EC" in said
    assert "No regime that was read" not in said
