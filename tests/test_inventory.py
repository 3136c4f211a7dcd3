"""What is shipped of others is what was taken in; what is installed is named with its licence."""

import re

from scripts import inventory


def test_every_shipped_file_of_others_is_the_one_that_was_taken_in() -> None:
    """Vendored scripts and data are changed by their scripts, on purpose, and never by hand."""
    for path, known in inventory.files().items():
        assert inventory.sha256(inventory.ROOT / path) == known, path


def test_no_shipped_file_of_others_is_left_out() -> None:
    vendor = (path for path in inventory.VENDORED.parent.rglob("*") if path.is_file())
    there = {str(path.relative_to(inventory.ROOT)) for path in vendor} - {
        str(inventory.VENDORED.relative_to(inventory.ROOT))
    }

    assert there <= inventory.files().keys()
    assert inventory.hashes() == inventory.HASHES.read_text("utf-8")


def test_the_page_of_licences_names_what_is_locked() -> None:
    """`make lock` writes it; no package of it may bring the AGPL."""
    rows = re.findall(
        r"^\| (\S+) \| (\S+) \| (.+) \|$", inventory.LICENCES.read_text("utf-8"), re.MULTILINE
    )
    assert {*inventory.locked()} <= {(name, version) for name, version, _ in rows}
    assert not any("AGPL" in licence or not licence for _, _, licence in rows)
