"""A short turn of the fuzzer."""

from tests.fuzz.fuzz_api import ROLES, SIZES, fuzzed
from tests.service.operations import OPERATIONS

SEED = 20_261_125


def test_whatever_is_asked_is_answered_as_documented() -> None:
    tallies = list(fuzzed(ROLES, SIZES["small"], SEED, None))
    assert [fault for tally in tallies for fault in tally.failures.items()] == []
    assert sum(tally.n_cases for tally in tallies) > 700
    operations = {f"{one.method} {one.path}" for one in OPERATIONS}
    assert set.union(*(tally.operations for tally in tallies)) == operations
