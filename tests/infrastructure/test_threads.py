import numpy as np
import pyarrow as pa
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from pynomaly.bootstrap import build
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.threads import limit_threads


@pytest.fixture(autouse=True)
def limits_of_this_process():
    """Put the thread counts back that other tests run with."""
    before = pa.cpu_count()
    with threadpool_limits():
        yield
    pa.set_cpu_count(before)


def linear_algebra_threads():
    np.ones((2, 2)) @ np.ones((2, 2))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def settings(threads, folder):
    return Settings(home=folder, threads=threads, origins={"home": "default", "threads": "default"})


@pytest.mark.parametrize("n_threads", [1, 2])
def test_building_the_program_puts_the_number_of_threads_in_force(tmp_path, n_threads):
    limit_threads(3 - n_threads)
    program = build(settings(n_threads, tmp_path))
    assert pa.cpu_count() == n_threads
    assert linear_algebra_threads() == {n_threads}
    assert [one.value for one in program.settings if one.name == "threads"] == [str(n_threads)]


def test_no_number_leaves_the_libraries_as_they_are(tmp_path):
    limit_threads(2)
    program = build(settings(None, tmp_path))
    assert pa.cpu_count() == 2
    assert linear_algebra_threads() == {2}
    assert [one.value for one in program.settings if one.name == "threads"] == ["auto"]
