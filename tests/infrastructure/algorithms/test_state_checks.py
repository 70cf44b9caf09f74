import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.algorithms.state_checks import (
    require,
    require_names,
    require_within,
    required_array,
    required_choice,
    required_int,
)

STATE = ModelState(
    {"weights": np.array([[1.0, 2.0], [3.0, 4.0]]), "index": np.array([0, 2, 1])},
    {"size": 3, "rate": 0.5, "method": "mean", "flag": True},
)


def test_a_sound_array_is_returned_read_only():
    array = required_array(STATE, "weights", dtype=np.float64, shape=(None, 2))
    assert array.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert not array.flags.writeable


def test_a_missing_array_is_named():
    with pytest.raises(CorruptModel, match="lacks its array 'bias'"):
        required_array(STATE, "bias", dtype=np.float64, shape=(2,))


def test_another_dtype_is_refused():
    with pytest.raises(CorruptModel, match="'weights' is float64, expected float32"):
        required_array(STATE, "weights", dtype=np.float32, shape=(2, 2))


@pytest.mark.parametrize("shape", [(2,), (2, 3), (None, None, None)])
def test_another_shape_is_refused(shape):
    with pytest.raises(CorruptModel, match=r"has shape \(2, 2\)"):
        required_array(STATE, "weights", dtype=np.float64, shape=shape)


def test_an_empty_axis_does_not_pass_for_any_length():
    state = ModelState({"weights": np.empty((0, 2))})
    with pytest.raises(CorruptModel, match="has shape"):
        required_array(state, "weights", dtype=np.float64, shape=(None, 2))


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused_unless_allowed(poison):
    state = ModelState({"weights": np.array([poison])})
    with pytest.raises(CorruptModel, match="not finite"):
        required_array(state, "weights", dtype=np.float64, shape=(1,))
    assert required_array(state, "weights", dtype=np.float64, shape=(1,), is_finite=False).size == 1


def test_unknown_and_missing_names_are_refused():
    names = {"arrays": ["weights", "index"], "scalars": ["size", "rate", "method", "flag"]}
    require_names(STATE, **names)
    with pytest.raises(CorruptModel, match="unknown scalar 'flag'"):
        require_names(STATE, arrays=names["arrays"], scalars=names["scalars"][:-1])
    with pytest.raises(CorruptModel, match="lacks its array 'bias'"):
        require_names(STATE, arrays=[*names["arrays"], "bias"], scalars=names["scalars"])


@pytest.mark.parametrize(
    ("name", "minimum", "maximum"), [("size", 4, None), ("size", 0, 2), ("rate", 0, 1), ("flag", 0, 1)]
)
def test_a_whole_number_out_of_bounds_or_of_another_kind_is_refused(name, minimum, maximum):
    with pytest.raises(CorruptModel, match=f"'{name}' must be"):
        required_int(STATE, name, minimum=minimum, maximum=maximum)


def test_a_whole_number_within_bounds_is_returned():
    assert required_int(STATE, "size", minimum=1, maximum=3) == 3


def test_a_word_must_be_one_of_the_choices():
    assert required_choice(STATE, "method", ("mean", "median")) == "mean"
    with pytest.raises(CorruptModel, match="one of median"):
        required_choice(STATE, "method", ("median",))
    with pytest.raises(CorruptModel, match="one of"):
        required_choice(ModelState({}, {"method": ["mean"]}), "method", ("mean",))


def test_indices_must_lie_within_bounds():
    require_within(STATE.arrays["index"], "index", minimum=0, maximum=2)
    with pytest.raises(CorruptModel, match=r"'index' holds values outside 0\.\.1"):
        require_within(STATE.arrays["index"], "index", minimum=0, maximum=1)


def test_any_other_demand_ends_in_a_sentence():
    require(True, "is fine")
    with pytest.raises(CorruptModel, match="the model has a loop"):
        require(False, "has a loop")
