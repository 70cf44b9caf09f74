"""A short turn of the fuzzer."""

from pynomaly.domain.access import Role
from tests.fuzz.fuzz_api import SIZES, fuzzed
from tests.service.operations import OPERATIONS

SEED = 20_261_125
SOME_ROLES = (None, Role.ANALYST, Role.ADMIN)
"""Those between them are asked for by `make fuzz-api`; each costs three seconds before its first request."""


def test_whatever_is_asked_is_answered_as_documented() -> None:
    tallies = list(fuzzed(SOME_ROLES, SIZES["small"], SEED, None))
    assert [fault for tally in tallies for fault in tally.failures.items()] == []
    assert sum(tally.n_cases for tally in tallies) > 700
    operations = {f"{one.method} {one.path}" for one in OPERATIONS}
    assert set.union(*(tally.operations for tally in tallies)) == operations
