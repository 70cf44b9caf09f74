import pytest

from pynomaly.domain.algorithm import AlgorithmDescription, Parameter
from pynomaly.domain.errors import InvalidParameter

TREES = Parameter("n_trees", "int", 100, "Number of trees.", minimum=1, maximum=1000)
SHARE = Parameter("share", "float", None, "A share.", minimum=0.0, maximum=1.0, is_optional=True)
METHOD = Parameter("method", "choice", "mean", "How.", choices=("mean", "max"))
EXACT = Parameter("exact", "bool", True, "Whether.")
DESCRIPTION = AlgorithmDescription("toy", "Toy", "trees", "A toy.", "None.", parameters=(TREES, SHARE, METHOD, EXACT))


def test_defaults_fill_what_is_not_given():
    assert DESCRIPTION.settings({"n_trees": 7}) == {"n_trees": 7, "share": None, "method": "mean", "exact": True}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("n_trees", 0, "between 1 and 1000"),
        ("n_trees", 1.5, "whole number"),
        ("n_trees", True, "must be a number"),
        ("n_trees", float("nan"), "whole number|between"),
        ("n_trees", None, "must be a number"),
        ("share", 2.0, "between 0 and 1"),
        ("share", "much", "must be a number"),
        ("method", "median", "mean, max"),
        ("exact", 1, "true or false"),
        ("n_tree", 5, r"did you mean 'n_trees'\?"),
    ],
)
def test_a_value_outside_its_range_is_refused_with_the_range(name, value, message):
    with pytest.raises(InvalidParameter, match=message):
        DESCRIPTION.settings({name: value})


def test_a_whole_float_is_taken_as_an_int():
    settings = DESCRIPTION.settings({"n_trees": 5.0})
    assert settings["n_trees"] == 5
    assert isinstance(settings["n_trees"], int)
