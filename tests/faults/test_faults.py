"""Each fault once, so that whatever the long runs rest on holds at every change."""

import os

import pytest

from tests.faults.faults import FAULTS, broken


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_everybody_is_told_what_is_wrong_and_all_is_well_soon(name: str) -> None:
    found = broken(name, seed=1, n_times=1)
    impossible = [fault for fault in found if fault.startswith("NOT BROKEN")]
    if impossible and not os.environ.get("CI"):
        pytest.skip(impossible[0])
    assert found == []
