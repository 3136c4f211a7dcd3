"""Why: each line says what is the case, what rests on it, and what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string

from approvals import marking
from audit import acts
from control import practice
from exercises.models import Role
from review import debrief, marks, why
from review.marks import What
from scenarios import book, checking, conduct, written
from scenarios.keys import Case, key_of
from scenarios.lots import Lots
from scenarios.models import Assignment, Purpose
from tests.scenarios.dossiers import carrier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercises.models import Exercise, Seat
    from scenarios.book import Decoy, Defect

pytestmark = pytest.mark.django_db

SIGNS = why.SIGNS


def case_with(*kinds: Defect | Decoy) -> Case:
    """Return a dossier with these kinds planted, on the first corridor that can carry them."""
    for corridor in ("LTAU-UACC", "UAKK-LBSF", "LTAE-UAKK", ""):
        dossier = carrier(kinds[0], corridor)
        if dossier:
            break
    assert dossier
    raised, planted = checking.require_clean(dossier), []
    for kind in kinds:
        dossier, what = book.plant(dossier, kind, Lots("planted"))
        planted.append(what)
    defects = [one for one in kinds if isinstance(one, book.Defect)]
    decoys = [one for one in kinds if isinstance(one, book.Decoy)]
    return Case(1, dossier, key_of(dossier, raised, defects, decoys, planted[: len(defects)]))


def come_in(cases: Iterable[Case], desk: Role) -> tuple[Exercise, Seat, list[Assignment]]:
    """Let the notes of cases come in at once; return the exercise and the seat of a desk."""
    given = sorted(cases, key=lambda one: str(one.dossier.received_at))
    person, _made = User.objects.get_or_create(username="officer")
    exercise, seat = practice.open_sitting(
        Purpose.PRACTICE, given, desk=desk, seed=1, person=person
    )
    for row in Assignment.objects.filter(exercise=exercise).order_by("number"):
        with acts.act(exercise) as at:
            conduct.come_in(row, by=None, at=at)
    return exercise, seat, read(exercise)


def mark(exercise: Exercise, seat: Seat, row: Assignment, **said: str) -> None:
    assert row.flight is not None
    with acts.act(exercise, by=seat) as at:
        marking.mark(row.flight, by=seat, at=at, **said)


def read(exercise: Exercise) -> list[Assignment]:
    return marks.read(Assignment.objects.filter(exercise=exercise).order_by("number"), exercise)


def test_every_mistake_of_the_book_is_told_with_its_sentence_and_what_is_right() -> None:
    by_desk: dict[bool, list[Defect]] = {True: [], False: []}
    for one in book.defects().values():
        by_desk[one.is_of_plan].append(one)
    for of_plan, kinds in by_desk.items():
        desk = Role.OPERATIONS if of_plan else Role.DECIDER
        _exercise, seat, rows = come_in(map(case_with, kinds), desk)
        told = set()
        for row in rows:
            [line] = debrief.page(row, seat).lines
            kind = book.defects()[row.defects[0]["kind"]]
            assert line.sign == SIGNS[What.MISS]
            assert line.says == str(kind.says)
            assert line.right == str(kind.mending)
            assert {one.code for one in line.cited} == {*kind.codes}
            assert line.is_for_eyes == (not kind.codes)
            assert all(one.clause and one.anchor for one in line.cited)
            assert len(line.versions) == len(kind.facts)
            if row.key["mends"][kind.kind]:
                assert line.is_mended, kind.kind
            page = render_to_string("review/_why.html", {"line": line})
            assert "You marked nothing here." in page
            told.add(kind.kind)
        assert told == {one.kind for one in kinds}


def test_a_mistake_that_can_be_mended_shows_the_two_versions_side_by_side() -> None:
    """In one of its facts at least; a flight plan shows in the item of its message."""
    for kind in book.defects().values():
        if kind.kind in ("CALL_SIGN_CHANGED", "CAPTAIN_NAMED_TWICE", "CARGO_IN_WORDS"):
            desk = Role.OPERATIONS if kind.is_of_plan else kind.desk
            _exercise, seat, [row] = come_in([case_with(kind)], desk)
            [line] = debrief.page(row, seat).lines
            differ = [one for one in line.versions if not one.is_same]
            assert differ, kind.kind
            assert all(one.given and one.right for one in differ)


def test_every_written_dossier_is_told_in_its_own_words() -> None:
    library = [one.case(number) for number, one in enumerate(written.shipped().values(), 1)]
    _exercise, seat, rows = come_in(library, Role.DECIDER)
    titles = set()
    for row in rows:
        page = debrief.page(row, seat)
        assert page.story is not None
        titles.add(page.story.title)
        says = {one.kind: one.says for one in page.story.key.defects}
        told = {line.says for line in page.lines}
        assert {*says.values()} <= told
        assert {one.says for one in page.story.key.decoys} <= told
        for line in page.lines:
            assert line.right
            if line.is_missed:
                assert line.is_mended
                assert any(not one.is_same for one in line.versions), line.says
    assert titles == {one.title for one in written.shipped().values()}


def test_what_was_marked_stands_beside_what_is_true() -> None:
    found, missed = book.defects()["CAPTAIN_NAMED_TWICE"], book.defects()["WRONG_MINISTRY"]
    case = case_with(found, missed)
    exercise, seat, [row] = come_in([case], Role.REGISTRY)
    words = "He cannot be reached aloft."
    mark(exercise, seat, row, fact="captain", words=words, confidence="SURE")
    mark(exercise, seat, row, fact="purpose", words="Odd.", confidence="GUESS")
    page = debrief.page(read(exercise)[0], seat)

    hit, miss, alarm = page.lines
    assert (hit.sign, miss.sign) == (SIGNS[What.HIT], SIGNS[What.MISS])
    assert hit.said is not None
    assert hit.said.words == words
    assert hit.said.confidence == "Sure"
    assert alarm.sign == SIGNS[What.FALSE_ALARM]
    assert alarm.says == "Nothing is wrong with this item."
    assert alarm.right
    assert page.sentence == (
        "You found 1 of 2 mistakes that were yours to find, with 1 false alarm. "
        "You handed it in undecided."
    )
    shown = {
        fact.label: [it.sign.tone for it in fact.lines] for g in page.groups for fact in g.facts
    }
    assert shown["Captain: rank and name"] == ["good"]
    assert shown["Remarks"] == ["warn"]
    assert shown["Purpose"] == ["bad"]


def test_words_at_the_right_fact_of_what_a_rule_finds_are_worth_half_and_say_why() -> None:
    kinds = book.defects().values()
    kind = next(one for one in kinds if one.codes and one.desk == Role.SECURITY)
    exercise, seat, [row] = come_in([case_with(kind)], Role.SECURITY)
    mark(exercise, seat, row, fact=kind.facts[0], words="Not so.", confidence="FAIRLY")
    [line, *_others] = debrief.page(read(exercise)[0], seat).lines

    assert line.sign == SIGNS[What.HALF_HIT]
    assert line.remark == "Your words were read against nothing: right fact, half."


def test_a_decoy_that_was_marked_is_told_by_its_own_sentence() -> None:
    kind = next(
        one for one in book.decoys().values() if not one.of_plan and "." not in one.facts[0]
    )
    exercise, seat, [row] = come_in([case_with(kind)], Role.DECIDER)
    left = debrief.page(row, seat).lines
    assert [(one.sign, one.says) for one in left] == [(why.DECOY, str(kind.says))]
    mark(exercise, seat, row, fact=kind.facts[0], words="?", confidence="GUESS")
    [line] = debrief.page(read(exercise)[0], seat).lines

    assert line.sign == SIGNS[What.FALSE_ALARM]
    assert line.says == str(kind.says)
    assert line.right == "It looks wrong and is right: let it stand."


def test_a_false_alarm_where_another_desks_mistake_is_says_what_that_is() -> None:
    kind = book.defects()["WRONG_MINISTRY"]
    exercise, seat, [row] = come_in([case_with(kind)], Role.SECURITY)
    mark(exercise, seat, row, fact=kind.facts[0], words="Odd.", confidence="GUESS")
    [line] = debrief.page(read(exercise)[0], seat).lines

    assert line.sign == SIGNS[What.FALSE_ALARM]
    assert line.says == str(kind.says)
    assert line.right == "This is another desk’s to find, and it is not what you marked."


def test_what_is_another_desks_stands_apart() -> None:
    _exercise, seat, [row] = come_in([case_with(book.defects()["WRONG_MINISTRY"])], Role.SECURITY)
    page = debrief.page(row, seat)

    assert page.lines == ()
    [line] = page.others
    assert line.is_anothers
    assert line.desk == str(Role.REGISTRY.label)


def test_a_notice_is_counted_day_by_day() -> None:
    kind = next(one for one in book.defects().values() if one.chapter == "notice" and one.codes)
    _exercise, seat, [row] = come_in([case_with(kind)], Role.DECIDER)
    page = debrief.page(row, seat)

    assert page.own is not None
    assert page.own.count is not None
    assert any(day.counted for day in page.own.count.days)
    assert all(count.strip for line in page.lines for count in line.counts)


def test_of_a_flight_plan_the_items_are_told_as_they_stand_in_the_message() -> None:
    kind = book.defects()["CALL_SIGN_CHANGED"]
    _exercise, seat, [row] = come_in([case_with(kind)], Role.OPERATIONS)
    page = debrief.page(row, seat)

    assert page.message.startswith("(FPL-")
    assert page.own is None
    [group] = page.groups
    [item] = group.facts
    assert item.value in page.message
