"""A kind of case is a model and its verbs: panel, press, history, work, notes, sight come along."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import clear_url_caches, include, path

from audit import acts, verification
from audit.parameters import Kind
from audit.refusals import NotNow, NotYou
from casework import kinds
from casework.moves import moves
from casework.sight import known_to
from casework.views import addresses
from casework.work import open_work
from config.urls import seated
from config.urls import urlpatterns as others
from control import actions, stories
from exercises.models import Exercise
from tests import playing
from tests.browsing import body, form_for, signed_in
from tests.casework.letters import verbs
from tests.casework.letters.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

START = datetime(2026, 9, 7, 9, tzinfo=UTC)

urlpatterns: list[Any] = []


@pytest.fixture(autouse=True)
def _letters(settings: LazySettings) -> Iterator[None]:
    """Let the product know of letters, beside its own kinds of case."""
    settings.CASES = [*settings.CASES, "tests.casework.letters.kind"]
    _forget()
    mine = [one for one in seated if one.name not in kinds.kinds()]
    urlpatterns[:] = [
        path("x/<int:exercise>/<slug:seat>/", include([*mine, *addresses()])),
        *others,
    ]
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield
    _forget()
    clear_url_caches()


def _forget() -> None:
    for known in (kinds.kinds, kinds.doors, kinds.duties):
        known.cache_clear()


@pytest.fixture
def exercise() -> Exercise:
    """Return an exercise in which the attaché has written a letter."""
    exercise = actions.create("Letters", at=START, then=stories.seat_cast)
    attache = playing.seat(exercise, "TR-ATTACHE")
    with acts.act(exercise, at=START, by=attache) as at:
        verbs.write_letter(exercise, by=attache, at=at, host="KZ", said="May we?")
    exercise.refresh_from_db()
    return exercise


def test_a_move_says_what_it_takes_without_a_form(exercise: Exercise) -> None:
    registry = playing.seat(exercise, "KZ-REGISTRY")

    (move,) = moves(Letter.objects.get(), registry, START)

    assert move.is_open
    assert [
        (one.name, one.kind, one.parameter.is_needed) for one in move.asks(registry, START)
    ] == [
        ("verdict", Kind.CHOICE, True),
        ("words", Kind.TEXT, False),
        ("note_number", Kind.LINE, True),
    ]
    assert move.asks(registry, START)[0].choices == (("YES", "Agreed"), ("NO", "Not agreed"))


def test_it_is_pressed_on_its_page_and_told_in_its_history(exercise: Exercise) -> None:
    registry, page = signed_in(exercise, "KZ-REGISTRY"), f"/x/{exercise.pk}/KZ-REGISTRY/letters/1/"
    form = form_for(registry.get(page), "do/reply_to_letter/")

    told = {"verdict": "YES", "note_number": "2026/7", "words": "You may."}
    answer = registry.post(form.action, form.fields | told)

    assert answer.status_code == 302
    said = body(registry.get(page))
    assert "TR-KZ-L0001" in said
    assert "Letter answered" in said
    assert "Agreed" in said
    assert "Note 2026/7" in said
    assert "You may." in said
    assert Letter.objects.get().status == "ANSWERED"
    assert verification.faults(Exercise.objects.get(pk=exercise.pk)) == []


def test_what_is_wrong_is_said_at_its_item_and_what_was_typed_is_kept(exercise: Exercise) -> None:
    registry, page = signed_in(exercise, "KZ-REGISTRY"), f"/x/{exercise.pk}/KZ-REGISTRY/letters/1/"
    form = form_for(registry.get(page), "do/reply_to_letter/")

    answer = registry.post(form.action, form.fields | {"words": "You may.", "note_number": "1"})

    assert answer.status_code == 422
    assert "Choose a verdict." in body(answer)
    assert "You may.</textarea>" in body(answer)


def test_a_refusal_says_why_and_gives_back_what_was_typed(exercise: Exercise) -> None:
    attache = signed_in(exercise, "TR-ATTACHE")

    answer = attache.post(
        f"/x/{exercise.pk}/TR-ATTACHE/letters/1/do/reply_to_letter/",
        {"once": "2b1b9f7c-5f9a-4b43-9d0e-0d5e3a1f8f11", "verdict": "NO", "words": "Never."},
    )

    assert answer.status_code == 403
    assert "“Answer” is a move of: Foreign-ministry registry." in body(answer)
    assert "Never." in body(answer)
    assert "Not agreed" in body(answer)


def test_it_is_owed_and_counted_until_it_is_answered(exercise: Exercise) -> None:
    (task,) = open_work(exercise, START)
    assert (task.state, task.role, str(task.duty.label)) == ("KZ", "REGISTRY", "registration")
    assert task.due_at is not None

    registry = playing.seat(exercise, "KZ-REGISTRY")
    with acts.act(exercise, at=START, by=registry) as at:
        verbs.reply_to_letter(
            Letter.objects.get(), by=registry, at=at, verdict="NO", note_number="2"
        )

    assert open_work(exercise, START) == []


def test_the_other_side_sees_the_state_and_a_third_state_nothing(exercise: Exercise) -> None:
    letter = Letter.objects.get()
    work = open_work(exercise, START)

    asking = known_to(letter, playing.seat(exercise, "TR-ATTACHE"), work)
    assert [one.who for one in asking.holders] == ["The host state, Kazakhstan"]
    assert [note.text for note in asking.notes.rows] == ["May we?"]
    assert [entry.title for entry in asking.history.entries] == ["Letter written"]

    assert (
        signed_in(exercise, "KZ-REGISTRY")
        .get(f"/x/{exercise.pk}/KZ-REGISTRY/letters/2/")
        .status_code
        == 404
    )


def test_guards_hold_and_no_verb_is_done_inside_another(exercise: Exercise) -> None:
    letter = Letter.objects.get()
    attache, registry = (playing.seat(exercise, key) for key in ("TR-ATTACHE", "KZ-REGISTRY"))
    told = {"verdict": "NO", "note_number": "2"}
    with pytest.raises(NotYou), acts.act(exercise, at=START, by=attache) as at:
        verbs.reply_to_letter(letter, by=attache, at=at, **told)
    with acts.act(exercise, at=START, by=registry) as at:
        verbs.reply_to_letter(letter, by=registry, at=at, **told)
    with pytest.raises(NotNow, match="Answered"), acts.act(exercise, at=START, by=registry) as at:
        verbs.reply_to_letter(letter, by=registry, at=at, **told)
