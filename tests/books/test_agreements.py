"""The agreement's data holds together."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

import rules
from airspace import reference
from books import agreements, calendars
from casework import kinds
from control import data_files
from transit.models import Revision

AGREEMENT = agreements.load("TR-KZ", "3")
#: Every version that is shipped: exercises may have pinned any of them.
SHIPPED = [
    agreements.load(code, str(version))
    for code in agreements.codes()
    for version in range(1, int(agreements.latest(code)) + 1)
]
TRACKS = [(agreement, track) for agreement in SHIPPED for track in agreement.tracks]
MONDAY = datetime(2026, 9, 7, 6, tzinfo=UTC)
EXAMINATION = ("registration", "desk", "lead_desk", "decision")


@pytest.mark.parametrize(
    ("agreement", "track"),
    TRACKS,
    ids=[f"{agreement.code}-{agreement.version}-{track}" for agreement, track in TRACKS],
)
def test_the_shares_of_the_examination_fit_the_lead_time(
    agreement: agreements.Agreement, track: str
) -> None:
    lead_time = agreement.tracks[track].lead_time
    shares = [agreement.tracks[track].shares[step] for step in EXAMINATION]

    assert {share.unit for share in shares} == {lead_time.unit}
    assert sum(share.amount for share in shares) <= lead_time.amount


def test_every_duty_with_an_allowance_finds_it_on_every_track() -> None:
    undated = {*data_files.BY_THE_FLIGHT, *agreements.UNDATED}
    for agreement, track in TRACKS:
        for duty in kinds.duties().keys() - undated:
            assert agreement.allowance(duty, track).amount >= 1


def test_every_ladder_is_finite_and_ends_with_the_instructor() -> None:
    assert all(duty.ladder[-1] == "INSTRUCTOR" for duty in kinds.duties().values())


def test_both_directions_are_the_same_rows() -> None:
    assert AGREEMENT.other("TR") == "KZ"
    assert AGREEMENT.other("KZ") == "TR"
    for agreement in SHIPPED:
        for state in agreement.states:
            assert calendars.office(calendars.LATEST, state).known


def test_a_changed_item_voids_the_answers_of_the_desks_it_concerns() -> None:
    assert AGREEMENT.voided_by({"captain"}) == {"SECURITY", "BORDER"}
    assert AGREEMENT.voided_by({"attendant_count"}) == {"SECURITY"}
    assert AGREEMENT.voided_by({"crossings"}) == {"AIR_DEFENCE", "CIVIL_AVIATION"}
    assert AGREEMENT.voided_by({"goods"}) == {"SECURITY", "CIVIL_AVIATION", "CUSTOMS"}
    assert AGREEMENT.voided_by({"contact_phone"}) == set()
    assert AGREEMENT.voided_by({"operator"}) == {"AIR_DEFENCE", "SECURITY", "CIVIL_AVIATION"}


def test_the_table_of_items_names_items_of_the_form_only() -> None:
    named = {item for agreement in SHIPPED for items in agreement.voids.values() for item in items}

    assert named <= {*Revision.form_items(), "crossings", "goods"}


def test_what_findings_bring_names_rules_and_desks_that_there_are() -> None:
    rules_of_today = {rule.code for rule in rules.rule_set(rules.LATEST)}

    for agreement in SHIPPED:
        for code, brought in agreement.brought.items():
            assert code in rules_of_today
            assert {agreement.desks[desk].when for desk in brought.calls} <= {"called"}


def test_an_annual_number_buys_a_track_and_desks_that_there_are() -> None:
    annual = AGREEMENT.annual
    assert annual is not None

    assert {*annual.desks} < {desk.code for desk in AGREEMENT.desks.values()}
    assert AGREEMENT.lead_desk.code in annual.desks
    bought, ordinary = (AGREEMENT.tracks[code].lead_time for code in (annual.track, "STANDARD"))
    assert bought.unit == ordinary.unit
    assert bought.amount < ordinary.amount


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


def test_what_is_in_force_nowhere_is_called_a_proposal() -> None:
    proposals = [one for one in SHIPPED if one.is_proposal]

    assert [one.code for one in proposals] == ["XL-XV"]
    for one in proposals:
        assert one.called.startswith("Proposal, in force nowhere: ")
        assert "proposal" in one.source
        published = [track.lead_time.source for track in one.tracks.values()]
        assert all("a proposal" in source for source in published)
    assert "Proposal" not in AGREEMENT.called


def test_fictional_states_lie_on_no_map_and_say_so() -> None:
    (proposal,) = (one for one in SHIPPED if one.is_proposal)

    for code, state in proposal.states.items():
        assert code not in reference.states()
        for language in ("en", "tr", "kk", "ru"):
            with translation.override(language):
                assert "(" in str(state.name)
