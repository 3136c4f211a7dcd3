"""The page of a flight: what a desk must look at first, the rest in tabs, and what comes next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests import canaries, playing
from tests.browsing import body, form_for, signed_in

if TYPE_CHECKING:
    from exercises.models import Exercise

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.quick]

#: What each desk looks at, in its order.
ORDER = {
    "KZ-REGISTRY": ["The note", "Completeness", "Notice", "Scope"],
    "KZ-DEFENCE": ["What stands", "The desks", "Conditions", "Purpose"],
    "KZ-AIR_DEFENCE": ["Aircraft", "Route", "Sensors, activity"],
    "KZ-SECURITY": ["Persons", "Weapons", "Dangerous goods", "Third states"],
    "KZ-CIVIL_AVIATION": ["Route", "Times", "Dangerous goods"],
    "KZ-DECIDER": ["What stands", "The desks", "Conditions", "Purpose"],
    "KZ-OPERATIONS": ["Window", "Aircraft"],
    "TR-PLANNER": ["The note"],
    "INSTRUCTOR": ["What stands", "The desks", "The note"],
}


def page(exercise: Exercise, key: str, query: str = "", number: int = 1) -> str:
    address = f"/x/{exercise.pk}/{key}/flights/{number}/{query}"
    return body(signed_in(exercise, key).get(address))


def matters(said: str) -> list[str]:
    """Return the matters that come before the tabs, without what is found besides."""
    first = said.partition('id="rest"')[0]
    titles = re.findall(r'<div class="matter">\s*<h3>(.*?)</h3>', first)
    return [one for one in titles if one != "Also found"]


@pytest.mark.parametrize("key", ORDER)
def test_each_desk_looks_at_its_own_matters_first(key: str) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    assert matters(page(exercise, key)) == ORDER[key]


def test_a_finding_of_the_desk_stands_before_the_tabs_and_not_that_of_another() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    for key, is_first in (("KZ-AIR_DEFENCE", True), ("KZ-SECURITY", False)):
        first, _rest, tabs = page(exercise, key).partition('id="rest"')
        assert ("BOUNDARY_AND_BORDER" in first) is is_first
        assert "BOUNDARY_AND_BORDER" in tabs


def test_what_stands_is_told_to_the_lead_desk_once_before_the_tabs() -> None:
    exercise = playing.before("bravo", "deal_with", seated=True)
    first = page(exercise, "KZ-DEFENCE").partition('id="rest"')[0]
    codes = re.findall(r'<span class="mono">([A-Z_]+)</span> ·', first)
    assert codes
    assert len(codes) == len({*codes})


def test_operations_read_the_window_and_the_plan_before_anything_else() -> None:
    exercise = canaries.filed()
    first = page(exercise, "KZ-OPERATIONS").partition('id="rest"')[0]
    for words in ("EXKZ26S0001", "Entry before", "As the authorization calls for it"):
        assert words in first


def test_a_tab_keeps_its_address_and_every_tab_is_in_the_document() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    said = page(exercise, "KZ-SECURITY", "?tab=history")
    assert 'data-tab="history"' in said
    assert re.search(r'data-show-tab="history"\s+aria-current="true"', said)
    for heading in ("form-title", "checks-title", "desks-title", "notes-title", "history-title"):
        assert f'id="{heading}"' in said


@pytest.mark.parametrize("query", ["", "?tab=", "?tab=nothing", "?tab=%00"])
def test_without_a_tab_that_there_is_the_form_is_shown(query: str) -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    assert 'data-tab="form"' in page(exercise, "KZ-SECURITY", query)


def test_the_requesting_side_has_no_tab_of_the_desks() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    assert 'data-show-tab="desks"' not in page(exercise, "TR-PLANNER")


def test_after_an_act_the_next_own_work_is_one_step_away() -> None:
    exercise = canaries.play()
    registry = signed_in(exercise, "KZ-REGISTRY")
    address = f"/x/{exercise.pk}/KZ-REGISTRY/flights/{canaries.AUTHORIZED}/"
    form = form_for(registry.get(address), "do/reply/")
    done = body(registry.post(form.action, form.fields | {"note_number": "KZ-77"}, follow=True))
    told = done.partition('class="notes"')[2].partition("</div>")[0]
    assert "Answered by note" in told
    assert f'flights/{canaries.REFUSED}/">Next: TR-KZ-0003</a>' in told
    assert "Next:" not in body(registry.get(address))


def test_a_keyboard_reaches_the_moves_by_a_skip_link_of_their_own() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    said = page(exercise, "KZ-SECURITY")
    assert 'class="skip" href="#moves"' in said
    assert 'id="moves"' in said
