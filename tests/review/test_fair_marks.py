"""Marks are for seeing: no question, guess or second look earns them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from approvals import checks, facts
from audit import acts
from audit.refusals import NotNow
from casework import kinds, work
from control import accounts, practice
from exercises import clock
from exercises.models import Role
from review import choosing, marks
from review.marks import Verdict, What
from scenarios.models import Assignment, Exam, Purpose, Sitting
from tests.browsing import body
from tests.review.examining import base, client_of, held, joined, teacher

if TYPE_CHECKING:
    from exercises.models import Exercise, Seat
    from transit.models import FlightRequest

pytestmark = [pytest.mark.django_db, pytest.mark.once]

VAGUE = "Please look at your form again."


def opened(desk: Role, *, seed: int, level: int = 1) -> tuple[Exercise, Seat]:
    """A practice with one dossier that has a mistake, on the desk."""
    cases = practice.dossiers(seed, 1, desk=desk, difficulty=level, clean_share=0)
    exercise, seat = practice.open_sitting(
        Purpose.PRACTICE, cases, desk=desk, seed=seed, person=accounts.join("Aigerim", "kedi m")
    )
    goes_on(exercise, seat)
    return exercise, seat


def goes_on(exercise: Exercise, seat: Seat) -> None:
    practice.pass_on(exercise, seat)
    exercise.refresh_from_db()


def dossier(exercise: Exercise) -> Assignment:
    return marks.read(Assignment.objects.filter(exercise=exercise, number=1), exercise)[0]


def flight(exercise: Exercise) -> FlightRequest:
    found = dossier(exercise).flight
    assert found
    return found


def done(exercise: Exercise, seat: Seat, verb: str, subject: Any, **details: Any) -> None:
    with acts.act(exercise, by=seat) as at:
        kinds.doors()[verb](subject, by=seat, at=at, **details)
    exercise.refresh_from_db()


def mark(exercise: Exercise, seat: Seat, fact: str, code: str) -> None:
    words = "" if code else "This is wrong."
    told = {"fact": fact, "code": code, "words": words, "confidence": "SURE"}
    done(exercise, seat, "mark", flight(exercise), **told)


def marked(exercise: Exercise, seat: Seat) -> marks.DossierMarks:
    return marks.of_dossier(dossier(exercise), seat)


def own(exercise: Exercise, seat: Seat) -> tuple[str, str]:
    """Return the first fact of the defect, and the rule of the desk by which it is found."""
    [defect, *_more] = [one for one in dossier(exercise).defects if one["desk"] == seat.role]
    known = checks.known_codes(flight(exercise), seat)
    return defect["facts"][0], next((code for code in defect["codes"] if code in known), "")


def elsewhere(exercise: Exercise) -> str:
    """Return a fact in which nothing that was planted shows."""
    shown = {fact for one in dossier(exercise).defects for fact in one["facts"]}
    return next(fact for fact in facts.to_mark(of_plan=False) if fact not in shown)


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_what_a_mended_form_shows_is_nobodys_find(seed: int) -> None:
    exercise, seat = opened(Role.SECURITY, seed=seed)
    fact, code = own(exercise, seat)
    done(exercise, seat, "ask", flight(exercise), text=VAGUE)
    goes_on(exercise, seat)
    before = marked(exercise, seat)
    assert len(flight(exercise).revisions.all()) == 2

    mark(exercise, seat, fact, code)

    assert marked(exercise, seat).count(What.MISS) == before.count(What.MISS) > 0
    assert marked(exercise, seat).points == before.points


def test_what_is_done_after_the_hand_in_changes_no_mark() -> None:
    exercise, seat = opened(Role.SECURITY, seed=6)
    _fact, code = own(exercise, seat)
    mark(exercise, seat, elsewhere(exercise), code)  # the right rule at the wrong fact
    other = next(one for one in checks.known_codes(flight(exercise), seat) if one not in ("", code))
    mark(exercise, seat, elsewhere(exercise), other)
    done(exercise, seat, "ask", flight(exercise), text=VAGUE)
    client_of(seat.holder).post(f"{base(exercise, seat)}marks/1/hand-in/")  # type: ignore[arg-type]
    exercise.refresh_from_db()
    handed_in = marked(exercise, seat)
    assert handed_in.count(What.HALF_HIT) == 1

    with pytest.raises(NotNow, match="own check of this form is recorded"):
        done(exercise, seat, "unmark", flight(exercise).marks.all()[0])
    goes_on(exercise, seat)
    with pytest.raises(NotNow, match="own check of this form is recorded"):
        done(exercise, seat, "unmark", flight(exercise).marks.all()[1])
    done(exercise, seat, "ask", flight(exercise), text="Still.", findings=[])

    assert marked(exercise, seat) == handed_in


def test_who_marks_every_rule_at_one_fact_finds_one_thing_and_pays_for_the_rest() -> None:
    exercise, seat = opened(Role.SECURITY, seed=6)
    fact, _code = own(exercise, seat)
    known = checks.known_codes(flight(exercise), seat)
    for code in known:
        mark(exercise, seat, fact, code)

    found = marked(exercise, seat)
    assert found.count(What.HIT) == 1
    assert found.count(What.FALSE_ALARM) > len(known) / 2
    assert found.points < marks.FULL


def test_one_mark_finds_one_mistake() -> None:
    seed = next(
        seed
        for seed in range(5, 60)
        for [case] in [practice.dossiers(seed, 1, desk=Role.DECIDER, difficulty=5, clean_share=0)]
        if len(case.key.defects) > 1 and all(one.codes for one in case.key.defects)
    )
    exercise, seat = opened(Role.DECIDER, seed=seed, level=5)
    one, other = dossier(exercise).defects[:2]
    told = {"fact": one["facts"][0], "other": other["facts"][0], "code": one["codes"][0]}
    done(exercise, seat, "mark", flight(exercise), **told, confidence="SURE")

    found = marked(exercise, seat)
    assert (found.count(What.HIT), found.count(What.HALF_HIT)) == (1, 0)


def test_operations_decide_by_what_they_do_first_with_a_plan() -> None:
    exercise, seat = opened(Role.OPERATIONS, seed=5)
    assert dossier(exercise).key["decision"] == "hold"
    movement = flight(exercise).movements.all()[0]
    done(exercise, seat, "send_plan_back", movement, reason="It does not agree.")
    assert (marked(exercise, seat).decided, marked(exercise, seat).verdict) == (
        "hold",
        Verdict.RIGHT,
    )

    goes_on(exercise, seat)
    movement = flight(exercise).movements.all()[0]
    assert movement.plan
    done(exercise, seat, "check_plan", movement, remarks="Filed anew.")

    assert marked(exercise, seat).verdict == Verdict.RIGHT


def test_a_dossier_that_is_decided_waits_to_be_handed_in_and_no_day_passes() -> None:
    exercise, seat = opened(Role.SECURITY, seed=6)
    [task] = [one for one in work.open_work(exercise, exercise.last_at) if one.is_of(seat)]
    done(exercise, seat, "own_check", flight(exercise), states=["TR"], due_on=None)
    done(exercise, seat, "concur", task.row, answer="CONCUR")
    at = exercise.last_at

    client = client_of(seat.holder)  # type: ignore[arg-type]
    answer = client.post(f"{base(exercise, seat)}next/")

    exercise.refresh_from_db()
    assert answer["Location"] == f"{base(exercise, seat)}flights/1/"
    assert exercise.last_at == at


def test_two_tabs_are_given_one_dossier() -> None:
    exercise, seat = opened(Role.SECURITY, seed=6)
    sat = Sitting.objects.get(exercise=exercise)
    client_of(seat.holder).post(f"{base(exercise, seat)}marks/1/hand-in/")  # type: ignore[arg-type]
    exercise.refresh_from_db()
    choice = choosing.following(sat, now=clock.wall(), at=exercise.last_at)
    for _tab in range(2):
        practice.give(sat, choice.case, asdict(choice.reason))
    assert Assignment.objects.filter(exercise=exercise).count() == 2


def test_whoever_looks_on_at_an_exam_does_nothing_in_it() -> None:
    instructor, candidate = teacher(), joined("Ayşe")
    exam = held(instructor, number=2)
    client_of(candidate).post(
        f"/exams/{exam.exercise_id}/", {f"{exam.exercise_id}-desk": "SECURITY"}
    )
    attempt = Sitting.objects.get(person=candidate.username)
    page = base(attempt.exercise, attempt.seat)
    client = client_of(instructor)

    said = body(client.get(f"{page}flights/1/"))
    assert "You look on" in said
    assert "hand-in/" not in said
    for way in ("marks/1/hand-in/", "next/"):
        assert client.post(f"{page}{way}").status_code == 403
    assert f"/x/{attempt.exercise_id}/" not in body(client.get("/me/"))


def test_the_cast_of_a_demo_holds_no_exam(settings: Any, django_user_model: Any) -> None:
    settings.DEMO, settings.DEMO_PIN = True, "471100"
    cast = django_user_model.objects.create_user("control-demo")
    asked = {"name": "E", "desks": ["SECURITY"], "number": "1", "level": "1", "minutes": "10"}
    answer = client_of(cast).post("/exams/new/", asked | {"variant": "A", "seed": "77777"})

    assert answer["Location"].startswith("/join/")
    assert not Exam.objects.exists()
