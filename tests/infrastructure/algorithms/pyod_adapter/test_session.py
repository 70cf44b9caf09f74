import warnings

import numpy as np
import pytest

from pynomaly.domain.errors import ExtraNotInstalled, InvalidData
from pynomaly.infrastructure.algorithms.pyod_adapter.session import load_class, pyod_session
from tests.infrastructure.algorithms.pyod_adapter.examples import fit, planted_table


def test_a_missing_package_is_named_with_what_to_type():
    with pytest.raises(ExtraNotInstalled, match=r"pip install 'pynomaly-platform\[pyod\]'"):
        load_class("pyod_is_not_here.models:KNN")


def test_numpy_legacy_random_state_is_seeded_inside_and_given_back():
    np.random.seed(1)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    draws = []
    for _ in range(2):
        with pyod_session("x", seed=2**40 + 5):
            draws.append(np.random.random())  # noqa: NPY002

    assert draws[0] == draws[1] != expected
    assert np.random.random() == expected  # noqa: NPY002


def test_the_random_state_is_given_back_after_a_failure():
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    with pytest.raises(InvalidData), pyod_session("x", seed=5):
        np.linalg.inv(np.zeros((2, 2)))

    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_warnings_inside_stay_inside_and_filters_are_given_back():
    with pyod_session("x"):
        warnings.warn("degenerate", RuntimeWarning, stacklevel=1)

    with pytest.raises(RuntimeWarning, match="still an error"):
        warnings.warn("still an error", RuntimeWarning, stacklevel=1)


def test_failures_over_data_become_one_sentence_and_programming_errors_do_not():
    with pytest.raises(InvalidData, match=r"^pyod\.x cannot use these rows: two lines in one$"), pyod_session("pyod.x"):
        raise ValueError("two lines\n  in one")
    with pytest.raises(TypeError), pyod_session("pyod.x"):
        raise TypeError


@pytest.mark.parametrize("name", ["pyod.rgraph", "pyod.lof", "pyod.hbos", "pyod.ecod"])
def test_nothing_is_printed(name, capfd):
    rows = planted_table()
    fit(name, rows).score(rows)

    assert capfd.readouterr() == ("", "")
