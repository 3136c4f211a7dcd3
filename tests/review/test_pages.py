"""What was right: its pages open to what was handed in, and to nothing else."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from audit import acts
from control import accounts, practice
from exercises import clock
from exercises.models import Role
from review import history, practising, results, sitting, table
from scenarios import conduct
from scenarios.models import Assignment, Purpose
from tests.browsing import body
from tests.wall import standing

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from scenarios.models import Sitting

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def played(number: int = 3, seed: int = 3) -> Sitting:
    """A sitting of a sloppy security officer, each dossier handed in."""
    return sitting.play_chosen(
        "sloppy", desk=Role.SECURITY, level=2, seed=seed, number=number, now=clock.wall()
    )


def client_of(sat: Sitting) -> Client:
    client = Client()
    assert sat.seat.holder is not None
    client.force_login(sat.seat.holder)
    return client


def address(sat: Sitting, page: str = "") -> str:
    return f"/x/{sat.exercise_id}/{sat.seat.key}/marks/{page}"


def test_nothing_of_a_dossier_is_told_before_it_is_handed_in() -> None:
    person = accounts.join("Aigerim", "kedi miyav")
    cases = practice.dossiers(5, 2, desk=Role.SECURITY, difficulty=3, clean_share=0)
    exercise, seat = practice.open_sitting(
        Purpose.PRACTICE, cases, desk=Role.SECURITY, seed=5, person=person
    )
    assert practice.pass_on(exercise, seat)
    client = Client()
    client.force_login(person)
    before = client.get(f"{seat.get_absolute_url()}marks/1/")
    row = Assignment.objects.get(exercise=exercise, number=1)
    with acts.act(exercise, by=seat) as at:
        conduct.hand_in(row, by=seat, at=at, decided="")
    after = client.get(f"{seat.get_absolute_url()}marks/1/")

    assert before.status_code == 409
    assert "What was right is shown when the dossier is handed in." in body(before)
    assert after.status_code == 200
    assert "You handed it in undecided." in body(after)
    assert client.get(f"{seat.get_absolute_url()}marks/2/").status_code == 404
    sheet = body(client.get(f"{seat.get_absolute_url()}marks/"))
    assert "1 dossier," in sheet
    assert "1: " in sheet
    assert "2: " not in sheet


def test_a_table_of_a_sitting_counts_what_its_dossiers_say() -> None:
    sat = played()
    found = table.table(sat)
    page = body(client_of(sat).get(address(sat)))

    assert [row.marks.number for row in found.rows] == [1, 2, 3]
    assert sum(one.hits for one in found.chapters) == sum(row.hits for row in found.rows)
    assert sum(one.false_alarms for one in found.chapters) == sum(
        row.false_alarms for row in found.rows
    )
    for row in found.rows:
        assert f"{row.marks.number}: {row.marks.case}" in page
        assert row.seconds is not None
        assert row.seconds >= 0
    assert history.next_practice(history.of_sitting(sat)) in page
    assert f"{found.sheet.points} of {found.sheet.of} points" in page


def test_the_time_of_a_dossier_is_real_and_counts_from_when_it_lay_on_the_desk() -> None:
    with standing() as wall:
        person = accounts.join("Aigerim", "kedi miyav")
        cases = practice.dossiers(5, 2, desk=Role.SECURITY, difficulty=3, clean_share=0)
        exercise, seat = practice.open_sitting(
            Purpose.PRACTICE, cases, desk=Role.SECURITY, seed=5, person=person
        )
        for minutes in (4, 7):
            done = {one.case for one in Assignment.objects.filter(handins__seat=seat)}
            case = practice.pass_on(exercise, seat, but=done)
            assert case
            wall.wait(minutes=minutes)
            row = Assignment.objects.get(flight=case.pk)
            with acts.act(exercise, by=seat) as at:
                conduct.hand_in(row, by=seat, at=at, decided="")
            wall.wait(minutes=1)
    found = table.table(practising.sitting(exercise, seat))

    assert [row.seconds for row in found.rows] == [4 * 60, 7 * 60]
    assert found.minutes == 11


def test_too_few_marks_are_given_no_share_and_no_score() -> None:
    found = table.table(played())

    assert found.brier is None
    assert all(one.share is None for one in found.calibration)
    assert table.Calibrated("Sure", table.FEW, 7).share == 70


def test_every_dossier_that_was_handed_in_has_its_page() -> None:
    sat = played()
    client = client_of(sat)
    for row in table.table(sat).rows:
        answer = client.get(address(sat, f"{row.marks.number}/"))
        assert answer.status_code == 200
        assert row.marks.case in body(answer)


def test_the_table_is_a_file_with_the_mark_and_without_formulas() -> None:
    sat = played()
    answer = client_of(sat).get(address(sat, "marks.csv"))
    rows = [*csv.DictReader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff")))]

    assert answer["Content-Disposition"] == 'attachment; filename="EXERCISE-marks.csv"'
    assert {row["mark"] for row in rows} == {"EXERCISE"}
    dossiers = [row for row in rows if row["row"] == "dossier"]
    assert [row["dossier"] for row in dossiers] == ["1", "2", "3"]
    lines = [line for one in history.of_sitting(sat) for line in one.marks.lines]
    assert len(rows) == len(dossiers) + len(lines)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_ones_own_page_has_ones_results_and_the_export_has_them_too() -> None:
    sat = played(number=1)
    client = client_of(sat)
    [result] = results.newest(sat.person)
    page = body(client.get(reverse("me")))
    kept = json.loads(client.get(reverse("me-export")).content)

    assert result.sentence in page
    assert result.url in page
    [told] = kept["results"]
    assert told["desk"] == sat.seat.key
    assert [one["number"] for one in told["dossiers"]] == [1]


def test_results_come_page_by_page_and_cost_no_more_with_more_sittings(
    django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = played(number=1), played(number=1, seed=4)
    monkeypatch.setattr(results, "SHOWN", 1)
    first = results.page_of(one.person, "")
    last = results.page_of(one.person, "2")

    assert [it.sitting for it in first.rows] == [other]
    assert [it.sitting for it in last.rows] == [one]
    assert results.page_of(one.person, "nonsense").page.number == 1
    with django_assert_max_num_queries(20):
        results.page_of(one.person, "1")


def test_nobody_else_reads_the_marks_of_a_sitting() -> None:
    sat = played(number=1)
    client = Client()
    client.force_login(accounts.join("Somebody", "baska biri"))

    for page in ("", "1/", "marks.csv"):
        assert client.get(address(sat, page)).status_code in (403, 404)
