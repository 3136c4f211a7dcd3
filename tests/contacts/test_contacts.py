"""Contacts: they come, are logged, forwarded and answered, and no case changes by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from audit import replay, restore, verification
from audit.models import Event
from audit.refusals import NotNow, NotYou
from books.reading import BadFile
from casework import work
from contacts import world
from contacts.models import Contact, ContactKind, ContactStatus, Inject
from control import stories
from exercises.models import Exercise
from tests import canaries, playing
from tests.situations.acting import pass_time

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CONTACTS = {
    *("take_down", "log_contact", "forward_contact", "answer_contact"),
    *("bring_in", "schedule_contact", "call_off"),
}
CALL: dict[str, Any] = {
    "kind": "TELEPHONE",
    "source": "A caller",
    "text": "Hurry.",
    "about": "TR-KZ-0001",
}
PROTEST: dict[str, Any] = {
    "receiver": "KZ-REGISTRY",
    "entry": "NOTE_OF_PROTEST",
    "about": "TR-KZ-0001",
}


def use(exercise: Exercise, by: str, do: str, number: int = 0, **details: Any) -> None:
    """Let a seat use a verb at the moment at which the exercise stands."""
    line = {"at": exercise.last_at, "by": by, "do": do, "with": details}
    stories.perform(exercise, line | ({"contact": number} if number else {}))
    exercise.refresh_from_db()


def contact(exercise: Exercise, number: int = 1) -> Contact:
    return Contact.objects.get(exercise=exercise, number=number)


def seen_by(exercise: Exercise, key: str) -> list[int]:
    known = Contact.objects.visible_to(playing.seat(exercise, key)).order_by("number")
    return [one.number for one in known]


def rows_of_the_case(exercise: Exercise) -> dict[str, Any]:
    """Return the rows of the first request and its notes, as they are stored."""
    return {ref: row for ref, row in replay.stored(exercise).items() if ref.startswith("flight/1")}


def test_the_decision_is_what_it_would_have_been() -> None:
    story = stories.load("protest")
    quiet = story.model_copy(
        update={"acts": [line for line in story.acts if line["do"] not in CONTACTS]}
    )
    assert len(quiet.acts) < len(story.acts)

    pressed, undisturbed = playing.whole("protest"), stories.play(quiet)

    assert rows_of_the_case(pressed) == rows_of_the_case(undisturbed)
    assert len(rows_of_the_case(pressed)) > 10
    assert [(one.number, one.status) for one in Contact.objects.filter(exercise=pressed)] == [
        *((number, "FORWARDED") for number in (1, 2, 3)),
        (5001, "LOGGED"),
    ]
    called_off = Inject.objects.get(exercise=pressed, number=2)
    assert (called_off.contact, called_off.alarm_at) == (None, None)
    with restore.past(pressed, until=pressed.seq) as alias:
        then = Exercise.objects.using(alias).get()
        assert replay.stored(then) == replay.stored(pressed)
    assert verification.faults(pressed) == []


def test_a_scheduled_contact_comes_at_its_moment_and_is_found_overdue_once() -> None:
    exercise = canaries.submitted()
    arrives_at = exercise.last_at + timedelta(hours=2)
    use(exercise, "INSTRUCTOR", "schedule_contact", arrives_at=arrives_at, **PROTEST)
    pass_time(exercise, to=arrives_at)
    assert not Contact.objects.filter(exercise=exercise).exists()

    pass_time(exercise, to=arrives_at + timedelta(seconds=1))

    found = contact(exercise)
    assert (found.received_at, found.status) == (arrives_at, ContactStatus.RECEIVED)
    assert found.text == world.load().entries["NOTE_OF_PROTEST"].text
    assert found.due_at == arrives_at + timedelta(hours=4)
    [task] = [one for one in work.open_work(exercise, exercise.last_at) if one.case == found]
    assert (task.state, task.role, task.duty.code) == ("KZ", "REGISTRY", "logging")
    pass_time(exercise, to=arrives_at + timedelta(days=3))
    assert playing.verbs(exercise).count("escalate_contact") == 1
    assert contact(exercise).alarm_at is None
    assert contact(exercise).status == ContactStatus.RECEIVED

    use(exercise, "KZ-REGISTRY", "log_contact", 1)
    assert contact(exercise).duty == "forwarding"
    use(exercise, "KZ-REGISTRY", "forward_contact", 1)
    assert (contact(exercise).duty, contact(exercise).alarm_at) == ("", None)


def test_what_is_called_off_never_comes() -> None:
    exercise = canaries.submitted()
    use(exercise, "KZ-DEFENCE", "take_down", **CALL)
    later = exercise.last_at + timedelta(hours=2)
    use(exercise, "INSTRUCTOR", "schedule_contact", arrives_at=later, **PROTEST)
    use(exercise, "INSTRUCTOR", "call_off")
    with pytest.raises(NotNow, match="called off"):
        use(exercise, "INSTRUCTOR", "call_off")

    pass_time(exercise, to=later + timedelta(days=1))

    assert Contact.objects.filter(exercise=exercise).count() == 1


def test_an_attache_owes_nothing_and_answers_for_itself() -> None:
    exercise = canaries.submitted()
    use(exercise, "INSTRUCTOR", "bring_in", receiver="TR-ATTACHE", entry="ATTACHE_PRESSED")

    assert contact(exercise, 5001).duty == ""
    use(exercise, "TR-ATTACHE", "log_contact", 5001)
    use(exercise, "TR-ATTACHE", "answer_contact", 5001, line="NOTED")
    assert contact(exercise, 5001).words == world.load().lines["NOTED"].text.en
    assert seen_by(exercise, "TR-ATTACHE") == [5001]
    assert seen_by(exercise, "KZ-REGISTRY") == []


def test_what_is_forwarded_the_leadership_reads_and_of_security_the_registry_does_not() -> None:
    exercise = canaries.submitted()
    for key in ("KZ-SECURITY", "KZ-CIVIL_AVIATION"):
        use(exercise, key, "take_down", **CALL)
    assert [seen_by(exercise, key) for key in ("KZ-SECURITY", "KZ-DECIDER")] == [[1], []]

    for number, key in ((1, "KZ-SECURITY"), (2, "KZ-CIVIL_AVIATION")):
        use(exercise, key, "forward_contact", number)

    for key in ("KZ-DECIDER", "KZ-DEPUTY", "KZ-DEFENCE", "INSTRUCTOR"):
        assert seen_by(exercise, key) == [1, 2]
    assert seen_by(exercise, "KZ-REGISTRY") == [2]
    for key in ("KZ-AIR_DEFENCE", "KZ-ATTACHE", "KZ-PLANNER", "TR-DECIDER", "TR-ATTACHE"):
        assert seen_by(exercise, key) == []


@pytest.mark.parametrize(
    ("by", "do", "details", "refused"),
    [
        ("KZ-SECURITY", "log_contact", {}, NotNow),
        ("TR-REGISTRY", "log_contact", {}, NotYou),
        ("KZ-REGISTRY", "forward_contact", {}, NotNow),
        ("KZ-REGISTRY", "answer_contact", {"line": "NOTED"}, NotNow),
        ("KZ-PLANNER", "log_contact", {}, NotYou),
    ],
)
def test_what_is_not_ones_own_or_not_logged_is_refused(
    by: str, do: str, details: dict[str, Any], refused: type[Exception]
) -> None:
    exercise = canaries.submitted()
    use(exercise, "INSTRUCTOR", "bring_in", **PROTEST)

    with pytest.raises(refused):
        use(exercise, by, do, 1, **details)


@pytest.mark.parametrize(
    ("details", "item"),
    [
        ({"receiver": "KZ-PLANNER"}, "receiver"),
        ({"receiver": "GE-REGISTRY"}, "receiver"),
        ({"entry": "NOTHING"}, "entry"),
        ({"entry": "", "source": "A caller", "text": "Hurry."}, "kind"),
        ({"entry": "", "kind": "PIGEON", "source": "A caller", "text": "Hurry."}, "kind"),
        ({"entry": "", "kind": "MAIL", "text": "Hurry."}, "source"),
        ({"arrives_at": datetime(2026, 8, 1, tzinfo=UTC)}, "arrives_at"),
    ],
)
def test_what_cannot_be_brought_in_is_told_at_its_item(details: dict[str, Any], item: str) -> None:
    exercise = canaries.submitted()
    do = "schedule_contact" if "arrives_at" in details else "bring_in"

    with pytest.raises(ValidationError) as told:
        use(exercise, "INSTRUCTOR", do, **PROTEST | details)

    assert [*told.value.message_dict] == [item]
    assert do not in playing.verbs(exercise)


def test_own_words_are_asked_for_and_nobody_answers_twice() -> None:
    exercise = canaries.submitted()
    use(exercise, "KZ-DEFENCE", "take_down", **CALL)
    for line, item in (("OWN", "words"), ("STANDBY", "line"), ("NOTHING", "line")):
        with pytest.raises(ValidationError) as told:
            use(exercise, "KZ-DEFENCE", "answer_contact", 1, line=line)
        assert [*told.value.message_dict] == [item]

    use(exercise, "KZ-DEFENCE", "answer_contact", 1, line="OWN", words="No.")

    assert (contact(exercise).line, contact(exercise).words) == ("", "No.")
    with pytest.raises(NotNow, match="answered"):
        use(exercise, "KZ-DEFENCE", "answer_contact", 1, line="NOTED")


def test_where_the_agreement_sets_no_date_none_presses() -> None:
    exercise = playing.before("second-agreement", "register")
    state = exercise.agreement.partition("-")[0]

    use(exercise, "INSTRUCTOR", "bring_in", receiver=f"{state}-REGISTRY", entry="INVOICE")

    found = Contact.objects.get(exercise=exercise)
    assert (found.duty, found.due_at, found.alarm_at) == ("logging", None, None)
    assert [one.duty.code for one in work.on(found, exercise.last_at)] == ["logging"]


def test_no_verb_of_contacts_writes_a_row_of_a_case() -> None:
    exercise = playing.whole("protest")
    of_contacts = CONTACTS | {"arrive"}
    recorded = Event.objects.filter(exercise=exercise).in_order()
    events = [event for event in recorded if event.verb in of_contacts]

    written = {ref.partition("/")[0] for event in events for ref in event.payload["rows"]}

    assert {event.verb for event in events} == of_contacts
    assert written == {"contact", "inject"}


def test_role_players_log_and_forward_what_reaches_them() -> None:
    exercise = canaries.submitted()
    playing.conduct_of(exercise, "vacate", playing.seat(exercise, "KZ-REGISTRY"))
    exercise.refresh_from_db()
    playing.conduct(exercise, "cast", seats={"KZ-REGISTRY": "careful"})
    use(exercise, "INSTRUCTOR", "bring_in", **PROTEST)

    pass_time(exercise, to=exercise.last_at + timedelta(days=4))

    assert contact(exercise).status == ContactStatus.FORWARDED
    assert not contact(exercise).is_answered


# The world's data


def test_the_world_speaks_in_every_way_and_to_both_states() -> None:
    known = world.load()

    assert len(known.entries) >= 12
    assert {entry.kind for entry in known.entries.values()} == {*ContactKind}
    assert {one for entry in known.entries.values() for one in entry.hosts} == {"TR", "KZ"}
    themes = {"TURKISH_NATO", "DEFENSE_SCHENGEN", "NEIGHBOUR", "CSTO_CONSULTATION"}
    themes |= {"MIDDLE_CORRIDOR", "OBSERVER", "HASTE"}
    assert themes <= {entry.theme for entry in known.entries.values()}
    for kind in ContactKind:
        neutral = {one.is_neutral for one in known.lines_for(kind).values()}
        assert neutral == {True, False}, kind


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("theme: HASTE", "theme: HASTY", "HASTY is none; did you mean HASTE?"),
        ("lines: [STANDBY]", "lines: [ENTER]", "ENTER is not neutral."),
        ("intensity: 3", "intensity: 4", "should be less than or equal to 3"),
        ('text: "EXERCISE (invented). Request', 'text: "Request', "does not begin with EXERCISE."),
        ("reaches: DUTY", "reaches: PLANNER", "PLANNER is none"),
    ],
)
def test_a_fault_of_the_world_is_told_by_its_line(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    text = world.FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "world.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(BadFile) as told:
        world.read(path)

    [fault] = told.value.faults
    assert said in fault.sentence
    assert fault.line > 1


def test_every_entry_can_be_brought_in_and_handled_as_is_right() -> None:
    exercise = canaries.submitted()
    known = world.load()
    for code, entry in known.entries.items():
        for state in entry.hosts:
            key = f"{state}-{entry.reaches}"
            use(exercise, "INSTRUCTOR", "bring_in", receiver=key, entry=code, about="TR-KZ-0001")
            row = Contact.objects.filter(exercise=exercise, host=state).latest("number")
            assert "{" not in row.text
            use(exercise, key, "log_contact", row.number)
            if "forward" in entry.handling.steps:
                use(exercise, key, "forward_contact", row.number)
            for line in entry.handling.lines[:1]:
                use(exercise, key, "answer_contact", row.number, line=line)
    assert verification.faults(exercise) == []
