"""A record is held against what was signed once: by the product, and by a file without it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from audit import chain, checkpoints, triggers
from audit.models import Erasure, Event
from exercises.models import Exercise
from tests import playing
from tests.browsing import body, signed_in
from tests.commands import run

if TYPE_CHECKING:
    from collections.abc import Iterator

VERIFIER = Path(__file__).parents[2] / "scripts" / "verify_export.py"

#: Leaves and the roots of the first 0, 1, 2, … of them, as published with RFC 6962.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
LEAVES += ["606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_is_that_of_the_rfc(size: int) -> None:
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES[:size]]

    assert checkpoints.root(leaves).hex() == ROOTS[size]


def test_keys_and_notes_are_those_of_others() -> None:
    line = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert checkpoints.Key.read(line).line == line

    neumann = checkpoints.Key.read(
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"
    )
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
        "otpRZb6KE6RyyBwJnAM=\n"
    )
    with pytest.raises(checkpoints.Unusable, match="signed is no checkpoint"):
        checkpoints.read(note, key=neumann)
    with pytest.raises(checkpoints.Unusable, match="was not signed by PeterNeumann"):
        checkpoints.read(note.replace("answer", "question"), key=neumann)
    with pytest.raises(checkpoints.Unusable, match="no key of a checkpoint"):
        checkpoints.Key.read(line.replace("033de0ae", "033de0af"))


def independently(*arguments: object) -> tuple[int, str]:
    """Return exit code and output of the verifier that knows nothing of the product."""
    run = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def rebuild(exercise: Exercise, *, changed: int) -> None:
    """Change an event, and compute all hashes and the head anew: whoever owns the database can."""
    head = ""
    for event in Event.objects.filter(exercise=exercise).in_order():
        told = event.content
        if event.seq == changed:
            told = chain.canonical(event.payload | {"audience": ["HOST"]})
        head = chain.link(head, seq=event.seq, recorded_at=event.recorded_at, body=told)
        Event.objects.filter(pk=event.pk).update(body=told, hash=head)
    Exercise.objects.filter(pk=exercise.pk).update(head=head)


@pytest.mark.django_db
def test_a_checkpoint_tells_a_record_that_grew_from_one_that_was_rebuilt(tmp_path: Path) -> None:
    exercise = playing.before("silence", "lapse")
    connection.check_constraints()
    notes, grown, rebuilt = (tmp_path / name for name in ("notes.txt", "grown", "rebuilt"))

    code, said = run("checkpoint", exercise.pk, notes)
    key = said.splitlines()[-1]
    assert (code, said) == (0, f"1 checkpoints, to be verified with\n{key}\n")
    assert run("checkpoint", "--key") == (0, f"{key}\n")
    assert (settings.VAR_DIR / "checkpoint_key").stat().st_mode & 0o777 == 0o600

    signed = exercise.seq
    playing.conduct(exercise, "run", rate=2)
    run("export_record", exercise.pk, grown)
    as_signed = f"intact, {signed + 1} events, the first {signed} as signed\n"
    assert run("verify_audit", "--checkpoint", notes) == (
        0,
        f"EXERCISE {exercise.pk}, {exercise.name}: {as_signed}",
    )
    assert independently(grown, notes, key) == (0, as_signed)

    code, said = run("import_record", grown)
    copy = Exercise.objects.latest("pk")
    asked = ("--exercise", copy.pk, "--checkpoint", notes, "--key", key)
    assert run("verify_audit", *asked) == (0, f"EXERCISE {copy.pk}, {copy.name}: {as_signed}")

    triggers.remove(connection)
    rebuild(exercise, changed=5)
    run("export_record", exercise.pk, rebuilt)
    assert run("verify_audit", "--exercise", exercise.pk)[0] == 0  # the chain itself holds
    assert independently(rebuilt) == (0, f"intact, {signed + 1} events\n")

    found = f"BROKEN: its first {signed} events are not those of the checkpoint\n"
    code, said = run("verify_audit", "--exercise", exercise.pk, "--checkpoint", notes)
    assert (code, said) == (1, f"EXERCISE {exercise.pk}, {exercise.name}: {found}1 of 1 broken.")
    assert independently(rebuilt, notes, key) == (1, found)

    lines = grown.read_text().splitlines(keepends=True)
    grown.write_text("".join(lines[:3] + lines[4:]))
    assert independently(grown, notes, key) == (1, "BROKEN: event 3 is missing\n")
    head, *events = map(json.loads, lines)
    head |= {"seq": signed - 1, "head": events[signed - 2]["hash"]}
    grown.write_text("".join(f"{json.dumps(one)}\n" for one in [head, *events[: signed - 1]]))
    assert independently(grown) == (0, f"intact, {signed - 1} events\n")
    assert independently(grown, notes, key) == (
        1,
        f"BROKEN: the checkpoint was made of {signed} events, and there are {signed - 1}\n",
    )


@pytest.mark.django_db
def test_a_checkpoint_that_is_none_says_nothing_of_the_record(tmp_path: Path) -> None:
    exercise = playing.before("silence", "lapse")
    notes, record = tmp_path / "notes.txt", tmp_path / "record"
    run("checkpoint", exercise.pk, notes)
    key = checkpoints.signer().key.line
    note = notes.read_text()
    run("export_record", exercise.pk, record)

    stranger = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert run("verify_audit", "--checkpoint", notes, "--key", stranger)[0] == 2
    assert run("verify_audit", "--checkpoint", notes, "--key", "x")[0] == 2
    for held in (note.replace(f"\n{exercise.seq}\n", "\n7\n"), "", note + "more", note[:-9]):
        notes.write_text(held)
        code, said = run("verify_audit", "--checkpoint", notes)
        assert code == 2, held
        assert "checkpoint" in said
    assert run("verify_audit", "--checkpoint", tmp_path / "none")[0] == 2
    assert independently(record, notes, key)[0] == 2
    assert independently(record, tmp_path / "none", key)[0] == 2
    assert independently(notes)[0] == 2
    assert run("checkpoint", "4711") == (2, "There is no exercise 4711.")
    assert run("checkpoint", "one", "two")[0] == 1


@pytest.mark.django_db
def test_an_exercise_that_is_gone_is_missed_by_its_checkpoint(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    exercise = playing.before("alpha", "request_release")
    name, erased = exercise.name, exercise.pk
    other = playing.before("alpha", "request_release")
    assert run("checkpoint", notes)[0] == 0
    call_command("createsuperuser", username="chief", email="", interactive=False)
    run("erase", erased, "--by", "chief", "--yes")

    code, said = run("verify_audit", "--checkpoint", notes)
    assert code == 2
    assert f"EXERCISE {erased}, {name}: could not be told: erased by chief on 20" in said
    assert f"EXERCISE {other.pk}, {name}: intact, " in said

    connection.check_constraints()
    triggers.remove(connection)
    Erasure.objects.all().delete()
    code, said = run("verify_audit", "--checkpoint", notes)
    assert code == 1
    assert f"EXERCISE {erased}: BROKEN: it is gone, and was not erased" in said


@pytest.mark.django_db
def test_a_broken_record_is_not_signed() -> None:
    exercise = playing.before("silence", "lapse")
    Exercise.objects.filter(pk=exercise.pk).update(head="0" * 64)

    code, said = run("checkpoint")

    assert code == 1
    assert said.startswith(f"EXERCISE {exercise.pk}, {exercise.name}, is BROKEN and was not signed")


@pytest.fixture
def spoiled(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A folder in which half a key lies."""
    settings.VAR_DIR = tmp_path
    path = tmp_path / "checkpoint_key"
    path.write_text("abc")
    yield path
    assert path.read_text() == "abc"


