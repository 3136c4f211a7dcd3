"""The library: dossiers written by hand, whose keys agree with the product."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from books.reading import BadFile
from scenarios import book, checking, written
from scenarios.book import Decision

if TYPE_CHECKING:
    from pathlib import Path

RELIEF = written.FOLDER / "relief-with-batteries.yaml"

#: Each mistake: what is replaced by what, and what is said of the line that changed.
MISTAKES = {
    "an unknown key": ("title: Relief", "titel: Relief", "did you mean title?"),
    "an item of no form": ("  captain:", "  capitain:", "did you mean captain?"),
    "a column of no table": ("packages: 24,", "packets: 24,", "did you mean packages?"),
    "a code that is not found": ("codes: [DG_PG_MISSING]", "codes: [GAP]", "GAP is not found."),
    "a code of no rule": ("[DG_PG_MISSING]", "[DG_PG_MISING]", "did you mean DG_PG_MISSING?"),
    "a finding that is not told": (
        "raises: [BOUNDARY_AND_BORDER, ",
        "raises: [",
        "BOUNDARY_AND_BORDER is found",
    ),
    "a fact of another rule": (
        "[goods.un_number, goods.packing_group]\n      difficulty",
        "[goods.un_number, captain]\n      difficulty",
        "captain is no fact of what finds it",
    ),
    "a desk that is none": ("desk: SECURITY", "desk: SECURTY", "SECURTY"),
    "another day": ("due_on: 2026-09-14", "due_on: 2026-09-15", "the product has 2026-09-14."),
    "another state": ("states: [TR, GE, AZ,", "states: [TR, AZ,", "the product has TR, GE, AZ"),
    "another condition": (
        "conditions: [CASPIAN_TRANSIT, DG_DECLARED]",
        "conditions: [CASPIAN_TRANSIT]",
        "the product has CASPIAN_TRANSIT, DG_DECLARED.",
    ),
    "a ground without a refusal": ("  due_on:", "  grounds: [CARGO]\n  due_on:", "only then"),
    "a form that cannot be": ("call_sign: HVK4", "call_sign: hvk4", "call sign"),
    "a mistake that is not mended": ("packing_group: III, ", "", "is still found once"),
    "half a page too little": ("story: |\n", "story: Short.\nstory_: |\n", "story: should have"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_dossier_is_told_by_file_and_line(mistake: str, tmp_path: Path) -> None:
    right, wrong, told = MISTAKES[mistake]
    text = RELIEF.read_text(encoding="utf-8")
    assert right in text
    copy = tmp_path / "mine.yaml"
    copy.write_text(text.replace(right, wrong, 1), encoding="utf-8")

    with pytest.raises(BadFile) as caught:
        written.read(copy)

    meant = [fault for fault in caught.value.faults if told in fault.sentence]
    assert meant, str(caught.value)
    assert {fault.path for fault in caught.value.faults} == {str(copy)}
    assert all(fault.line > 1 for fault in meant)


def test_twelve_dossiers_are_shipped_in_both_directions() -> None:
    library = written.shipped()

    assert len(library) == 12
    assert all(one.dossier == name for name, one in library.items())
    assert {one.host for one in library.values()} == {"TR", "KZ"}
    assert sum(one.host == "TR" for one in library.values()) >= 4


def test_ten_have_mistakes_one_is_clean_and_one_only_looks_wrong() -> None:
    library = written.shipped()
    clean = {name for name, one in library.items() if not (one.key.defects or one.key.decoys)}
    decoys = {name for name, one in library.items() if one.key.decoys and not one.key.defects}
    codes = {code for one in library.values() for it in one.key.defects for code in it.codes}

    assert clean == {"night-medevac"}
    assert decoys == {"drone-as-cargo"}
    assert len(library) - len(clean | decoys) == 10
    assert len(codes) >= 15


def test_what_is_right_is_authorized() -> None:
    for name in ("night-medevac", "drone-as-cargo"):
        assert written.shipped()[name].key.decision == Decision.AUTHORIZE


@pytest.mark.parametrize("number", range(1, 13))
def test_a_written_dossier_is_a_case_like_a_generated_one(number: int) -> None:
    one = [*written.shipped().values()][number - 1]
    case = one.case(number)
    mended = case.dossier
    for planted in case.key.planted:
        mended = book.mend(mended, planted)

    said = case.as_data()
    assert said["number"] == number
    assert said["key"]["due_on"] == one.key.due_on.isoformat()
    assert checking.codes(mended) == {*one.key.raises}
    assert not {*case.key.conditions} & {*case.key.no_conditions}


def test_the_story_tells_nothing_of_the_key() -> None:
    for one in written.shipped().values():
        for word in (*(it.kind for it in one.key.defects), *one.key.raises, "DG_", "NOTICE_"):
            assert word not in one.story


def test_lint_and_the_deployment_check_hold_the_library(tmp_path: Path) -> None:
    said = StringIO()
    call_command("lint", str(RELIEF), stdout=said)
    assert said.getvalue() == f"{RELIEF}: taken for: dossier\n"
    assert not [one for one in run_checks(include_deployment_checks=True) if "library" in one.msg]

    copy = tmp_path / "mine.yaml"
    copy.write_text(RELIEF.read_text(encoding="utf-8").replace("due_on: 2026", "due_on: 2027"))
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("lint", str(copy), stdout=said)
    assert "key.due_on: says 2027-09-14" in said.getvalue()
