"""How role-players work: profiles, as data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, RootModel

from books.agreements import Label
from books.reading import Misfit, Record, read

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "profiles.yaml"

#: What a role-player is who is not said to be anything else.
CAREFUL = "careful"

#: Who sees nothing wrong with what it is given.
TRUSTING = "trusting"

#: Who asks about what others accept.
INQUIRING = "inquiring"

Share = Annotated[float, Field(ge=0, le=3)]
Minutes = Annotated[int, Field(ge=0, le=10_000)]


class Profile(Record):
    """How a role-player works.

    `share` is after how much of its allowance a step is done, from and to, and `minutes` after how
    long where there is none; `overlooks` how much of what is wrong is not seen. One that `asks`
    asks once about what others accept. `insists`, of a planner: how much of what it is asked about
    it holds to be right as it is. One that `hurries` leaves time to those who come after it
    before the flight. Without `acts` nothing is ever done.
    """

    label: Label
    share: tuple[Share, Share]
    minutes: tuple[Minutes, Minutes]
    overlooks: Annotated[float, Field(ge=0, le=1)] = 0
    asks: bool = False
    insists: Annotated[float, Field(ge=0, le=1)] = 0
    hurries: bool = True
    acts: bool = True

    def misfits(self) -> Iterator[Misfit]:
        for name in ("share", "minutes"):
            least, most = getattr(self, name)
            if most < least:
                yield (name,), "ends before it begins."


class Profiles(RootModel[dict[str, Profile]]):
    """The profiles, by code."""


@cache
def profiles() -> dict[str, Profile]:
    """Return the profiles that are shipped, by code."""
    return read(FILE, Profiles).root
