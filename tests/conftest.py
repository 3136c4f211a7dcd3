"""What every test may use."""

import gc
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from audit import triggers

# Playwright runs a loop of its own beside the test; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Hypothesis would fail a test for being slow; a busy machine is no fault of ours.
settings.register_profile(
    "untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What touches no database is run once: another database would say the same.

    It is quick as well, unless it starts other programs, tries whatever chance brings, or says
    that it is for the whole suite.
    """
    for item in items:
        fixtures = {*getattr(item, "fixturenames", ())}
        touches_one = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}
        if not touches_one and not item.get_closest_marker("services"):
            item.add_marker(pytest.mark.once)
            starts_programs = {"control", "browser"} & {*item.path.parts} or hasattr(
                getattr(item, "module", None), "subprocess"
            )
            is_drawn = hasattr(getattr(item, "obj", None), "hypothesis")
            is_long = any(item.get_closest_marker(name) for name in ("whole", "night"))
            if not starts_programs and not is_drawn and not is_long:
                item.add_marker(pytest.mark.quick)


def pytest_collection_finish() -> None:
    """What was imported stays; looking through it again and again took an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> Iterator[None]:
    """A test on real transactions empties the tables behind it, the append-only ones as well."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_all(case: TransactionTestCase) -> None:
        triggers.remove(connection)
        try:
            flush(case)
        finally:
            triggers.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_all)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium, kept from calling home."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        complain = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        complain("There is no Chromium: the browser tests did not run.")
    quiet = ["background-networking", "component-update", "sync", "quic", "gpu"]
    return {
        "executable_path": chromium,
        "timeout": 0,  # however long it takes to start
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{it}" for it in quiet)],
    }
