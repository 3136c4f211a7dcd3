"""What every test may use."""

import os
import shutil
from typing import Any

import pytest

# Playwright runs a loop of its own beside the test; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


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
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{it}" for it in quiet)],
    }
