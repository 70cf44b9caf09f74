from importlib.metadata import EntryPoint

import pytest

from pynomaly.infrastructure.algorithms.plugins import PLUGIN_GROUP, installed_plugins, plugin_row
from tests.infrastructure.algorithms.plugin_for_tests import NearZero

HERE = "tests.infrastructure.algorithms.plugin_for_tests"


def test_a_class_with_a_description_becomes_a_row():
    row = plugin_row(EntryPoint("near_zero", f"{HERE}:NearZero", PLUGIN_GROUP))
    assert row.description is NearZero.description
    assert row.create({"width": 3.0}) == NearZero(3.0)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("near_zero", "a_package_that_is_not_there:Detector", "No module named"),
        ("near_zero", f"{HERE}:Absent", "has no attribute 'Absent'"),
        ("near_zero", "json:JSONDecoder", "has no attribute 'description'"),
        ("other_name", f"{HERE}:NearZero", "must carry a `description` of the algorithm 'other_name'"),
    ],
)
def test_an_entry_point_that_leads_nowhere_says_why(name, value, problem):
    row = plugin_row(EntryPoint(name, value, PLUGIN_GROUP))
    assert row.description.name == name
    assert not row.availability().is_available
    assert problem in row.availability().hint


def test_only_entry_points_of_our_group_are_looked_at():
    assert all(point.group == "pynomaly.algorithms" for point in installed_plugins())
