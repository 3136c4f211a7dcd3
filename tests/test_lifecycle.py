"""The lifecycle page, the verbs' tables, the declared transitions and the doors say the same."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from audit import acts
from audit.verbs import Verb
from control.management.commands import lifecycle

TRANSITIONS = [(model, row) for model in lifecycle.MACHINES for row in lifecycle.transitions(model)]
#: A new request moves from nowhere: no transition makes it.
MOVING = [
    verb for verb in lifecycle.all_verbs().values() if verb.target and verb.subject != "exercise"
]


def test_a_page_that_drifted_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "PAGE", tmp_path / "reference" / "lifecycle.md")
    call_command("lifecycle")
    lifecycle.PAGE.write_text(lifecycle.PAGE.read_text().replace("lapse", "grant", 1))

    with pytest.raises(CommandError, match="out of date"):
        call_command("lifecycle", "--check")


def test_the_page_is_english_in_every_language() -> None:
    pages = set()
    for language in ("en", "tr", "kk", "ru"):
        with translation.override(language):
            pages.add(lifecycle.page())

    assert len(pages) == 1


@pytest.mark.parametrize("room", lifecycle.ROOMS)
def test_each_verb_has_one_door_of_its_name_and_each_door_a_verb(room: str) -> None:
    _, modules = lifecycle.ROOMS[room]

    for module in modules:
        for code, door in acts.doors(module).items():
            assert getattr(module, code) is door
            assert door.row.code == door.function.__name__


def test_no_verb_stands_in_two_rooms() -> None:
    codes = [
        code
        for _, modules in lifecycle.ROOMS.values()
        for module in modules
        for code in acts.doors(module)
    ]

    assert len(codes) == len({*codes})


@pytest.mark.parametrize(("model", "row"), TRANSITIONS, ids=lambda it: getattr(it, "name", ""))
def test_each_transition_is_fired_from_one_module_by_some_verb(
    model: Any, row: lifecycle.Transition
) -> None:
    assert len(lifecycle.fired_in(row.name)) == 1
    assert row.verbs


@pytest.mark.parametrize("verb", MOVING, ids=lambda verb: verb.code)
def test_a_verb_that_moves_its_subject_goes_where_its_transitions_go(verb: Verb) -> None:
    fired = [row for _, row in TRANSITIONS if verb.code in row.verbs and row.target in verb.target]

    assert {row.target for row in fired} == {*verb.target}
    assert not verb.source or {source for row in fired for source in row.sources} == {*verb.source}


@pytest.mark.parametrize(("model", "row"), TRANSITIONS, ids=lambda it: getattr(it, "name", ""))
def test_a_transition_of_a_verbs_name_moves_as_the_verb_says(
    model: Any, row: lifecycle.Transition
) -> None:
    verb = lifecycle.all_verbs().get(row.name)

    if verb is not None:
        assert row.target in verb.target
        assert not verb.source or {*verb.source} == {*row.sources}


def test_every_status_can_be_reached() -> None:
    for model in lifecycle.MACHINES:
        field = model._meta.get_field("status")
        reached = {str(field.default)} | {row.target for one, row in TRANSITIONS if one is model}

        assert reached == {*lifecycle.statuses(model)}


def test_each_verb_of_a_seat_has_an_icon_that_there_is() -> None:
    drawn = (settings.BASE_DIR / "static" / "icons.svg").read_text("utf-8")
    offered = [row for row in lifecycle.all_verbs().values() if row.roles and row.subject != "seat"]

    for row in offered:
        assert not row.icon or f'<symbol id="{row.icon}"' in drawn, row.code
