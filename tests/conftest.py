"""What holds for all tests: none is timed, and those that take minutes begin first."""

from pathlib import Path

import pytest
from hypothesis import settings

LONGEST = ("storms", "faults", "fuzz")
"""Folders whose tests take minutes: begun last, they would run on when all others are done."""

# How long an example takes says something of the machine; `make bench` measures ours.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the longest tests to the front, in their order."""
    here = Path(__file__).parent
    items.sort(key=lambda item: not any(item.path.is_relative_to(here / folder) for folder in LONGEST))
