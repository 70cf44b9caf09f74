"""Which rows of the catalogue each check runs on: a check names its rows by its argument."""

from collections.abc import Callable

import pytest

from pynomaly.domain.algorithm import AlgorithmDescription
from tests.conformance.declared_exceptions import EXCEPTIONS
from tests.conformance.trained import CATALOG, DESCRIPTIONS

SELECTIONS: dict[str, Callable[[AlgorithmDescription], bool]] = {
    "any_algorithm": lambda row: True,
    "own_algorithm": lambda row: not row.name.startswith("pyod."),
    "inductive": lambda row: row.is_inductive,
    "transductive": lambda row: not row.is_inductive,
    "storable": lambda row: row.is_storable,
    "not_storable": lambda row: not row.is_storable,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    check = metafunc.function.__name__
    for argument in SELECTIONS.keys() & set(metafunc.fixturenames):
        rows = [
            row for row in DESCRIPTIONS if SELECTIONS[argument](row) and CATALOG.availability(row.name).is_available
        ]
        metafunc.parametrize(argument, [_parameter(row.name, check) for row in rows])


def _parameter(name: str, check: str) -> object:
    declared = EXCEPTIONS.get((name, check))
    marks = ()
    if declared is not None:
        marks = (pytest.mark.xfail(reason=declared.reason, raises=declared.raises, strict=True),)
    return pytest.param(name, id=name, marks=marks)
