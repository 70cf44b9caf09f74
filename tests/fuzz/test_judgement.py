"""Proof that the fuzzer finds what it looks for, and says nothing where nothing is wrong."""

from dataclasses import replace

import pytest

from pynomaly.domain.access import Permission, Role
from tests.fuzz.fuzz_api import Size, asked_by
from tests.fuzz.sabotaged import (
    FAULTS,
    Sabotaged,
    break_down,
    call_it_text,
    garble,
    ignore_credentials,
    refuse,
    refuse_oddly,
    surprise,
)
from tests.fuzz.tally import Tally
from tests.service.installed import installed

FOUND_BY = {
    break_down: "not_a_server_error",
    surprise: "status_code_conformance",
    call_it_text: "content_type_conformance",
    garble: "response_schema_conformance",
    ignore_credentials: "ignored_auth",
    refuse: "positive_data_acceptance",
    refuse_oddly: "problem_is_documented",
}


@pytest.fixture(scope="module")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    with installed(tmp_path_factory.mktemp("sabotaged")) as sound:
        spoilt = Sabotaged(sound.application, sound.here.keys[Permission.READ])
        return asked_by(replace(sound, application=spoilt), Role.VIEWER, Size(2, 1, ()), seed=1)


@pytest.mark.parametrize("address", FAULTS)
def test_a_fault_of_each_kind_is_found_where_it_is(tally: Tally, address: str) -> None:
    operation = address.replace(" ", " /api/v1")
    checks = {check for where, check, *_ in tally.failures if where == operation}
    assert FOUND_BY[FAULTS[address]] in checks


def test_nothing_is_found_elsewhere(tally: Tally) -> None:
    assert {where for where, *_ in tally.failures} == {address.replace(" ", " /api/v1") for address in FAULTS}


def test_what_was_found_is_printed_with_an_example(tally: Tally) -> None:
    lines = list(tally.lines())
    assert sum("FAILED" in line for line in lines) == len(tally.failures)
    assert any("curl -X GET" in line and "/api/v1/me" in line for line in lines)
