"""Whoever owns the database tampers with a record: what finds it is what the documentation says."""

from __future__ import annotations

import pytest

from tests.chaos import tamperings


@pytest.mark.once
@pytest.mark.django_db
def test_each_kind_of_tampering_is_found_or_named() -> None:
    said: list[str] = []
    with tamperings.played() as world:
        wrong = tamperings.try_all(world, seed="8", rounds=1, say=said.append)

    assert wrong == 0, "\n".join(said)
    assert {kind.found_by for kind in tamperings.KINDS.values()} == {
        tamperings.VERIFY,
        tamperings.CHECKPOINT,
        tamperings.NAMED,
    }
