"""Why: each line of the marks of one dossier opened into what it rests on, and what is right.

No line says that something was wrong without saying what is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

import rules
from approvals import checks, facts
from approvals.models import Confidence
from approvals.words import SEVERITY_TONES, SEVERITY_WORDS
from exercises.models import DECIDERS, Role
from review import counts, marks, versions
from review.marks import Verdict, What
from scenarios import book, written
from scenarios.book import Decision
from transit import plan_check
from transit.plans import check_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from approvals.models import Mark
    from exercises.models import Seat
    from review.counts import Count
    from review.marks import DossierMarks, Line
    from review.versions import Paper, Version
    from scenarios.models import Assignment
    from transit.models import FlightRequest
    from transit.severity import Severity


@dataclass(frozen=True)
class Sign:
    """How a line is told apart: by colour, by an icon and in words."""

    tone: str
    icon: str
    words: _StrPromise


SIGNS = {
    What.HIT: Sign("good", "circle-check", lazy("found")),
    What.HALF_HIT: Sign("good", "circle-check", lazy("found, half")),
    What.MISS: Sign("warn", "circle", lazy("missed")),
    What.FALSE_ALARM: Sign("bad", "circle-x", lazy("false alarm")),
    What.KNOWN: Sign("neutral", "circle-minus", lazy("true, not counted")),
}
VERDICT_SIGNS = {
    Verdict.RIGHT: Sign("good", "circle-check", lazy("right")),
    Verdict.ACCEPTABLE: Sign("good", "circle-check", lazy("acceptable")),
    Verdict.WRONG: Sign("bad", "circle-x", lazy("wrong")),
    Verdict.NONE: Sign("warn", "circle", lazy("undecided")),
}
DECOY = Sign("neutral", "circle-minus", lazy("looks wrong, is right"))
ANOTHERS = Sign("neutral", "circle-minus", lazy("another desk’s"))

#: What the lines are about that are told one by one; of chapters in order the table tells.
TOLD = (What.HIT, What.HALF_HIT, What.MISS, What.FALSE_ALARM, What.KNOWN)


@dataclass(frozen=True)
class Cited:
    """A rule, or a kind of discrepancy of a flight plan, with what it rests on.

    `sentence` is what it says of this case, empty where it finds nothing in it; `source` is empty
    for a training default.
    """

    code: str
    says: str
    sentence: str
    clause: str
    source: str
    severity: str
    tone: str

    @property
    def anchor(self) -> str:
        """The number of the clause, which is its place on the page of the procedure."""
        return next((word for word in self.clause.split() if word[0].isdigit()), "")


@dataclass(frozen=True)
class Said:
    """What an officer marked: the facts, what they said of them, how sure they were."""

    facts: tuple[str, ...]
    words: str
    confidence: str


@dataclass(frozen=True)
class Why:
    """One line with its reasons. `says` is what is the case, `right` what would be right."""

    number: int
    sign: Sign
    says: str
    right: str
    facts: tuple[str, ...]
    versions: tuple[Version, ...] = ()
    cited: tuple[Cited, ...] = ()
    said: Said | None = None
    remark: str = ""
    desk: str = ""
    counts: tuple[Count, ...] = ()

    @property
    def is_missed(self) -> bool:
        return self.sign == SIGNS[What.MISS]

    @property
    def is_anothers(self) -> bool:
        return self.sign == ANOTHERS

    @property
    def is_mended(self) -> bool:
        """There is something to be set beside what was given."""
        return any(one.right is not None for one in self.versions)

    @property
    def is_for_eyes(self) -> bool:
        """It is a mistake, and no rule finds it."""
        return bool(self.desk) and not self.cited


def counted(found: DossierMarks) -> str:
    """Say in a sentence what was found and how it was decided."""
    hits = found.hits
    wrong = hits + found.count(What.MISS)
    alarms = found.count(What.FALSE_ALARM)
    if wrong:
        words = ngettext(
            "You found %(hits)d of %(wrong)d mistake that was yours to find",
            "You found %(hits)d of %(wrong)d mistakes that were yours to find",
            wrong,
        ) % {"hits": hits, "wrong": wrong}
    else:
        words = _("Nothing was wrong that was yours to find")
    if alarms:
        words += ngettext(", with %(count)d false alarm", ", with %(count)d false alarms", alarms)
        words %= {"count": alarms}
    else:
        words += _(", without a false alarm")
    return f"{words}. {VERDICTS[found.verdict]}"


VERDICTS = {
    Verdict.RIGHT: lazy("Your decision was right."),
    Verdict.ACCEPTABLE: lazy("Your decision was acceptable."),
    Verdict.WRONG: lazy("Your decision was wrong."),
    Verdict.NONE: lazy("You handed it in undecided."),
}

#: What a decision is called where the seat does otherwise than the host as a whole.
_CALLED = {
    Role.REGISTRY: {
        Decision.AUTHORIZE: lazy("take it in"),
        Decision.SEND_BACK: lazy("return it"),
    },
    Role.OPERATIONS: {
        Decision.RELEASE: lazy("release the flight plan"),
        Decision.HOLD: lazy("hold the flight plan until it is cleared up"),
    },
}
_OF_DESKS = {
    Decision.AUTHORIZE: lazy("concur"),
    Decision.ASK: lazy("ask"),
    Decision.REFUSE: lazy("not concur"),
}
_OF_DECIDERS = {
    Decision.AUTHORIZE: lazy("authorize"),
    Decision.ASK: lazy("ask"),
    Decision.REFUSE: lazy("refuse"),
}


def decision(said: str, seat: Seat) -> str:
    """Return what a seat calls a decision; nothing for none."""
    if not said:
        return ""
    one = Decision(said)
    called = _CALLED.get(Role(seat.role), _OF_DECIDERS if seat.role in DECIDERS else _OF_DESKS)
    return str(called.get(one, one.label.lower()))


@dataclass(frozen=True)
class Look:
    """A dossier, the seat that had it, and what it read: opens its lines."""

    row: Assignment
    seat: Seat
    paper: Paper

    @property
    def flight(self) -> FlightRequest:
        assert self.row.flight is not None  # noqa: S101 - the note is in
        return self.row.flight

    @property
    def received_at(self) -> datetime:
        return self.paper.revision.enclosed_at or self.row.exercise.last_at

    @cached_property
    def story(self) -> written.Written | None:
        """The written dossier that it is; None: it was generated."""
        return written.of_key(self.row.key)

    @cached_property
    def found(self) -> dict[str, str]:
        """What the rules, or the comparison of the flight plan, find here, by code in words."""
        if checks.reads_plan(self.seat):
            words = _("Filed: %(filed)s. Authorized: %(authorized)s.")
            return {
                one.code: words % {"filed": one.filed or "–", "authorized": one.authorized or "–"}
                for one in marks.discrepancies(self.flight)
            }
        findings = rules.findings(self.paper.revision, at=self.received_at)
        return {one.code: one.sentence for one in findings}

    def why(self, number: int, line: Line) -> Why:
        """Open a line about a defect or a mark."""
        made = {one.called: one for one in self.flight.marks.all()}.get(line.marked)
        said = self._said(made, line.confidence) if made else None
        if line.what in (What.HIT, What.HALF_HIT, What.MISS):
            defect = next(one for one in self.row.defects if one["kind"] == line.about)
            return self._defect(number, SIGNS[line.what], defect, said, self._remark(line, made))
        cited = self.cited(line.codes)
        if line.what == What.KNOWN:
            says = _("The product finds this as well, or it is another desk’s: no false alarm.")
            right = _("It is to be known, and no mistake that was yours to find.")
        elif line.about in {one["kind"] for one in self.row.key["decoys"]}:
            says, right = self.sentence(line.about), _("It looks wrong and is right: let it stand.")
        elif theirs := self._anothers_at(line.facts):
            says = " ".join(self.sentence(one["kind"], self.cited(one["codes"])) for one in theirs)
            right = _("This is another desk’s to find, and it is not what you marked.")
        else:
            says = _("Nothing is wrong with this item.")
            right = (
                _("The rule finds nothing here: what stands is right as it is.")
                if cited
                else _("What stands is right as it is.")
            )
        value = self._as_given(line.facts)
        return Why(number, SIGNS[line.what], says, right, line.facts, value, cited, said)

    def _anothers_at(self, here: Iterable[str]) -> list[dict[str, Any]]:
        """Return the mistakes at any of these facts that are another desk's to find."""
        theirs = [one for one in self.row.defects if not marks.is_for(self.seat, one, self.row)]
        return [one for one in theirs if {*one["facts"]} & {*here}]

    def decoy(self, number: int, one: dict[str, Any]) -> Why:
        """Tell of a decoy that was not marked."""
        here = tuple(one["facts"])
        right = _("You let it stand: that was right.")
        return Why(number, DECOY, self.sentence(one["kind"]), right, here, self._as_given(here))

    def anothers(self, number: int, defect: dict[str, Any]) -> Why:
        """Tell of a mistake that is another desk's to find."""
        return self._defect(number, ANOTHERS, defect, None, "")

    def _defect(
        self, number: int, sign: Sign, defect: dict[str, Any], said: Said | None, remark: str
    ) -> Why:
        kind, here = defect["kind"], tuple(defect["facts"])
        mended = versions.mended(self.row, self.paper, kind)
        cited = self.cited(defect["codes"])
        is_counted = any(marks.chapter_of(one) == "notice" for one in defect["codes"])
        revision = self.paper.revision
        return Why(
            number,
            sign,
            self.sentence(kind, cited),
            self._mending(kind),
            here,
            tuple(versions.version(one, self.label(one), self.paper, mended) for one in here),
            cited,
            said,
            remark,
            desk=str(Role(defect["desk"]).label),
            counts=tuple(counts.of_notices(revision, self.received_at)) if is_counted else (),
        )

    def _mending(self, kind: str) -> str:
        if self.story is None and kind in book.defects():
            return str(book.defects()[kind].mending)
        return _("Let it say what stands beside it.")

    def _as_given(self, here: Iterable[str]) -> tuple[Version, ...]:
        return tuple(versions.version(one, self.label(one), self.paper, None) for one in here)

    def sentence(self, kind: str, cited: Sequence[Cited] = ()) -> str:
        """Return what a kind of defect or decoy says: of a written dossier its own words.

        Of a kind that the book no longer has, what finds it.
        """
        if self.story:
            key = self.story.key
            told = {one.kind: one.says for one in key.defects}
            return (told | {one.kind: one.says for one in key.decoys})[kind]
        found = book.defects().get(kind) or book.decoys().get(kind)
        if found:
            return str(found.says)
        return " ".join(one.sentence or one.says for one in cited) or kind

    def label(self, fact: str) -> str:
        known = facts.to_mark("/" in fact or fact.isdigit())
        return capfirst(known.get(fact, fact))

    def cited(self, codes: Iterable[str]) -> tuple[Cited, ...]:
        """Return the rules, or the kinds of discrepancy, of codes, with what they find here."""
        known = _discrepancies() if checks.reads_plan(self.seat) else _rules()
        return tuple(
            replace(known[code], sentence=self.found.get(code, ""))
            for code in codes
            if code in known
        )

    def _said(self, made: Mark, confidence: str) -> Said:
        here = tuple(self.label(one) for one in made.facts)
        words = f"{made.code}: {self._says(made.code)}" if made.code else made.words
        return Said(here, words, str(Confidence(confidence).label))

    def _says(self, code: str) -> str:
        return " ".join(one.says for one in self.cited([code]))

    def _remark(self, line: Line, made: Mark | None) -> str:
        """Say why a mark is worth half, or what found it without one."""
        if made is None:
            asked = _("You asked about it, or named it as a ground.")
            return asked if line.what == What.HIT else ""
        if line.what != What.HALF_HIT:
            return ""
        if not {*made.facts} & {*line.facts}:
            return _("The right rule at another fact: half.")
        if made.code:
            return _("The right fact, by another rule: half.")
        return _("Your words were read against nothing: right fact, half.")


def _rules() -> dict[str, Cited]:
    return {
        one.code: _cited(one.code, str(one.says), one.clause, one.source, one.severity)
        for one in rules.rule_set(rules.LATEST)
    }


def _discrepancies() -> dict[str, Cited]:
    """Return the kinds of discrepancy, by the clause of the check; all are training defaults."""
    clause = f"SOP {check_plan.row.clause}"
    return {
        code: _cited(code, f"{kind.meaning}.", clause, "", kind.severity)
        for code, kind in plan_check.kinds().items()
    }


def _cited(code: str, says: str, clause: str, source: str, severity: Severity) -> Cited:
    words, tone = str(SEVERITY_WORDS[severity]), SEVERITY_TONES[severity]
    return Cited(code, says, "", clause, source, words, tone)
