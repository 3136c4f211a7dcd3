"""Mistakes in data files are told by file and line, and stop nobody who does not need the file."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from airspace import zones
from books import agreements, calendars
from books.calendars import offices
from control import actions, data_files, stories
from control.data_files import KINDS
from exercises.models import Exercise, Role
from tests import playing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.test import Client

AGREEMENT = agreements.FOLDER / "tr-kz-3.yaml"
OFFICES = offices.FOLDER / calendars.LATEST / "offices.yaml"
HOLIDAYS = offices.FOLDER / calendars.LATEST / "holidays.csv"
ALPHA = stories.FOLDER / "alpha.yaml"

#: Each mistake: the file, what is replaced by what, and what is said of the line that changed.
MISTAKES = {
    "an unknown key": (AGREEMENT, "    shares:", "    share:", "did you mean shares?"),
    "a missing key": (AGREEMENT, "source: Kazakh", "#", "source: is missing."),
    "a wrong type": (AGREEMENT, "early_hours: 3", "early_hours: three", "valid integer"),
    "a key twice": (AGREEMENT, "landing: {", "code: TR-KZ\nlanding: {", "stands here again"),
    "an unknown desk": (AGREEMENT, "calls: [LEGAL]", "calls: [LEGALS]", "did you mean LEGAL?"),
    "a role that is none": (AGREEMENT, "seat: false", "seat: true", "no role of the host"),
    "shares that do not fit": (
        AGREEMENT,
        "desk: {working_days: 3}",
        "desk: {working_days: 9}",
        "12",
    ),
    "an item of no form": (AGREEMENT, "[call_sign, ", "[callsign, ", "did you mean call_sign?"),
    "a finding of no rule": (AGREEMENT, "  EW_DECLARED:", "  EW_DECLARE:", "EW_DECLARED?"),
    "a figure of nobody": (
        AGREEMENT,
        "{value: 120, training_default: true}",
        "{value: 120}",
        "either",
    ),
    "an impossible date": (AGREEMENT, "value: 2026-04-30", "value: 2026-04-31", "no date"),
    "a bad state code": (OFFICES, "  GE:", "  GEO:", "pattern"),
    "a zone of no place": (OFFICES, "Europe/Istanbul", "Europe/Ankara", "Europe/Ankara is no zone"),
    "a wrong weekday": (HOLIDAYS, "2024-01-01,Mon,TR", "2024-01-01,Tue,TR", "is a Mon"),
    "a day of no year known": (HOLIDAYS, "2024-01-01,Mon,TR", "2023-01-01,Sun,TR", "is not from"),
    "a state without office": (HOLIDAYS, "2024-01-01,Mon,TR", "2024-01-01,Mon,XX", "no office"),
    "an unknown verb": (ALPHA, "do: request_release", "do: ask_release", "is no verb of a seat"),
    "a seat of no state": (ALPHA, "by: TR-RELEASE", "by: XX-RELEASE", "did you mean TR-RELEASE?"),
    "a move of another": (ALPHA, "by: TR-RELEASE", "by: TR-PLANNER", "is a move of"),
    "a parameter of no verb": (
        ALPHA,
        "{note_number: 2026",
        "{note_numbr: 2026",
        "did you mean note_number?",
    ),
    "moments out of order": (ALPHA, "until: 2026", "until: 2025", "before the last act"),
    "a level upside down": (zones.FILE, '"upper": 660', '"upper": -1', "greater than"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_file_and_line(mistake: str, tmp_path: Path) -> None:
    source, right, wrong, told = MISTAKES[mistake]
    text = source.read_text(encoding="utf-8")
    assert right in text
    if source == HOLIDAYS:
        shutil.copy(OFFICES, tmp_path)
    copy = tmp_path / source.name
    copy.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    kind = data_files.kind_of(copy)

    assert kind is not None
    found = data_files.faults(kind, copy)

    assert {fault.path for fault in found} == {str(copy)}
    [fault] = [fault for fault in found if told in fault.sentence][:1]
    if wrong != "#":
        changed = text[: text.index(right)].count("\n") + 1
        assert abs(fault.line - changed) <= 3


def test_what_is_shipped_has_no_faults() -> None:
    for kind in KINDS.values():
        for path in kind.shipped():
            assert data_files.kind_of(path) is kind
            assert data_files.faults(kind, path) == ()


def test_lint_says_what_it_took_a_file_for_and_what_is_wrong(tmp_path: Path) -> None:
    text = AGREEMENT.read_text(encoding="utf-8")
    copy = tmp_path / "mine.yaml"
    copy.write_text(text.replace("landing: {value: allow", "landing: {value: alow"))
    (tmp_path / "notes.yaml").write_text("to: do")
    said = StringIO()

    with pytest.raises(CommandError, match="1 of 2"):
        call_command("lint", str(tmp_path), stdout=said)

    line = text[: text.index("landing: {")].count("\n") + 1
    assert said.getvalue().splitlines() == [
        f"{copy}: taken for: agreement",
        f"{copy}:{line}: landing.value: should be 'allow' or 'refer', not 'alow'.",
        f"{tmp_path}/notes.yaml:1: Passed over: no kind of file known ({', '.join(KINDS)}).",
    ]


@pytest.mark.parametrize("arguments", [[], ["/no/such/folder"], ["x", "--schema", "story"]])
def test_lint_asks_for_what_it_can_read(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("lint", *arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_schema_for_editors(kind: str) -> None:
    said = StringIO()

    call_command("lint", "--schema", kind, stdout=said)

    assert json.loads(said.getvalue())["title"] == kind


@pytest.mark.django_db
def test_a_story_is_played_from_its_path(tmp_path: Path) -> None:
    copy = tmp_path / "mine.yaml"
    shutil.copy(stories.FOLDER / "refused.yaml", copy)

    call_command("play", str(copy), stdout=StringIO())

    assert Exercise.objects.count() == 1


@pytest.mark.django_db
def test_a_story_with_faults_is_not_begun(tmp_path: Path) -> None:
    copy = tmp_path / "mine.yaml"
    copy.write_text(ALPHA.read_text(encoding="utf-8").replace("do: release}", "do: free}"))

    with pytest.raises(CommandError, match=r"mine\.yaml, line \d+: acts\.3\.do"):
        call_command("play", str(copy))

    assert not Exercise.objects.exists()


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of agreements with a mistake in the second, fictional one."""
    folder = shutil.copytree(agreements.FOLDER, tmp_path / "agreements")
    monkeypatch.setattr(agreements, "FOLDER", folder)
    agreements.load.cache_clear()
    yield folder / "az-uz-1.yaml"
    agreements.load.cache_clear()


