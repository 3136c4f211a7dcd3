from pathlib import Path
from queue import Empty

import pytest
from kombu.connection import Connection


def test_a_reader_never_meets_half_a_message(tmp_path: Path) -> None:
    folders = dict.fromkeys(["data_folder_in", "data_folder_out", "control_folder"], str(tmp_path))
    with Connection("filesystem://localhost//", transport_options=folders) as connection:
        channel = connection.channel()

        class Letter:
            """Somebody looks for it in the middle of its writing."""

            def __json__(self) -> str:
                with pytest.raises(Empty):
                    channel._get("letters")
                return "whole"

        channel._put("letters", {"body": Letter()})

        assert channel._get("letters") == {"body": "whole"}
