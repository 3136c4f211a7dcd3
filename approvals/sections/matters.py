"""What one desk must look at: the facts of its matters, each with what is found on it beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from approvals.sections import form, route
from exercises.models import Role
from transit.completeness import faults
from transit.form import ITEMS, label_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from approvals.known import Found, KnownAnswer
    from approvals.sections.form import Fact
    from approvals.sections.route import ShownCrossing, ShownGood
    from approvals.sight import Known
    from casework import dates


@dataclass(frozen=True)
class Kind:
    """A matter of some desk: the items of the form that it is about, and what else is shown.

    `items` may hold `crossings` and `goods`, whose lines are shown as a table.
    """

    title: _StrPromise
    items: tuple[str, ...] = ()
    adds: Callable[[Known], Matter] | None = None


@dataclass(frozen=True)
class Said:
    """A fact that is no item of the form: a moment, a due date or words."""

    label: str
    text: str = ""
    moment: datetime | None = None
    due: dates.Shown | None = None
    is_wide: bool = False


@dataclass(frozen=True)
class Matter:
    """One matter as shown, with the findings that show in its facts."""

    title: str | _StrPromise = ""
    facts: tuple[Fact, ...] = ()
    said: tuple[Said, ...] = ()
    crossings: tuple[ShownCrossing, ...] = ()
    goods: tuple[ShownGood, ...] = ()
    answers: tuple[KnownAnswer, ...] = ()
    findings: tuple[Found, ...] = ()
    remark: str = ""

    @property
    def is_told(self) -> bool:
        """There is something to look at."""
        return bool(
            self.facts
            or self.said
            or self.crossings
            or self.goods
            or self.answers
            or self.findings
            or self.remark
        )


@dataclass(frozen=True)
class Matters:
    """The matters of one desk, in its order."""

    template: ClassVar[str] = "approvals/sections/matters.html"

    rows: tuple[Matter, ...]


def matters(known: Known, codes: Sequence[str]) -> Matters | None:
    """Return the matters of a desk with the findings that are the desk's.

    A finding stands once, at the first matter in whose facts it shows; one that shows in none of
    them comes last. Where everything that stands has a matter of its own, it stands there.
    """
    listed = _stands(known).findings if "stands" in codes else ()
    left = [one for one in known.findings or () if _is_for(known, one) and one not in listed]
    rows: list[Matter] = []
    for code in codes:
        here = [found for found in left if _shows_in(found, KINDS[code].items)]
        left = [found for found in left if found not in here]
        rows.append(_matter(known, KINDS[code], here))
    if left:
        rows.append(Matter(title=_("Also found"), findings=tuple(left)))
    shown = tuple(row for row in rows if row.is_told)
    return Matters(shown) if shown else None


def _is_for(known: Known, found: Found) -> bool:
    """Say whether a finding concerns the seat: those of its desk; whoever sees all has a list."""
    return not known.is_requester and found.rule.desk == _desk_of(known)


def _desk_of(known: Known) -> str:
    """The duty officer does what the registry does."""
    return Role.REGISTRY if known.seat.role == Role.DUTY else known.seat.role


def _shows_in(found: Found, items: Sequence[str]) -> bool:
    return any(fact.partition(".")[0] in items for fact in found.rule.facts)


def _matter(known: Known, kind: Kind, found: Sequence[Found]) -> Matter:
    more = kind.adds(known) if kind.adds else Matter()
    tones = {fact: one.tone for one in reversed(found) for fact in one.rule.facts}
    facts = (form.fact(known, name, ACROSS) for name in kind.items if name not in TABLES)
    return Matter(
        title=kind.title,
        facts=tuple(form.marked(one, tones.get(one.name, "")) for one in facts if one.is_told),
        said=more.said,
        crossings=more.crossings
        or (route.shown_crossings(known, known.revision) if "crossings" in kind.items else ()),
        goods=route.shown_goods(known.revision) if "goods" in kind.items else (),
        answers=more.answers,
        findings=(*found, *more.findings),
        remark=more.remark,
    )


#: Items that are told in a sentence, and stand across; what they say of goods is a choice here.
ACROSS = form.ACROSS - {"dangerous_goods"}

#: Facts that are lines of a table.
TABLES = frozenset({"crossings", "goods"})


# What is no item of the form


def _note(known: Known) -> Matter:
    """The note that brought the form, or the last one to pass."""
    brought = [note for note in known.notes if note.enclosure] or known.notes
    if not brought:
        return Matter()
    note = brought[-1]
    enclosed = note.form_number
    return Matter(
        said=(
            Said(_("Note"), f"{note.number} · {note.get_kind_display()}"),
            Said(_("Handed over"), moment=note.sent_at),
            Said(_("Enclosed"), _("Form, revision %(number)s") % {"number": enclosed})
            if enclosed
            else Said(_("Said"), note.text),
        )
    )


def _completeness(known: Known) -> Matter:
    """What is missing, section by section, where the product may say so."""
    if not known.is_helped:
        return Matter(remark=_("To be read item by item, in the whole form below."))
    found = faults(known.revision, at=known.at)
    if not found:
        return Matter(remark=_("Every item that has to be told is told."))
    labels = [capfirst(label_of(name)) if name in ITEMS else capfirst(name) for name in found]
    return Matter(said=(Said(_("Missing or wrong"), ", ".join(labels), is_wide=True),))


def _notice(known: Known) -> Matter:
    """From the note to the entry, and the date by which the agreement wants an answer."""
    entry = known.revision.planned_entry
    said = [
        Said(_("Handed over"), moment=known.arrived_at),
        Said(
            _("Entry into %(state)s") % {"state": known.host.name},
            moment=entry.entry_at if entry else None,
        ),
        Said(_("Track"), capfirst(str(known.track.label))),
    ]
    return Matter(said=tuple(one for one in said if one.moment or one.text))


def _third_states(known: Known) -> Matter:
    """The crossings of states that are neither side, with what they have granted."""
    rows = route.shown_crossings(known, known.revision)
    third = tuple(row for row in rows if row.is_third)
    return Matter(crossings=third) if third else Matter(remark=_("None on the way."))


def _stands(known: Known) -> Matter:
    """What keeps the flight from being authorized."""
    if known.findings is None:
        return Matter()
    standing = tuple(one for one in known.findings if one.stands)
    return Matter(findings=standing, remark="" if standing else _("Nothing stands against it."))


def _answers(known: Known) -> Matter:
    return Matter(answers=known.latest_answers)


def _conditions(known: Known) -> Matter:
    """The conditions that the lead desk, else the other desks, ask for; and who prepared them."""
    latest = known.latest_answers
    lead = [one for one in latest if one.is_lead and one.answered_at]
    conditions = [words for one in lead or latest for words in one.conditions]
    said = [Said(str(number), words, is_wide=True) for number, words in enumerate(conditions, 1)]
    said += [
        Said(_("Prepared by"), f"{one.label} · {one.answered_by}", moment=one.answered_at)
        for one in lead
    ]
    return Matter(said=tuple(said), remark="" if said else _("No desk has asked for any yet."))


def _firs(known: Known) -> Matter:
    """The FIRs that the route crosses, as computed."""
    if known.look is None or known.look.route is None:
        return Matter()
    names = ", ".join(dict.fromkeys(one.code for one in known.look.route.firs))
    return Matter(said=(Said(_("FIRs, computed"), names),))


def _window(known: Known) -> Matter:
    number = known.authorization
    if number is None:
        return Matter(remark=_("There is no number."))
    return Matter(
        said=(
            Said(_("Number"), number.number),
            Said(_("Entry from"), moment=number.valid_from),
            Said(_("Entry before"), moment=number.valid_until),
            Said(_("Now"), number.words),
        )
    )


KINDS: dict[str, Kind] = {
    "note": Kind(lazy("The note"), adds=_note),
    "completeness": Kind(lazy("Completeness"), adds=_completeness),
    "notice": Kind(lazy("Notice"), ("priority", "short_notice_reason"), _notice),
    "scope": Kind(
        lazy("Scope"),
        ("category", "legal_basis", "annual_number", "used_as", "operator", "purpose"),
    ),
    "stands": Kind(lazy("What stands"), adds=_stands),
    "answers": Kind(lazy("The desks"), adds=_answers),
    "conditions": Kind(lazy("Conditions"), adds=_conditions),
    "purpose": Kind(lazy("Purpose"), ("category", "legal_basis", "priority", "used_as", "purpose")),
    "aircraft": Kind(
        lazy("Aircraft"),
        (
            "call_sign",
            "aircraft_type",
            "registration",
            "spare_registration",
            "aircraft_count",
            "escort",
        ),
    ),
    "route": Kind(
        lazy("Route"),
        ("cruise_level", "cruise_knots", "route", "crossings"),
    ),
    "firs": Kind(lazy("Route"), ("cruise_level", "cruise_knots", "flight_rules", "route"), _firs),
    "equipment": Kind(
        lazy("Sensors, activity"),
        ("has_sensors", "has_armament", "has_electronic_warfare", "activity", "equipment"),
    ),
    "persons": Kind(
        lazy("Persons"),
        (
            "crew_count",
            "captain",
            "passenger_count",
            "attendant_count",
            "passengers",
            "principals",
        ),
    ),
    "weapons": Kind(
        lazy("Weapons"), ("has_personal_weapons", "has_ammunition", "personal_weapons")
    ),
    "goods": Kind(
        lazy("Dangerous goods"),
        ("dangerous_goods", "cargo_kg", "cargo", "dangerous_goods_list", "goods"),
    ),
    "third": Kind(lazy("Third states"), adds=_third_states),
    "times": Kind(
        lazy("Times"),
        ("departure", "departs_at", "destination", "arrives_at", "alternates", "crossings"),
    ),
    "window": Kind(lazy("Window"), adds=_window),
}
