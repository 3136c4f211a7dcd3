"""The list of situations: each is answered by what it names, and tested under its number."""

from __future__ import annotations

import inspect
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

import rules
from control.management.commands.rules import OTHERS, kind_of, situations
from tests.situations import (
    test_flight,
    test_intake,
    test_load,
    test_route,
    test_scope,
    test_timing,
)

if TYPE_CHECKING:
    from collections.abc import Callable

#: The tests by the number with which their docstring begins.
TESTS: dict[int, Callable[[], None]] = {
    int(number): function
    for module in (test_intake, test_scope, test_route, test_timing, test_load, test_flight)
    for _, function in inspect.getmembers(module, inspect.isfunction)
    if (number := (function.__doc__ or "").partition(".")[0]).isdecimal()
}
ANSWERED = [one for one in situations() if "by" in one]


def test_the_situations_are_sixty_four() -> None:
    assert [one["number"] for one in situations()] == list(range(1, 65))


def test_a_situation_says_nothing_else() -> None:
    """A comma in a title would begin another key."""
    assert {*chain(*situations())} == {"number", "title", "by", "step"}


def test_what_nothing_answers_yet_belongs_to_the_next_step() -> None:
    unanswered = {one["number"]: one.get("step") for one in situations() if "by" not in one}

    assert unanswered == dict.fromkeys((39, 40), 3)


def test_each_situation_that_is_answered_has_its_test() -> None:
    assert {*TESTS} == {one["number"] for one in ANSWERED}


@pytest.mark.parametrize("one", ANSWERED, ids=lambda one: str(one["number"]))
def test_what_answers_a_situation_exists_and_is_in_its_test(one: dict[str, Any]) -> None:
    source = inspect.getsource(TESTS[one["number"]])

    for code in one["by"]:
        assert kind_of(code)
        assert code in OTHERS or code in source, code


def test_rules_and_situations_name_each_other() -> None:
    known = {one.code for one in rules.rule_set(rules.LATEST)}
    by_rule = {
        (number, one.code) for one in rules.rule_set(rules.LATEST) for number in one.situations
    }
    by_situation = {(one["number"], code) for one in ANSWERED for code in one["by"]}

    assert by_rule == {(number, code) for number, code in by_situation if code in known}
