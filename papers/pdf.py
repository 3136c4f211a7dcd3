"""A paper as PDF, set by typst, which need not be installed.

The same paper in the same languages with the same address gives the same bytes: no date of making,
and only the fonts that typst brings along.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import segno

from papers.wording import worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papers.paper import Paper
    from papers.phrases import Language

if find_spec("typst"):
    import typst

TEMPLATE = Path(__file__).parent / "paper.typ"


def can_be_made() -> bool:
    """Say whether PDFs can be made here."""
    return find_spec("typst") is not None


def pdf(paper: Paper, languages: Sequence[Language], *, address: str = "") -> bytes:
    """Return a paper as PDF. `address` is where the register says what it is."""
    [made] = pages(paper, languages, address=address, kind="pdf")
    return made


def pages(
    paper: Paper,
    languages: Sequence[Language],
    *,
    address: str = "",
    kind: Literal["pdf", "svg", "png"] = "png",
) -> list[bytes]:
    """Return a paper page by page as pictures, or all of it as one PDF."""
    drawn = segno.make(address, error="m").svg_inline(light="#fff") if address else ""
    leaf = {**asdict(worded(paper, languages)), "qr": drawn, "address": address}
    made = typst.compile(
        TEMPLATE,
        format=kind,
        ignore_system_fonts=True,
        sys_inputs={"leaf": json.dumps(leaf)},
        timestamp=0,
    )
    return made if isinstance(made, list) else [made]


def as_svg(address: str) -> str:
    """Return an address as a code for a camera."""
    return segno.make(address, error="m").svg_inline(scale=3, light="#fff")
