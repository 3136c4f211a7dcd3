"""What a page says, as files: marked, harmless, and no more than the page says."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from approvals.exports import FILES
from casework import files
from exercises.models import Exercise, Help
from tests import canaries, playing
from tests.browsing import signed_in
from transit.models import Revision
from transit.plan_check import Cleared

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TEXT = "Жүк: шатырлар; ığüşöç, “İstanbul”"


def asked(exercise: Exercise, key: str, path: str) -> Any:
    return signed_in(exercise, key).get(f"/x/{exercise.pk}/{key}/{path}")


def told(exercise: Exercise, key: str, path: str) -> str:
    answer = asked(exercise, key, path)
    assert answer.status_code == 200, path
    return str(answer.getvalue().decode())


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def calendar(text: str) -> list[dict[str, str]]:
    """Return the dates of a calendar, read as RFC 5545 says."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    dates: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            dates.append({})
        elif dates:
            name, _colon, value = line.partition(":")
            dates[-1][name] = value
    return dates


@pytest.fixture
def exercise() -> Exercise:
    return playing.before("alpha", "file_plan", seated=True)


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_a_flight_is_marked_in_its_name_and_in_its_content(
    exercise: Exercise, file: str
) -> None:
    answer = asked(exercise, "KZ-OPERATIONS", f"flights/1/files/{file}")

    assert answer.status_code == 200
    name = f"EXERCISE-TR-KZ-0001-{file}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue().decode().count("EXERCISE") >= 1
    page = told(exercise, "KZ-OPERATIONS", "flights/1/")
    assert f'href="/x/{exercise.pk}/KZ-OPERATIONS/flights/1/files/{file}"' in page


def test_an_authorization_from_its_page_is_what_a_plan_is_compared_with(
    exercise: Exercise,
) -> None:
    said = json.loads(told(exercise, "TR-PLANNER", "flights/1/files/authorization.json"))

    assert said["mark"] == "EXERCISE"
    assert Cleared.from_dict(said).number == "EXKZ26S0001"


def test_table_and_object_say_the_same_in_letters_of_every_language(exercise: Exercise) -> None:
    Revision.objects.filter(exercise=exercise).update(cargo=TEXT)

    said = json.loads(told(exercise, "KZ-OPERATIONS", "flights/1/files/flight.json"))
    text = told(exercise, "KZ-OPERATIONS", "flights/1/files/flight.csv")

    assert text.startswith("\ufeff")
    head, *rows = table(text)
    assert head == ["mark", "item", "value"]
    assert {row[0] for row in rows} == {"EXERCISE"}
    cells = {row[1]: row[2] for row in rows}
    assert said["form"]["cargo"] == cells["form.cargo"] == TEXT
    assert said["crossings"][0]["state"] == cells["crossings.1.state"]
    assert said["authorization"]["number"] == "EXKZ26S0001"
    assert said["as_seen_by"] == "KZ-OPERATIONS"


@pytest.mark.parametrize(
    "words",
    [
        '=HYPERLINK("http://x.invalid","y")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "  =1",
        "＝1+1",
        "\r\n=1",
    ],
)
def test_no_cell_is_a_formula(exercise: Exercise, words: str) -> None:
    Revision.objects.filter(exercise=exercise).update(remarks=words)

    cells = table(told(exercise, "KZ-OPERATIONS", "flights/1/files/flight.csv"))

    assert next(row[2] for row in cells if row[1] == "form.remarks").startswith("'")
    assert not [cell for row in cells for cell in row if cell.strip().startswith(files.FORMULA)]


def test_a_route_is_drawn_where_the_page_draws_it(exercise: Exercise) -> None:
    drawn = json.loads(told(exercise, "KZ-OPERATIONS", "flights/1/files/route.geojson"))
    kml = ElementTree.fromstring(  # noqa: S314 - our own
        told(exercise, "KZ-OPERATIONS", "flights/1/files/route.kml")
    )

    line, *points = drawn["features"]
    assert drawn["type"] == "FeatureCollection"
    assert line["geometry"]["type"] == "LineString"
    assert line["properties"]["states"] == ["TR", "GE", "AZ", "KZ", "UZ", "TJ"]
    assert points[0]["geometry"]["coordinates"] == line["geometry"]["coordinates"][0]
    assert "EXERCISE" in points[0]["properties"]["title"]
    names = kml.findall(".//{*}Placemark/{*}name")
    assert [one.text for one in names][1:] == [one["properties"]["point"] for one in points]


