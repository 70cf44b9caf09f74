import sys

import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.algorithm import AlgorithmDescription
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow

DESCRIPTION = AlgorithmDescription(
    "pyod.lof", "LOF", "proximity", "Local density.", "Breunig et al. (2000)", extra="pyod"
)


class Adapter:
    """Takes its description first, as an adapter of many algorithms does."""

    def __init__(self, description, settings):
        self.seen = (description, settings)

    @staticmethod
    def restore(description, state):
        return (description, state)


def test_a_missing_package_is_named_with_the_command_to_type():
    row = CatalogRow(DESCRIPTION, "nowhere:Nothing", needs=("sys", "a_package_that_is_not_there"))
    availability = row.availability()
    assert not availability.is_available
    assert availability.missing == ("a_package_that_is_not_there",)
    assert availability.hint == (
        "install `pynomaly-platform[pyod]` to use pyod.lof: pip install 'pynomaly-platform[pyod]'"
    )


@pytest.mark.parametrize("needs", [(), ("json",)])
def test_a_row_whose_packages_are_there_is_available(needs):
    assert CatalogRow(DESCRIPTION, "nowhere:Nothing", needs=needs).availability().is_available


def test_looking_for_a_package_does_not_import_it():
    before = set(sys.modules)
    CatalogRow(
        DESCRIPTION, "nowhere:Nothing", needs=("sndhdr", "turtledemo", "a_package_that_is_not_there")
    ).availability()
    assert not {"sndhdr", "turtledemo"} & (set(sys.modules) - before)


def test_an_adapter_is_told_which_algorithm_it_stands_for():
    row = CatalogRow(DESCRIPTION, f"{__name__}:Adapter", is_adapter=True)
    state = ModelState()
    assert row.create({"k": 3}).seen == (DESCRIPTION, {"k": 3})
    assert row.restore(state) == (DESCRIPTION, state)
