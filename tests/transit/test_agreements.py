"""The agreement's data holds together."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from exercises import calendars
from transit import agreements
from transit.agreements import Allowance
from transit.duties import DUTIES
from transit.models import Revision

AGREEMENT = agreements.load("TR-KZ", "1")
MONDAY = datetime(2026, 9, 7, 6, tzinfo=UTC)
EXAMINATION = ("registration", "desk", "lead_desk", "decision")


def days_of(allowance: Allowance) -> int:
    assert allowance.unit == "working_days"
    return allowance.amount


@pytest.mark.parametrize("track", AGREEMENT.tracks.values(), ids=lambda track: str(track.code))
def test_the_shares_of_the_examination_fit_the_lead_time(track: agreements.Track) -> None:
    shares = [track.shares[step] for step in EXAMINATION]

    assert {share.unit for share in shares} == {track.lead_time.unit}
    assert sum(share.amount for share in shares) <= track.lead_time.amount


def test_every_duty_with_an_allowance_finds_it_on_every_track() -> None:
    for track in AGREEMENT.tracks:
        for duty in DUTIES.keys() - {"flight_plan", "entry", "exit"}:
            assert AGREEMENT.allowance(duty, track).amount >= 1


def test_every_ladder_is_finite_and_ends_with_the_instructor() -> None:
    assert all(duty.ladder[-1] == "INSTRUCTOR" for duty in DUTIES.values())


def test_both_directions_are_the_same_rows() -> None:
    assert AGREEMENT.other("TR") == "KZ"
    assert AGREEMENT.other("KZ") == "TR"
    for state in AGREEMENT.states:
        assert calendars.office(calendars.LATEST, state).known


def test_a_changed_item_voids_the_answers_of_the_desks_it_concerns() -> None:
    assert AGREEMENT.voided_by({"captain"}) == {"SECURITY"}
    assert AGREEMENT.voided_by({"crossings"}) == {"AIR_DEFENCE", "CIVIL_AVIATION"}
    assert AGREEMENT.voided_by({"contact_phone"}) == set()
    assert AGREEMENT.voided_by({"operator"}) == {"AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION"}


def test_the_table_of_items_names_items_of_the_form_only() -> None:
    named = {item for items in AGREEMENT.voids.values() for item in items}

    assert named <= {*Revision.form_items(), "crossings"}


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Kazakhstan"), ("tr", "Kazakistan"), ("kk", "Қазақстан"), ("ru", "Казахстан")],
)
def test_labels_speak_the_language_of_the_page(language: str, name: str) -> None:
    with translation.override(language):
        assert str(AGREEMENT.states["KZ"].name) == name


def test_an_unknown_agreement_is_named() -> None:
    with pytest.raises(agreements.UnknownAgreement, match="XX-YY"):
        agreements.load("XX-YY", "1")


def test_a_new_exercise_pins_the_newest_version() -> None:
    assert agreements.latest("TR-KZ") == AGREEMENT.version
    with pytest.raises(agreements.UnknownAgreement):
        agreements.latest("XX-YY")


def test_what_nobody_published_is_named_as_training_default() -> None:
    assert {"in_force_from", "window", "number", "landing"} <= AGREEMENT.training_defaults
    assert "title" not in AGREEMENT.training_defaults