def test_what_the_product_keeps_back_in_an_exam_is_in_no_file() -> None:
    exercise = playing.before("alpha", "file_plan", seated=True)
    Exercise.objects.filter(pk=exercise.pk).update(help=Help.OFF)

    for file in ("route.geojson", "route.kml", "authorization.json"):
        assert asked(exercise, "KZ-OPERATIONS", f"flights/1/files/{file}").status_code == 404
        assert asked(exercise, "INSTRUCTOR", f"flights/1/files/{file}").status_code == 200
    said = json.loads(told(exercise, "KZ-OPERATIONS", "flights/1/files/flight.json"))
    assert said["findings"] is None
    assert "files/route" not in told(exercise, "KZ-OPERATIONS", "flights/1/")


def test_a_decision_that_no_note_has_told_is_in_no_file_of_the_other_side() -> None:
    exercise = canaries.play()
    said = json.loads(told(exercise, "TR-PLANNER", "flights/2/files/flight.json"))

    assert (said["status"], said["authorization"], said["decision"]) == ("UNDER_REVIEW", None, None)
    assert (said["answers"], said["minutes"]) == ([], [])
    path = "flights/2/files/authorization.json"
    assert asked(exercise, "TR-PLANNER", path).status_code == 404
    assert asked(exercise, "KZ-REGISTRY", path).status_code == 200


@pytest.mark.parametrize("file", ["flight.xml", "..", "flight.csv%00", "../../1", "FLIGHT.CSV"])
def test_a_file_that_there_is_not_is_not_there(exercise: Exercise, file: str) -> None:
    assert asked(exercise, "KZ-OPERATIONS", f"flights/1/files/{file}").status_code == 404


def test_own_deadlines_are_dates_of_a_calendar_and_keep_their_names() -> None:
    exercise = playing.before("alpha", "concur", seated=True)

    (first,) = calendar(told(exercise, "KZ-SECURITY", "flights/deadlines.ics"))

    assert first["SUMMARY"] == r"EXERCISE: TR-KZ-0001\, answer of the desk"
    assert re.fullmatch(r"\d{8}T\d{6}Z", first["DTSTART"])
    assert first["UID"].endswith(f"@exercise-{exercise.pk}.overflight.invalid")
    again = calendar(told(exercise, "KZ-SECURITY", "flights/1/files/deadlines.ics"))
    assert first["UID"] in {one["UID"] for one in again}
    assert len({one["UID"] for one in again}) == len(again) > 1
    (answer,) = calendar(told(exercise, "TR-PLANNER", "flights/1/files/deadlines.ics"))
    assert "answer by note" in answer["SUMMARY"]


def test_odd_texts_of_a_calendar_are_escaped_and_folded_between_letters() -> None:
    odd = f"a,b;c\\d\nBEGIN:VEVENT\r\n\x07{TEXT * 4}🛩"
    at = datetime(2026, 9, 1, tzinfo=UTC)

    text = files.as_calendar("x", [files.Date("k", at, odd, odd)], exercise=1, at=at, age=0)

    (date,) = calendar(text)
    assert date["SUMMARY"].startswith(r"EXERCISE: a\,b\;c\\d\nBEGIN:VEVENT\n")
    assert date["SUMMARY"].endswith("🛩")
    assert "\x07" not in text


def test_a_file_that_has_not_changed_is_not_sent_again(exercise: Exercise) -> None:
    client = signed_in(exercise, "KZ-OPERATIONS")
    address = f"/x/{exercise.pk}/KZ-OPERATIONS/flights/1/files/flight.csv"
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})
    other = signed_in(exercise, "TR-PLANNER").get(address.replace("KZ-OPERATIONS", "TR-PLANNER"))

    assert again.status_code == 304
    assert other["ETag"] != first["ETag"]
