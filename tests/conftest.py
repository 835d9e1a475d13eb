"""Settings shared by all tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell ignores Ctrl-C for what it starts in the background, and children inherit that; tests of interruptions need it
    signal.signal(signal.SIGINT, signal.default_int_handler)

_CATEGORIES = {"theory", "property", "statistical", "lever", "e2e", "slow"}

try:
    from hypothesis import HealthCheck, settings
except ImportError:  # the property tests skip themselves
    pass
else:
    settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("steady")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests without a category are unit tests; slow ones run only when asked for (`-m slow`)."""
    asked = "slow" in str(config.getoption("-m"))
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if not marks & _CATEGORIES:
            item.add_marker(pytest.mark.unit)
        if "slow" in marks and not asked:
            item.add_marker(pytest.mark.skip(reason="slow; run with -m slow"))


@pytest.fixture(scope="session", autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The ledger's cache goes to a folder of the test run, never to the user's."""
    folder: Path = tmp_path_factory.getbasetemp() / "cache"
    os.environ["XDG_CACHE_HOME"] = str(folder)
