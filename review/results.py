"""What came of one's sittings, the newest first; of an exam once its results are released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef

from exercises.recorded import encode
from review import history, strip
from review.table import counted
from scenarios.models import HandIn, Sitting

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.paginator import Page
    from django.db.models import QuerySet

    from review.history import Met

#: So many sittings stand on a page: their marks are reckoned each time, 30 ms for five dossiers.
SHOWN = 10

#: So many, the newest ones, are exported.
EXPORTED = 30


@dataclass(frozen=True)
class Result:
    """What came of a sitting; `met` is None while it may not be read."""

    sitting: Sitting
    met: list[Met] | None

    @property
    def url(self) -> str:
        return f"{self.sitting.seat.get_absolute_url()}marks/"

    @property
    def sentence(self) -> str:
        return counted([one.marks for one in self.met or ()])

    @property
    def done_at(self) -> datetime | None:
        """The real moment of the last dossier that was handed in."""
        return max((one.done_at for one in self.met or ()), default=None)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain values; `dossiers` is null while it may not be read."""
        return {
            "exercise": self.sitting.exercise_id,
            "purpose": self.sitting.purpose,
            "desk": self.sitting.seat.key,
            "dossiers": None if self.met is None else [_dossier(one) for one in self.met],
        }


@dataclass(frozen=True)
class Results:
    """A page of results."""

    page: Page[Sitting]
    rows: list[Result]


def page_of(person: str, number: str) -> Results:
    """Return a page, by its number, of the results of somebody, by user name."""
    page = Paginator(_sittings(person), SHOWN).get_page(number)
    return Results(page, [_result(one) for one in page.object_list])


def newest(person: str) -> list[Result]:
    """Return the results of somebody's newest sittings, for an export."""
    return [_result(one) for one in _sittings(person)[:EXPORTED]]


def _sittings(person: str) -> QuerySet[Sitting]:
    """Return the sittings at which something was handed in."""
    is_done = Exists(HandIn.objects.filter(seat=OuterRef("seat")))
    sat = Sitting.objects.filter(is_done, person=person)
    return sat.select_related("exercise", "seat__exercise").order_by("-exercise_id")


def _result(sitting: Sitting) -> Result:
    return Result(sitting, history.of_sitting(sitting) if strip.may_read(sitting) else None)


def _dossier(met: Met) -> dict[str, Any]:
    one = met.marks
    return {
        "number": one.number,
        "handed_in_at": encode(met.done_at.replace(microsecond=0)),
        "lines": [
            {"what": line.what.value, "chapter": history.chapter_of(line), "about": line.about}
            for line in one.lines
        ],
        "decided": one.decided,
        "decision": one.verdict.value,
        "points": one.points,
        "of": one.of,
    }
