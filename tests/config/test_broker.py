"""Messages that lie in a folder: whole ones are taken, what is none is set aside."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from queue import Empty
from typing import TYPE_CHECKING, Any

import pytest
from kombu.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TASK = {"task": "control.tasks.tick", "id": "1"}


def message(body: Any = ([], {}, {}), **parts: Any) -> dict[str, Any]:
    """Return a message as Celery writes it."""
    return {
        "body": b64encode(json.dumps(body).encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": TASK,
        "properties": {"delivery_tag": "1", "body_encoding": "base64", "delivery_info": {}},
    } | parts


NO_TASKS: list[Any] = [
    *(None, [], "tick", {}, {"properties": {}}),
    message(headers=None),
    message(headers={"task": "control.tasks.tick"}),
    message(headers=TASK | {"task": 1}),
    message(body="tick"),
    message(body=[[], {}]),
    message(body=[{}, [], {}]),
    message(properties={"delivery_tag": "1", "delivery_info": "x"}),
    message() | {"body": "no base64"},
    message() | {"content-type": "application/x-python-serialize"},
]


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Any]:
    """What a start empties is the folder of messages alone; what is set aside lies beside it."""
    messages = tmp_path / "messages"
    messages.mkdir()
    folders = dict.fromkeys(["data_folder_in", "data_folder_out"], str(messages))
    with Connection("filesystem://localhost//", transport_options=folders) as connection:
        yield connection.channel()


def test_a_reader_never_meets_half_a_message(channel: Any) -> None:
    class Letter:
        """Somebody looks for it in the middle of its writing."""

        def __json__(self) -> str:
            with pytest.raises(Empty):
                channel._get("letters")
            return "whole"

    channel._put("letters", message(headers=TASK | {"about": Letter()}))

    assert channel._get("letters") == message(headers=TASK | {"about": "whole"})


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff\x00 no text",
        b"[" * 10_000,
        json.dumps(message()).encode()[:-1],
        *(json.dumps(told).encode() for told in NO_TASKS),
    ],
)
def test_what_is_no_message_is_set_aside_and_named_and_the_next_is_taken(
    channel: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, written: bytes
) -> None:
    (tmp_path / "messages" / "0.letters.msg").write_bytes(written)
    channel._put("letters", message())

    assert channel._get("letters") == message()
    with pytest.raises(Empty):
        channel._get("letters")

    assert len([*(tmp_path / "aside").iterdir()]) == 1
    [said] = caplog.messages
    assert said.startswith("0.letters.msg cannot be read (")
    assert said.endswith(f"): set aside into {tmp_path / 'aside'}.")


def test_a_folder_in_the_place_of_a_message_is_set_aside_too(
    channel: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "messages" / "0.letters.msg" / "more").mkdir(parents=True)
    (tmp_path / "messages" / "1.letters.msg").symlink_to("nowhere")
    channel._put("letters", message())

    assert channel._get("letters") == message()
    assert len(caplog.messages) == 1


def test_what_cannot_be_set_aside_is_named_once(
    channel: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "messages" / "0.letters.msg").write_text("?")
    (tmp_path / "aside").write_text("in the way")
    for _ in range(3):
        channel._put("letters", message())
        assert channel._get("letters") == message()

    assert len(caplog.messages) == 1


@pytest.mark.services
def test_what_is_no_message_in_redis_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    with Connection(f"{os.environ['BROKER_URL']}?virtual_host=8") as connection:
        queue = connection.SimpleQueue("letters")
        unreadable = ["?", "null", "[]", '{"properties": {}}']
        connection.default_channel.client.lpush("letters", *unreadable)
        queue.put({"whole": True})

        letter = queue.get()
        letter.ack()
        assert letter.payload == {"whole": True}

    assert len(caplog.messages) == len(unreadable)