def spoil(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nversion:", "\nverson:"), encoding="utf-8")
    agreements.load.cache_clear()


@pytest.mark.django_db
def test_a_broken_agreement_stops_its_own_exercises_only(broken: Path, client: Client) -> None:
    user = get_user_model().objects.create_user("teacher", password="chalk", is_staff=True)
    at = playing.before("alpha", "prepare").opened_at
    mine, other = (
        actions.open_for(user, code, at=at, agreement=code, solo=True)
        for code in ("AZ-UZ", "TR-KZ")
    )
    client.force_login(user)
    spoil(broken)

    pages = {one: client.get(f"/x/{one.pk}/{Role.INSTRUCTOR}/control/") for one in (mine, other)}

    assert pages[other].status_code == 200
    assert pages[mine].status_code == 503
    assert "az-uz-1.yaml, line" in pages[mine].content.decode()
    front = client.get("/")
    assert front.status_code == 200
    opening = client.get("/open/")
    assert opening.status_code == 200
    assert [code for code, _title in opening.context["form"].fields["agreement"].choices] == [
        "TR-KZ",
        "XL-XV",
    ]
    assert "AZ-UZ" in opening.content.decode()
    refused = client.post(
        "/open/", {"name": "x", "start": "2026-09-07 06:00", "agreement": "AZ-UZ"}
    )
    assert refused.status_code == 422


def test_the_system_check_warns_of_a_broken_agreement(broken: Path) -> None:
    spoil(broken)

    warned = [one for one in run_checks() if one.id == "overflight.W006"]

    assert [one.msg.partition(": ")[2] for one in warned][1:2] == [
        "verson: is no key here; did you mean version?"
    ]


@pytest.mark.django_db
def test_a_public_page_whose_agreement_is_broken_says_so(broken: Path, client: Client) -> None:
    spoil(broken.with_name("tr-kz-3.yaml"))

    answer = client.get("/deadlines/")

    assert answer.status_code == 503
    assert "tr-kz-3.yaml, line" in answer.content.decode()
