"""The flight plan on its way: proposed, filed by the planner, compared and released by the host."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from airspace import flight_plan
from audit import acts, verification
from audit.refusals import NotNow, NotYou, Stale
from control import stories
from exercises.models import Exercise, Help
from tests import playing
from tests.browsing import body, form_for, signed_in
from transit import filing, plans
from transit import movement as flying
from transit.models import FlightRequest, Movement, MovementStatus

if TYPE_CHECKING:
    from datetime import datetime

    from django.test.client import _MonkeyPatchedWSGIResponse as Page

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

#: Words of the plan that calls for nothing but a query.
ANOTHER_DAY = ("DOF/260914", "DOF/260915")
ANOTHER_TAIL = ("REG/990101", "REG/990109")


@pytest.fixture
def answered() -> Exercise:
    """Authorized and told; three hours before the entry, when the check opens."""
    exercise = playing.before("alpha", "file_plan", seated=True)
    return later(exercise, opens(exercise))


def opens(exercise: Exercise) -> datetime:
    entry_at = FlightRequest.objects.get(exercise=exercise).entry_at
    assert entry_at is not None
    return entry_at - 3 * HOUR


def later(exercise: Exercise, to: datetime) -> Exercise:
    playing.conduct(exercise, "jump", to=to)
    acts.let_time_pass(exercise)
    exercise.refresh_from_db()
    return exercise


def movement(exercise: Exercise) -> Movement:
    return Movement.objects.get(exercise=exercise)


def by(exercise: Exercise, key: str, verb: Any, **details: Any) -> Any:
    seat = playing.seat(exercise, key)
    with acts.act(exercise, by=seat) as at:
        return verb(movement(exercise), by=seat, at=at, **details)


def file(exercise: Exercise, *instead: str) -> str:
    message = playing.proposed_plan(exercise)
    if instead:
        old, new = instead
        assert old in message
        message = message.replace(old, new)
    by(exercise, "TR-PLANNER", plans.file_plan, message=message)
    return message


def press(exercise: Exercise, key: str, verb: str, **typed: str) -> Page:
    """Fill in the form of a move on the page of a seat, and press its button."""
    client = signed_in(exercise, key)
    form = form_for(client.get(f"/x/{exercise.pk}/{key}/flights/1/"), f"do/{verb}/")
    return client.post(form.action, form.fields | typed)


def page(exercise: Exercise, key: str, path: str = "flights/1/") -> str:
    return body(signed_in(exercise, key).get(f"/x/{exercise.pk}/{key}/{path}"))


# Proposed, filed, released


def test_what_is_proposed_is_what_the_story_files_and_agrees_with_the_authorization(
    answered: Exercise,
) -> None:
    filed = next(line for line in stories.load("alpha").acts if line["do"] == "file_plan")

    assert file(answered) == filed["with"]["message"]
    assert filing.discrepancies(movement(answered)) == []


def test_a_position_of_the_route_is_proposed_as_item_15_writes_it() -> None:
    route = "LTAU NOLGA LAGAS ADEKI 40.45,49.25 UBBB BALUN UATE URASA UZSS UTDD"
    exercise = playing.before("alpha", "file_plan", route=route)

    message = playing.proposed_plan(exercise)

    assert " DCT 4027N04915E DCT UBBB DCT " in " ".join(message.split())


def test_a_plan_is_proposed_filed_and_released_through_the_pages(answered: Exercise) -> None:
    at = f"/x/{answered.pk}"

    told = press(answered, "TR-PLANNER", "file_plan")
    assert (told.status_code, told["Location"]) == (302, f"{at}/TR-PLANNER/flights/1/")
    said = page(answered, "KZ-OPERATIONS")
    assert "The plan agrees with the authorization." in said
    assert movement(answered).plan in said.replace("\r\n", "\n")

    told = press(answered, "KZ-OPERATIONS", "check_plan")
    assert (told.status_code, told["Location"]) == (302, f"{at}/KZ-OPERATIONS/flights/1/")
    row = movement(answered)
    assert row.status == MovementStatus.CHECKED
    assert (row.filed_call_sign, row.filed_registration) == ("HVK4821", "990101")
    assert row.plan_codes == []
    assert verification.faults(answered) == []


def test_the_planner_owes_the_plan_and_operations_its_check(answered: Exercise) -> None:
    filing_is_owed = "do/file_plan/"
    assert filing_is_owed in page(answered, "TR-PLANNER")
    assert "No flight plan has been filed." in page(answered, "KZ-OPERATIONS")
    assert "TR-KZ-0001" in page(answered, "TR-PLANNER", "flights/?tab=mine")
    assert "TR-KZ-0001" not in page(answered, "KZ-OPERATIONS", "flights/?tab=mine")

    file(answered)

    assert "TR-KZ-0001" not in page(answered, "TR-PLANNER", "flights/?tab=mine")
    assert "TR-KZ-0001" in page(answered, "KZ-OPERATIONS", "flights/?tab=mine")


def test_nobody_else_files_or_releases_it(answered: Exercise) -> None:
    message = playing.proposed_plan(answered)
    for key in ("TR-ATTACHE", "KZ-OPERATIONS", "KZ-PLANNER"):
        with pytest.raises(NotYou):
            by(answered, key, plans.file_plan, message=message)
    file(answered)
    for key in ("TR-PLANNER", "KZ-DECIDER", "TR-OPERATIONS"):
        with pytest.raises(NotYou):
            by(answered, key, plans.check_plan)


def test_nothing_is_filed_before_the_note_in_reply() -> None:
    exercise = playing.before("alpha", "reply")
    message = playing.proposed_plan(exercise)

    with pytest.raises(NotNow, match="The note in reply has not been sent"):
        by(exercise, "TR-PLANNER", plans.file_plan, message=message)


def test_what_is_not_filed_is_not_released(answered: Exercise) -> None:
    with pytest.raises(NotNow, match="No flight plan has been filed"):
        by(answered, "KZ-OPERATIONS", plans.check_plan)


def test_an_aircraft_in_the_airspace_files_no_other_plan(answered: Exercise) -> None:
    message = file(answered)
    by(answered, "KZ-OPERATIONS", plans.check_plan)
    later(answered, opens(answered) + 4 * HOUR)
    entered_at = opens(answered) + 3 * HOUR
    by(answered, "KZ-OPERATIONS", flying.enter, entered_at=entered_at, point="BALUN")

    with pytest.raises(NotNow):
        by(answered, "TR-PLANNER", plans.file_plan, message=message)


@pytest.mark.parametrize("message", ["", "Nothing like a plan", "(FPL-HVK4821-IM)", "x" * 2001])
def test_what_is_no_plan_is_given_back_with_what_was_typed(
    answered: Exercise, message: str
) -> None:
    answer = press(answered, "TR-PLANNER", "file_plan", message=message)

    assert answer.status_code == 422
    assert message in body(answer)
    assert 'aria-invalid="true"' in answer.text
    assert movement(answered).plan == ""


# What differs


def test_a_low_level_that_was_authorized_is_not_low_in_the_plan() -> None:
    row = movement(playing.before("alpha", "file_plan"))
    assert row.authorization is not None
    row.authorization.revision.cruise_level = "F190"
    row.plan = filing.proposed(row.authorization)

    assert "N0390F190" in row.plan
    assert filing.discrepancies(row) == []
    row.plan = row.plan.replace("F190", "F180")
    assert [one.code for one in filing.discrepancies(row)] == ["LEVEL_LOW"]


def test_a_new_version_voids_the_check(answered: Exercise) -> None:
    file(answered)
    by(answered, "KZ-OPERATIONS", plans.check_plan)

    file(answered, *ANOTHER_DAY)

    row = movement(answered)
    assert (row.status, row.checked_at) == (MovementStatus.EXPECTED, None)
    assert row.duty == "flight_plan"
    by(answered, "KZ-OPERATIONS", flying.enter, entered_at=opens(answered), point="BALUN")
    assert movement(answered).findings == [{"code": "PLAN_NOT_RELEASED"}]


def test_a_plan_that_blocks_is_not_released_and_the_page_says_why(answered: Exercise) -> None:
    file(answered, *ANOTHER_TAIL)
    seen = page(answered, "KZ-OPERATIONS")
    assert "REG_MISMATCH" in seen
    assert "990109" in seen

    answer = press(answered, "KZ-OPERATIONS", "check_plan", remarks="The planner confirms.")

    assert answer.status_code == 422
    said = body(answer)
    assert "REG_MISMATCH: REG/ is neither the authorized tail nor a listed spare" in said
    assert "The planner confirms." in said
    assert movement(answered).status == MovementStatus.EXPECTED


def test_a_plan_that_blocks_is_sent_back_and_the_next_one_begins_with_it(
    answered: Exercise,
) -> None:
    filed = file(answered, *ANOTHER_TAIL)
    form = form_for(
        signed_in(answered, "KZ-OPERATIONS").get(f"/x/{answered.pk}/KZ-OPERATIONS/flights/1/"),
        "do/send_plan_back/",
    )
    assert "REG_MISMATCH: REG/ is neither the authorized tail" in form.fields["reason"]

    press(answered, "KZ-OPERATIONS", "send_plan_back", reason="The tail is not the listed one.")

    assert "TR-KZ-0001" in page(answered, "TR-PLANNER", "flights/?tab=mine")
    assert "TR-KZ-0001" not in page(answered, "KZ-OPERATIONS", "flights/?tab=mine")
    with pytest.raises(NotNow, match="sent back; a new one is awaited"):
        by(answered, "KZ-OPERATIONS", plans.check_plan, remarks="The planner confirms.")
    assert "The tail is not the listed one." in page(answered, "TR-ATTACHE")
    told = page(answered, "TR-PLANNER")
    assert "The tail is not the listed one." in told.partition('id="moves"')[2]
    asked = form_for(
        signed_in(answered, "TR-PLANNER").get(f"/x/{answered.pk}/TR-PLANNER/flights/1/"),
        "do/file_plan/",
    )
    assert asked.fields["message"].split() == filed.split()
    with pytest.raises(NotYou):
        by(answered, "TR-PLANNER", plans.send_plan_back, reason="Mine.")

    file(answered)

    assert movement(answered).plan_sent_back == ""
    assert "TR-KZ-0001" in page(answered, "KZ-OPERATIONS", "flights/?tab=mine")
    by(answered, "KZ-OPERATIONS", plans.check_plan)
    assert verification.faults(answered) == []


@pytest.mark.parametrize("shown", [Help.AFTER, Help.OFF])
def test_who_compares_alone_finds_their_own_words_for_a_plan_sent_back(
    answered: Exercise, shown: Help
) -> None:
    file(answered, *ANOTHER_TAIL)
    Exercise.objects.filter(pk=answered.pk).update(help=shown)

    form = form_for(
        signed_in(answered, "KZ-OPERATIONS").get(f"/x/{answered.pk}/KZ-OPERATIONS/flights/1/"),
        "do/send_plan_back/",
    )

    assert form.fields["reason"] == ""


def test_a_plan_of_another_version_is_not_released_unseen(answered: Exercise) -> None:
    """The officer has one version on the screen while the planner files another: 409."""
    file(answered)
    by(answered, "KZ-OPERATIONS", plans.check_plan)
    client = signed_in(answered, "KZ-OPERATIONS")
    later(answered, opens(answered) + 3 * HOUR)
    form = form_for(client.get(f"/x/{answered.pk}/KZ-OPERATIONS/flights/1/"), "do/enter/")
    file(answered, *ANOTHER_TAIL)

    answer = client.post(
        form.action, form.fields | {"entered_at": "2026-09-14 07:07", "point": "BALUN"}
    )

    assert answer.status_code == 409
    assert movement(answered).entered_at is None


def test_a_query_is_released_only_with_a_remark(answered: Exercise) -> None:
    file(answered, *ANOTHER_DAY)

    with pytest.raises(ValidationError) as caught:
        by(answered, "KZ-OPERATIONS", plans.check_plan)
    assert list(caught.value.message_dict) == ["remarks"]
    answer = press(answered, "KZ-OPERATIONS", "check_plan")
    assert answer.status_code == 422
    assert "Say how each discrepancy was cleared up" in body(answer)

    press(answered, "KZ-OPERATIONS", "check_plan", remarks="A slip: it flies on the 14th.")

    row = movement(answered)
    assert row.status == MovementStatus.CHECKED
    assert row.plan_codes == ["DOF_MISMATCH"]
    assert "A slip: it flies on the 14th." in page(answered, "KZ-OPERATIONS")


def test_the_end_of_the_window_is_no_part_of_it(answered: Exercise) -> None:
    authorization = movement(answered).authorization
    assert authorization is not None
    last, end = authorization.valid_until - MINUTE, authorization.valid_until
    message = playing.proposed_plan(answered)
    elapsed = flight_plan.read(message).elapsed["UATT"]
    found = []
    for moment in (last, end):
        off_block = moment - elapsed
        late = message.replace("LTAU0500", f"LTAU{off_block:%H%M}")
        row = movement(answered)
        row.plan = late.replace("DOF/260914", f"DOF/{off_block:%y%m%d}")
        found.append([one.code for one in filing.discrepancies(row)])

    assert found == [["DOF_MISMATCH"], ["DOF_MISMATCH", "OUTSIDE_VALIDITY"]]


@pytest.mark.parametrize("shown", [Help.AFTER, Help.OFF])
def test_who_compares_alone_is_told_once_that_it_does_not_agree_and_no_more(shown: Help) -> None:
    exercise = playing.before("alpha", "concur", seated=True, help_shown=shown)
    for line in stories.load("alpha").acts[5:]:
        if line["do"] == "file_plan":
            break
        if line["do"] == "concur":
            exercise.refresh_from_db()
            details = {"states": ["TR", "KZ"]}
            stories.perform(exercise, line | {"do": "own_check", "with": details})
        stories.perform(exercise, line)
    exercise.refresh_from_db()
    later(exercise, opens(exercise))
    file(exercise, "REG/990101 ", "REG/990109-")  # and no number before the hyphen

    answer = press(exercise, "KZ-OPERATIONS", "check_plan", remarks="The planner confirms.")

    assert answer.status_code == 422
    said = body(answer).split('name="code"')[0]
    sentence = "The plan does not agree with the authorization: it cannot be released."
    assert said.count(sentence) == 1
    for secret in ("REG_MISMATCH", "neither the authorized tail", "Authorized: "):
        assert secret not in said


# What the requesting side sees


def test_the_requesting_side_sees_its_plan_and_nothing_of_the_comparison(
    answered: Exercise,
) -> None:
    filed = file(answered, *ANOTHER_DAY)
    before = {key: page(answered, key) for key in ("TR-PLANNER", "TR-RELEASE", "TR-ATTACHE")}

    press(answered, "KZ-OPERATIONS", "check_plan", remarks="A slip: it flies on the 14th.")

    for key in before:
        said = page(answered, key)
        assert filed.splitlines()[0] in said
        for secret in ("DOF_MISMATCH", "A slip", "As the authorization calls for it", "Checked"):
            assert secret not in before[key] + said, secret


# Every shipped story


@pytest.mark.parametrize("name", ["bravo", "landing", "mirror", "returned", "second-agreement"])
def test_what_the_product_proposes_is_a_plan_that_may_be_released(name: str) -> None:
    exercise = playing.before(name, "file_plan")

    message = playing.proposed_plan(exercise)

    assert flight_plan.write(flight_plan.read(message)) == message
    row = movement(exercise)
    row.plan = message
    assert filing.discrepancies(row) == []


def test_a_plan_that_was_filed_anew_is_not_released_unseen(answered: Exercise) -> None:
    file(answered)
    operations = playing.seat(answered, "KZ-OPERATIONS")
    seen = movement(answered).stamp_for(operations)
    file(later(answered, opens(answered) + MINUTE))

    with pytest.raises(Stale), acts.act(answered, by=operations, seen=seen) as at:
        plans.check_plan(movement(answered), by=operations, at=at)
