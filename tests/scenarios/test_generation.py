"""Dossiers from a seed: clean ones are clean, equal seeds give equal bytes, keys hold."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from exercises.models import Role
from rules import Severity
from scenarios import book, checking, generation
from scenarios.book import Decision
from scenarios.generation import Order
from scenarios.keys import decide
from scenarios.lots import Lots
from tests.selection import by_day

if TYPE_CHECKING:
    from scenarios.book import Defect
    from scenarios.keys import Case

#: Of the first twenty dossiers of seed 10 at difficulty 3; renewed on purpose, when a kind, a
#: corridor or a load is added or changed.
DIGEST = "9b587df3b4927ab1a59e6fb47b9ac671cfe76f6a33bf989de7a58c227d91b57f"


def raises_only_what_is_to_be_known(number: int) -> None:
    case = generation.case(2026, number, difficulty=1, clean_share=1)
    assert case.key.defects == ()
    found = [] if case.dossier.plan else checking.findings(case.dossier)
    assert {one.code for one in found if one.severity != Severity.NOTIFY} <= {
        *checking.EXPECTED,
        *(code for one in case.key.decoys for code in book.decoys()[one.kind].codes),
    }


@pytest.mark.parametrize("tens", range(10))
def test_clean_dossiers_raise_nothing_but_what_is_to_be_known(tens: int) -> None:
    for number in range(10 * tens + 1, 10 * tens + 11):
        raises_only_what_is_to_be_known(number)


@pytest.mark.whole
@pytest.mark.parametrize("hundreds", by_day(range(1, 10), 1))
def test_a_thousand_clean_dossiers_do(hundreds: int) -> None:
    for number in range(100 * hundreds + 1, 100 * hundreds + 101):
        raises_only_what_is_to_be_known(number)


def text(*, language: str = "en", count: int = 20) -> bytes:
    with translation.override(language):
        cases = generation.generate(10, count, difficulty=3)
        return json.dumps([one.as_data() for one in cases], ensure_ascii=False).encode()


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert hashlib.sha256(text()).hexdigest() == DIGEST


def test_the_language_of_the_reader_changes_nothing() -> None:
    assert text(language="tr", count=5) == text(language="ru", count=5)


def test_a_dossier_depends_on_its_own_number_only() -> None:
    *_others, fifth = generation.generate(10, 5, difficulty=3)

    assert generation.case(10, 5, difficulty=3) == fifth
    assert generation.case(11, 5, difficulty=3) != fifth


@pytest.mark.parametrize("desk", generation.DESKS)
@pytest.mark.parametrize("difficulty", generation.DEFECTS)
def test_every_desk_has_dossiers_of_every_difficulty(desk: Role, difficulty: int) -> None:
    for case in generation.generate(3, 6, difficulty=difficulty, desk=desk, clean_share=0):
        first, *others = case.key.defects
        assert desk in (first.desk, Role.DECIDER, Role.DEPUTY)
        assert len(case.key.defects) <= generation.DEFECTS[difficulty]
        assert len(case.key.decoys) <= generation.DECOYS[difficulty]
        assert all(one.difficulty <= difficulty for one in others)
        has_plan = case.dossier.plan is not None
        assert has_plan == book.defects()[first.kind].is_of_plan == (desk == Role.OPERATIONS)


@pytest.mark.whole
@pytest.mark.parametrize("difficulty", generation.DEFECTS)
@pytest.mark.parametrize("many", by_day((70, 200), 70))
def test_hundreds_of_dossiers_leave(many: int, difficulty: int) -> None:
    """None is refused by its own check, and every kind comes at some time."""
    kinds = Counter(
        one.kind
        for case in generation.generate(4, many, difficulty=difficulty, clean_share=0)
        for one in case.key.defects
    )
    assert len(kinds) >= 15


def test_no_two_kinds_of_a_dossier_share_a_code_or_a_part() -> None:
    for case in generation.generate(5, 12, difficulty=5, clean_share=0):
        codes = [code for one in case.key.defects for code in one.codes]
        codes += [code for one in case.key.decoys for code in book.decoys()[one.kind].codes]
        parts = [part for one in case.key.planted for part in one.before]
        assert len(codes) == len({*codes})
        assert len(parts) == len({*parts})


def only(kind: str, **options: Any) -> Case:
    """Return the first dossier of a series in which this kind is the only one."""
    cases = generation.generate(6, 200, clean_share=0, **options)
    return next(case for case in cases if [one.kind for one in case.key.defects] == [kind])


def test_a_clean_request_is_authorized_with_the_conditions_that_its_findings_bring() -> None:
    over = list(generation.generate(8, 30, difficulty=1, clean_share=1))
    turkish = [one for one in over if one.dossier.corridor.host == "KZ"]

    assert {one.key.decision for one in over} == {Decision.AUTHORIZE, Decision.RELEASE}
    assert all("CASPIAN_TRANSIT" in one.key.conditions for one in turkish)
    assert all("ZONE_CROSSED" in one.key.no_conditions for one in over)
    assert all(not {*one.key.conditions} & {*one.key.no_conditions} for one in over)


def test_the_gravest_of_several_decisions_is_right() -> None:
    armed, late = book.defects()["ARMED"], book.defects()["A_DAY_LATE"]
    dossier = generation.case(1, 1, difficulty=1, desk=Role.SECURITY, clean_share=1).dossier

    assert decide(dossier, (armed,)) == (Decision.REFUSE, (Decision.ASK,))
    assert decide(dossier, (late, armed)) == (Decision.REFUSE, (Decision.ASK,))
    assert decide(dossier, (late,))[0] == Decision.SEND_BACK


def test_a_condition_stands_for_what_may_be_authorized_on_it() -> None:
    found = only("CLEARANCE_PENDING", difficulty=1, desk=Role.DEFENCE).key

    assert found.decision == Decision.AUTHORIZE
    assert "THIRD_STATE_PENDING" in found.conditions


def test_the_key_knows_every_state_that_the_route_crosses() -> None:
    shortcut = only("SHORTCUT", difficulty=5, desk=Role.AIR_DEFENCE)
    declared = {row["state"] for row in shortcut.dossier.crossings}

    assert {*shortcut.key.states} - declared == {"UZ"}


def test_the_answer_is_due_by_the_date_that_the_product_counts() -> None:
    """Eight dossiers, counted again by hand: working days of the host after receipt."""
    for case in generation.generate(9, 8, difficulty=1, clean_share=1, desk=Role.SECURITY):
        revision = case.dossier.revision()
        asked, office = revision.track.lead_time, revision.flight.exercise.office(case.dossier.host)
        assert case.dossier.received_at is not None
        day = office.local(case.dossier.received_at).date()
        due = case.key.due_on
        if asked.unit == "working_days":
            between = [date.fromordinal(one) for one in range(day.toordinal() + 1, due.toordinal())]
            assert sum(map(office.is_working_day, between)) <= asked.amount
        assert day <= due < case.dossier.entry["entry_at"].date()


#: Before the summer, before the holidays of December, and late in the season.
MOMENTS = [
    datetime(2026, 7, 1, 8, tzinfo=UTC),
    datetime(2026, 11, 20, 14, tzinfo=UTC),
    datetime(2027, 9, 1, 17, tzinfo=UTC),
]

#: Of what cannot be planted at most of these moments; each has its own.
OF_A_SEASON = {"BEFORE_THE_AGREEMENT", "HOURS_LATE_ACROSS_HOLIDAY", "ANNUAL_NEW_YEAR"}


@pytest.mark.whole
@pytest.mark.parametrize("host", ["KZ", "TR"])
@pytest.mark.parametrize("moment", by_day(MOMENTS, MOMENTS[1]))
def test_a_dossier_of_any_kind_comes_in_soon_after_a_moment(moment: datetime, host: str) -> None:
    left_out = set()
    for kind in book.defects().values():
        order = Order(kind, desk=kind.desk, host=host, note_after=moment, of_plan=kind.is_of_plan)
        try:
            case = generation.fill(order, 1, Lots(kind.kind))
        except generation.NothingFits:
            left_out.add(kind.kind)
            continue
        assert [one.kind for one in case.key.defects] == [kind.kind]
        assert case.dossier.host == host
        assert case.dossier.asks(kind.desk)
        assert case.dossier.received_at is not None
        assert moment < case.dossier.received_at <= moment + generation.WITHIN
    never = {one for one in left_out if not generation.is_carried(book.defects()[one], host)}
    assert left_out - never - OF_A_SEASON <= {"SENSOR_AIRCRAFT_EMPTY"}


def test_a_notice_across_a_holiday_is_ordered_before_the_holiday() -> None:
    """The Kazakh 16 December: the flight is moved, and the note with it."""
    kind = book.defects()["HOURS_LATE_ACROSS_HOLIDAY"]
    order = Order(kind, desk=kind.desk, host="KZ", note_after=MOMENTS[1])

    dossier = generation.fill(order, 1, Lots("holiday")).dossier
    assert dossier.received_at is not None
    assert MOMENTS[1] < dossier.received_at <= MOMENTS[1] + generation.WITHIN
    assert dossier.received_at.date() < date(2026, 12, 16) < dossier.entry["entry_at"].date()


def test_what_is_ordered_is_planted() -> None:
    decoy, defect = book.decoys()["LOWEST_LEVEL"], book.defects()["CLEARANCE_PENDING"]
    order = Order(defect, 1, 3, decoy, 2, desk=Role.DEFENCE, host="TR", note_after=MOMENTS[0])

    key = generation.fill(order, 7, Lots("ordered")).key
    assert defect in key.defects
    assert decoy in key.decoys
    assert len(key.defects) <= 2
    assert len(key.decoys) <= 2
    assert generation.fill(order, 7, Lots("ordered")).key == key


def test_what_was_met_comes_in_another_dress() -> None:
    """On another corridor, with a load of another category."""
    kind = book.defects()["NEQ_MISSING"]
    order = Order(kind, desk=kind.desk, host="KZ", note_after=MOMENTS[0])
    first = generation.fill(order, 1, Lots("first")).dossier
    worn = frozenset([first.corridor.code, first.form["category"]])

    second = generation.fill(replace(order, unlike=worn), 1, Lots("first")).dossier
    assert second.corridor.code not in worn
    assert second.form["category"] not in worn


def test_what_fits_nothing_is_said() -> None:
    kind = book.defects()["LOW_OVER_CASPIAN"]
    into_turkiye = Order(kind, host="TR", note_after=MOMENTS[0])
    over = Order(host="KZ", note_after=datetime(2028, 1, 1, tzinfo=UTC))

    with pytest.raises(generation.NothingFits, match="into TR can carry LOW_OVER_CASPIAN"):
        generation.fill(into_turkiye, 1, Lots("nothing"))
    with pytest.raises(generation.NothingFits, match="note soon after 01 January 2028"):
        generation.fill(over, 1, Lots("nothing"))


def test_a_flight_plan_carries_one_kind() -> None:
    kind = book.defects()["TAIL_MISSING"]
    order = Order(kind, more=2, decoys=2, of_plan=True, desk=Role.OPERATIONS)

    key = generation.fill(order, 1, Lots("plan")).key
    assert key.defects == (kind,)
    assert key.decoys == ()


@pytest.mark.whole
@pytest.mark.parametrize("kind", book.defects().values(), ids=lambda kind: kind.kind)
def test_every_other_kind_can_be_tried_beside_one(kind: Defect) -> None:
    """What gets in its way is left out."""
    order = Order(kind, more=100, decoys=100, of_plan=kind.is_of_plan)

    assert kind in generation.fill(order, 1, Lots("beside")).key.defects
