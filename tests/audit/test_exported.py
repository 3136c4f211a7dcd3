"""A record as a file: out of one database, into another, and never anything but whole."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from approvals.models import Concurrence
from audit import chain, exported, replay, triggers, upgrades, verification
from audit.models import Event
from control import actions, stories
from exercises import clock
from exercises.models import Exercise, Heartbeat
from exercises.seating import read_clock
from tests import playing, wall
from tests.commands import run

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

RECORDS = Path(__file__).parent / "records"

TODAY = str(upgrades.FORMAT)

#: Every record ever kept, by format and story.
KEPT = sorted(str(path.relative_to(RECORDS)) for path in RECORDS.glob("*/*.jsonl"))


def kept(name: str) -> list[str]:
    return (RECORDS / name).read_text("utf-8").splitlines(keepends=True)


def take_in(lines: list[str]) -> Exercise:
    return actions.import_record(exported.read(lines))


def events(exercise: Exercise) -> list[Event]:
    return list(Event.objects.filter(exercise=exercise).in_order())


def rows(exercise: Exercise) -> dict[str, dict[str, Any]]:
    return replay.stored(exercise)


def test_records_of_every_format_are_kept_and_of_today_every_story() -> None:
    formats = {Path(name).parent.name for name in KEPT}
    today = [Path(name).stem for name in KEPT if Path(name).parent.name == TODAY]

    assert formats == {str(number) for number in range(1, upgrades.FORMAT + 1)}
    assert today == stories.names()


@pytest.mark.parametrize("name", KEPT)
def test_every_record_ever_kept_is_read_and_given_back_byte_for_byte(name: str) -> None:
    exercise = take_in(kept(name))

    assert verification.faults(exercise) == []
    assert list(exported.export_record(exercise)) == kept(name)


@pytest.mark.parametrize("name", [name for name in KEPT if Path(name).parent.name != TODAY])
def test_a_record_of_an_older_format_makes_the_rows_of_today(name: str) -> None:
    older, today = (rows(take_in(kept(one))) for one in (name, f"{TODAY}/{Path(name).name}"))

    for made in (older, today):  # each pinned what was the newest then
        made["exercise"] = {
            column: value
            for column, value in made["exercise"].items()
            if column not in exported.PINS
        }
        for (
            row
        ) in made.values():  # filed the plan that was proposed then, said less, wrote no paper
            for item in ("plan", "particulars", *SAID_SINCE):
                row.pop(item, None)
            if row.get("kind") == "REPLY":
                row.pop("enclosure")
    assert numbered_as_today(older, NUMBERED_THEN.get(Path(name).stem, {})) == today


#: What a form did not say when the records of the first format were made.
SAID_SINCE = ("leaves_behind", "stay_instrument", "stays_until", "returns_by")

#: By story, what the numbers of flights were before each state numbered its own, and are today.
NUMBERED_THEN = {"demo": {3: 5001, 4: 3, 5: 4}, "mirror": {1: 5001}}


def numbered_as_today(made: dict[str, Any], numbers: dict[int, int]) -> dict[str, Any]:
    """Return rows with other numbers of flights, wherever those stand."""

    def put(found: re.Match[str]) -> str:
        number = numbers.get(int(found[2]), int(found[2]))
        return f"{found[1]}{number:0{len(found[2])}}"

    for ref, row in made.items():
        if re.fullmatch(r"flight/\d+", ref):
            row["number"] = numbers.get(row["number"], row["number"])
    text = json.dumps(made)
    renamed: dict[str, Any] = json.loads(
        re.sub(r"(flight/|\b[A-Z]{2}-[A-Z]{2}-|\bEX[A-Z]{2}26S)(\d+)\b", put, text)
    )
    return renamed


@pytest.mark.parametrize("story", stories.names())
def test_a_story_played_and_taken_in_are_one(story: str) -> None:
    played, taken = stories.play(stories.load(story)), take_in(kept(f"{TODAY}/{story}.jsonl"))

    assert chain.digest(events(played)) == chain.digest(events(taken))
    assert rows(played) == rows(taken)


def test_an_exercise_goes_on_where_its_record_was_taken_in() -> None:
    story = stories.load("alpha")
    exercise = playing.before("alpha", "concur", seated=True)
    taken = take_in(list(exported.export_record(exercise)))
    line = next(line for line in story.acts if line["do"] == "concur")

    for one in (exercise, taken):
        stories.perform(one, line)

    assert verification.faults(Exercise.objects.get(pk=taken.pk)) == []
    assert chain.digest(events(exercise)) == chain.digest(events(taken))


def test_desks_that_are_late_together_are_told_in_the_same_order_after_the_move() -> None:
    exercise = playing.before("alpha", "concur")
    taken = take_in(list(exported.export_record(exercise)))

    asked = [
        list(Concurrence.objects.filter(exercise=one).order_by("pk").values_list("desk", flat=True))
        for one in (exercise, taken)
    ]

    assert asked[0] == asked[1] != sorted(asked[0])


def test_a_running_clock_stands_where_it_was_left_when_its_record_is_taken_in() -> None:
    with wall.standing() as real:
        exercise = playing.before("alpha", "concur")
        playing.conduct(exercise, "run", rate=60)
        real.wait(minutes=2)
        Heartbeat.objects.filter(exercise=exercise).update(alive_at=real.now)
        lines = list(exported.export_record(exercise))
        real.wait(days=3)

        taken = take_in(lines)

        reading = read_clock(taken)
        assert reading.unattended
        assert reading.at == exercise.sim_anchor + timedelta(hours=2) + 60 * clock.AHEAD


def test_users_whom_the_record_names_are_made_without_a_password() -> None:
    known = User.objects.create_user("kz-registry", password="correct horse")

    exercise = take_in(kept(f"{TODAY}/alpha.jsonl"))

    assert playing.seat(exercise, "KZ-REGISTRY").holder == known
    known.refresh_from_db()
    assert known.check_password("correct horse")
    planner = playing.seat(exercise, "TR-PLANNER").holder
    assert planner is not None
    assert (planner.username, planner.has_usable_password()) == ("tr-planner", False)
    assert not planner.is_staff


def test_a_record_goes_out_and_in_by_command(tmp_path: Path) -> None:
    exercise = playing.before("silence", "lapse", seated=True)
    file = tmp_path / "silence.jsonl"

    assert run("export_record", exercise.pk, file) == (
        0,
        f"EXERCISE {exercise.pk}, {exercise.name}: exported.\n",
    )
    code, printed = run("import_record", file)

    taken = Exercise.objects.latest("pk")
    assert (code, printed) == (
        0,
        f"EXERCISE {taken.pk}, {exercise.name}: {exercise.seq} events imported, intact.\n",
    )
    assert taken.pk != exercise.pk
    assert (taken.seq, taken.head) == (exercise.seq, exercise.head)
    assert run("export_record", exercise.pk, "-") == (0, file.read_text("utf-8"))
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_what_cannot_be_exported_is_told(tmp_path: Path) -> None:
    exercise = playing.before("alpha", "request_release")
    nowhere = tmp_path / "nowhere" / "alpha.jsonl"

    assert run("export_record", 4711, "-") == (2, "There is no exercise 4711.")
    code, printed = run("export_record", exercise.pk, nowhere)
    assert code == 2
    assert printed == f"{nowhere} cannot be written: No such file or directory."


def test_a_broken_record_is_exported_and_told_to_be_broken(tmp_path: Path) -> None:
    exercise = playing.before("alpha", "request_release")
    exercise.seats.filter(role="DECIDER", state="KZ").delete()

    code, printed = run("export_record", exercise.pk, tmp_path / "alpha.jsonl")

    assert code == 1
    assert printed.endswith("is BROKEN: seat/KZ-DECIDER: the row is gone")
    assert verification.faults(take_in(kept(f"{TODAY}/alpha.jsonl"))) == []


def test_an_event_that_is_no_text_is_told_and_an_older_file_stays(tmp_path: Path) -> None:
    exercise = playing.before("alpha", "request_release")
    file = tmp_path / "alpha.jsonl"
    file.write_text("older")
    connection.check_constraints()
    triggers.remove(connection)
    exercise.events.filter(seq=2).update(body=b"\xff")

    code, printed = run("export_record", exercise.pk, file)

    assert code == 1
    assert printed.endswith("is BROKEN: an event is no text. Nothing was written.")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["older"]


def changed(line: str, **columns: Any) -> str:
    return json.dumps(json.loads(line) | columns, ensure_ascii=False) + "\n"


def retold(lines: list[str], change: Callable[[dict[str, Any]], None], *, seq: int) -> list[str]:
    """Change the body of one event and make up all hashes anew, as whoever tampers well would."""
    told, head = [json.loads(line) for line in lines[1:]], ""
    body = json.loads(told[seq - 1]["body"])
    change(body)
    told[seq - 1]["body"] = chain.canonical(body).decode()
    for event in told:
        event["hash"] = head = chain.link(
            head,
            seq=event["seq"],
            recorded_at=datetime.fromisoformat(event["recorded_at"]),
            body=event["body"].encode(),
        )
    return [changed(lines[0], head=head), *(json.dumps(event) + "\n" for event in told)]


def pinned(lines: list[str], **pins: Any) -> list[str]:
    """Let the record say that the exercise pinned something else."""
    first, *rest = retold(lines, lambda body: body["rows"]["exercise"].update(pins), seq=1)
    head = json.loads(first)["exercise"]
    return [changed(first, exercise=head | {k: v for k, v in pins.items() if k in head}), *rest]


def replaced(lines: list[str], at: int, line: str) -> list[str]:
    return [*lines[:at], line, *lines[at + 1 :]]


NOT_WHOLE: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "nothing": (lambda lines: [], "The file is empty."),
    "a picture": (lambda lines: ["\x89PNG\n"], "Line 1 is not JSON."),
    "a fixture": (lambda lines: ["[]\n"], "Line 1 is no JSON object."),
    "some other file": (
        lambda lines: ["{}\n"],
        "This is no exported record: line 1 does not say so.",
    ),
    "a newer layout": (
        lambda lines: replaced(lines, 0, changed(lines[0], layout=9)),
        "The file is laid out by version 9, and this Overflight reads version 1 only.",
    ),
    "a head without its end": (
        lambda lines: replaced(lines, 0, changed(lines[0], seq=None)),
        "Line 1 does not say all that it should about the record.",
    ),
    "a head without real times": (
        lambda lines: replaced(lines, 0, changed(lines[0], outside={})),
        "Line 1 does not say how the exercise stood: 'wall_anchor'.",
    ),
    "a head of another exercise": (
        lambda lines: replaced(lines, 0, lines[0].replace("Dushanbe", "Bishkek")),
        "Line 1 names another exercise than the events do.",
    ),
    "a head alone": (lambda lines: lines[:1], "The record is not whole: the tail is missing"),
    "a tail cut off": (
        lambda lines: lines[:-3],
        "The record is not whole: the tail is missing: 41 of 44 events.",
    ),
    "a line cut off": (
        lambda lines: [*lines[:9], lines[9][:80]],
        "Line 10 is not JSON. The file was cut off there.",
    ),
    "a line that is no event": (
        lambda lines: replaced(lines, 4, "{}\n"),
        "Line 5 is no event, or not all of one.",
    ),
    "a body that is none": (
        lambda lines: replaced(lines, 4, changed(lines[4], body="[]")),
        "Line 5 holds an event that does not tell all that it should.",
    ),
    "a body that is no JSON": (
        lambda lines: replaced(lines, 4, changed(lines[4], body="x")),
        "Line 5 holds an event that cannot be read: ",
    ),
    "a moment without a zone": (
        lambda lines: replaced(lines, 4, changed(lines[4], recorded_at="2026-03-02T09:00:03")),
        "Line 5 holds an event that cannot be read: '2026-03-02T09:00:03' has no time zone.",
    ),
    "a missing event": (
        lambda lines: [*lines[:4], *lines[5:]],
        "The record is not whole: event 4 is missing.",
    ),
    "a changed byte": (
        lambda lines: replaced(lines, 4, lines[4].replace("2026-09", "2026-10", 1)),
        "The record is not whole: event 4 does not follow from the one before it",
    ),
    "milliseconds": (
        lambda lines: replaced(lines, 4, re.sub(r"(\.\d{3})\d{3}\+", r"\g<1>000+", lines[4])),
        "The record is not whole: event 4 does not follow from the one before it",
    ),
    "a format of the future": (
        lambda lines: retold(lines, lambda body: body.update(version=99), seq=4),
        "Line 5 holds an event that cannot be read: format 99, and this Overflight reads "
        f"formats 1 to {TODAY} only.",
    ),
    "rows of no kind": (
        lambda lines: retold(lines, lambda body: body["rows"].update({"kite/1": {}}), seq=4),
        "The events tell of rows that cannot be: kite/1: there are no rows of this kind.",
    ),
    "a column that is none": (
        lambda lines: retold(
            lines, lambda body: body["rows"]["seat/INSTRUCTOR"].update(hat="red"), seq=1
        ),
        "The events tell of rows that cannot be: seat/INSTRUCTOR.hat cannot be 'red'.",
    ),
    "a rate that is no number": (
        lambda lines: retold(
            lines, lambda body: body["rows"]["exercise"].update(rate="fast"), seq=1
        ),
        "The events tell of rows that cannot be: exercise.rate cannot be 'fast'.",
    ),
    "an agreement that is not shipped": (
        lambda lines: pinned(lines, agreement="FR-DE"),
        "No agreement FR-DE.",
    ),
    "an agreement of the future": (
        lambda lines: pinned(lines, agreement_version="99"),
        "No agreement TR-KZ in version 99.",
    ),
    "a calendar that is not shipped": (
        lambda lines: pinned(lines, calendar_version="1999"),
        "There is no calendar '1999'; there are: ",
    ),
    "a rule set of the future": (
        lambda lines: pinned(lines, rules_version="99"),
        "No rule set 99.",
    ),
    "an agreement that is a list": (
        lambda lines: pinned(lines, agreement=["TR-KZ"]),
        "Line 1 names another exercise than the events do.",
    ),
}


@pytest.mark.parametrize("what", NOT_WHOLE)
def test_what_is_not_whole_is_refused_and_leaves_nothing(what: str, tmp_path: Path) -> None:
    change, sentence = NOT_WHOLE[what]
    file = tmp_path / "record.jsonl"
    file.write_text("".join(change(kept(f"{TODAY}/alpha.jsonl"))), encoding="utf-8")

    code, printed = run("import_record", file)

    assert code == 1
    assert printed.startswith(sentence)
    assert not Exercise.objects.exists()
    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"

    assert run("import_record", file) == (2, f"{file} cannot be read: No such file or directory.")
    file.write_bytes(b"\xff\xfe")
    assert run("import_record", file) == (1, f"{file} is no text in UTF-8.")


@pytest.mark.parametrize(
    "asked", [(), ("exercises",), ("audit.event",), ("transit", "auth"), ("-e", "exercises")]
)
def test_dumpdata_does_not_cut_a_record_to_milliseconds(asked: tuple[str, ...]) -> None:
    code, printed = run("dumpdata", *asked)

    assert code == 1
    assert "export_record" in printed


def test_dumpdata_and_loaddata_carry_what_is_no_part_of_a_record(tmp_path: Path) -> None:
    User.objects.create_user("chief")
    file = tmp_path / "users.json"

    code, printed = run("dumpdata", "auth.user")
    file.write_text(printed)
    User.objects.all().delete()

    assert code == 0
    assert run("loaddata", file) == (0, "Installed 1 object(s) from 1 fixture(s)\n")
    assert User.objects.get().username == "chief"


def test_loaddata_does_not_write_behind_the_record(tmp_path: Path) -> None:
    exercise = playing.before("alpha", "request_release")
    user = {"model": "auth.user", "pk": 7, "fields": {"username": "chief"}}
    seat = {"model": "exercises.seat", "pk": 1, "fields": {"exercise": exercise.pk, "ref": "x"}}
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([user, seat]))

    code, printed = run("loaddata", file)

    assert code == 1
    assert "import_record" in printed
    assert not User.objects.exists()
    assert verification.faults(exercise) == []
