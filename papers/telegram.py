"""A paper as a telegram: capitals of the Latin alphabet, in one language, line by line.

Letters are written as a teleprinter has them (ITA2): those of other alphabets by what they sound
like, and one for which there is nothing as a question mark. What the formal parts say begins at the
margin, what was typed never does: no typed word can be taken for an address, an item or the end.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from papers.wording import MARK, worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.paper import Paper
    from papers.phrases import Language
    from papers.wording import Part

#: A teleprinter's line.
WIDTH = 69
INDENT = "  "

PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -?:().,'=/+")

#: Letters and signs by what stands for them; Cyrillic as passports have it (ICAO Doc 9303).
CYRILLIC = dict(zip("АБВГДЕЗИЙКЛМНОПРСТУФ", "ABVGDEZIIKLMNOPRSTUF", strict=True))
CYRILLIC |= {"Ё": "E", "Ж": "ZH", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH"}
CYRILLIC |= {"Ъ": "IE", "Ы": "Y", "Ь": "", "Э": "E", "Ю": "IU", "Я": "IA"}
CYRILLIC |= {
    "Ә": "A",
    "Ғ": "G",
    "Қ": "Q",
    "Ң": "N",
    "Ө": "O",
    "Ұ": "U",
    "Ү": "U",
    "Һ": "H",
    "І": "I",
}
LATIN = {"ẞ": "SS", "Æ": "AE", "Ø": "OE", "Œ": "OE", "Đ": "D", "Ł": "L"}
SIGNS = dict.fromkeys('«»“”„"’‘', "'") | dict.fromkeys("—–_", "-") | dict.fromkeys("№#", "NR")
SIGNS |= {";": ",", "!": ".", "…": "...", "&": "+", "%": " PCT", "@": "(AT)", "°": " DEG"}
SIGNS |= dict.fromkeys("\u2068\u2069", "")
LETTERS = CYRILLIC | LATIN | SIGNS


def telegram(paper: Paper, language: Language) -> str:
    """Return a paper as a telegram."""
    leaf = worded(paper, [language])
    lines = [f"{MARK} {MARK} {MARK}", *_wrapped(leaf.training[0])]
    lines += [*_wrapped(" ".join((*leaf.place, *leaf.numbered)))]
    lines += [*_wrapped(f"{leaf.case[0]} {leaf.reference}")]
    for sheet in leaf.sheets:
        lines += ["", spelled(sheet.heading[0]), ""]
        for part in sheet.parts:
            lines += _part(part)
    return "\n".join([*lines, "", f"{MARK} {MARK} {MARK}", "NNNN"]) + "\n"


def spelled(text: str) -> str:
    """Return a text in the letters of a teleprinter."""
    return "".join(map(_letter, text.replace("ı", "I").upper()))


def _letter(letter: str) -> str:
    if letter in PLAIN:
        return letter
    if letter in LETTERS:
        return LETTERS[letter]
    bare = "".join(one for one in normalize("NFKD", letter) if not combining(one)).upper()
    return bare if bare and {*bare} <= PLAIN else "" if not bare else "?"


def _part(part: Part) -> Iterator[str]:
    yield from _wrapped(*part.title)
    if part.kind == "typed":
        yield from _indented(part.lines)
    else:
        yield from _wrapped(*part.lines)
    for row in part.rows:
        yield from _wrapped(f"{row.number} {row.label[0]}")
        yield from _indented(said[0] for said in row.said)
    for number, cells in enumerate(part.cells, 1):
        yield from _wrapped(f"{number}")
        columns = zip(part.columns, cells, strict=True)
        yield from _indented(f"{column[0]}: {cell[0]}" for column, cell in columns)


def _wrapped(*texts: str) -> Iterator[str]:
    """Give formal parts, which alone begin at the margin: none of their other lines does."""
    for text in texts:
        yield from _lines(text, first="")


def _indented(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _lines(text, first=INDENT)


def _lines(text: str, *, first: str) -> list[str]:
    return textwrap.wrap(
        spelled(text).strip(),
        WIDTH,
        initial_indent=first,
        subsequent_indent=INDENT,
        break_on_hyphens=False,
    )