@pytest.mark.django_db
def test_half_a_key_is_named_and_never_replaced(spoiled: Path) -> None:
    code, said = run("checkpoint")

    assert code == 2
    assert said.startswith(f"{spoiled} holds no whole key")


@pytest.mark.django_db
def test_the_last_page_of_an_exercise_has_its_checkpoint_to_be_printed() -> None:
    exercise = playing.before("silence", "lapse", seated=True)
    instructor = signed_in(exercise, "INSTRUCTOR")
    address = f"/x/{exercise.pk}/INSTRUCTOR/"
    assert 'id="checkpoint"' not in body(instructor.get(f"{address}record/"))

    playing.conduct(exercise, "end")

    assert f"{address}record/#checkpoint" in body(instructor.get(f"{address}control/"))
    page = body(instructor.get(f"{address}record/"))
    note = checkpoints.signer().note(exercise)
    assert f'<pre class="mono">{note}</pre>'.replace("+", "&#x2B;") in page.replace("+", "&#x2B;")
    assert checkpoints.signer().key.line.replace("+", "&#x2B;") in page.replace("+", "&#x2B;")
    drawn = page[page.index("<svg") : page.index("</svg>")]
    assert "style=" not in drawn
    [made] = checkpoints.read(note, key=checkpoints.signer().key)
    assert (made.number, made.size) == (exercise.pk, exercise.seq)
