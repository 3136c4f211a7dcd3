"""The case page, section by section: each a frozen view of what `sight` gives, and its template."""

from __future__ import annotations

from typing import ClassVar, Protocol


class Section(Protocol):
    """A part of the page: `template` draws it, under the name `section`."""

    template: ClassVar[str]


class Counted(Section, Protocol):
    """A section that heads a tab and says how much is in it."""

    @property
    def count(self) -> int: ...
