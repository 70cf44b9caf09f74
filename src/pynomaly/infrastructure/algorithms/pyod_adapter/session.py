"""The only place where PyOD runs: one call at a time, seeded, on one thread, without a word on the screen."""

import random
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from threading import RLock
from typing import Any

import numpy as np

from pynomaly.domain.arrays import FloatMatrix
from pynomaly.domain.errors import ExtraNotInstalled, InvalidData
from pynomaly.infrastructure.algorithms.pyod_adapter.row import Detector

_LOCK = RLock()
"""Warning filters and numpy's legacy random state belong to the whole process, so calls take turns."""

_EXPECTED_FAILURES = (ValueError, AssertionError, IndexError, ArithmeticError)
"""What PyOD, scikit-learn and numpy raise for rows they cannot use."""


def load_class(target: str) -> Any:
    """Import a PyOD class, "module:Class".

    The first import costs one to two seconds and about 200 MB. Raises ExtraNotInstalled.
    """
    module, _, name = target.partition(":")
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside the packages PyOD imports
        try:
            loaded = import_module(module)
            vars(loaded)["print"] = _say_nothing  # several report every epoch on the screen
            return getattr(loaded, name)
        except ModuleNotFoundError as error:
            hint = "install it with: pip install 'pynomaly-platform[pyod]'"
            raise ExtraNotInstalled(f"PyOD cannot be imported ({error}); {hint}") from error


@contextmanager
def pyod_session(name: str, *, seed: int = 0) -> Iterator[None]:
    """Run PyOD code inside: seeded, quiet, single-threaded; failures over data become InvalidData.

    Classes without a seed of their own draw from numpy's legacy random state; it is seeded here and given back as it
    was. One thread, because scikit-learn's k-means and matrix products round differently with each number of threads.
    """
    with (
        _LOCK,
        _threads().limit(limits=1),
        _legacy_random_state(seed),
        _torch_state(seed),
        warnings.catch_warnings(),
    ):
        # Degenerate columns, unconverged fits and lowered neighbour counts; scores are checked for finiteness after.
        for category in (RuntimeWarning, UserWarning, FutureWarning, DeprecationWarning):
            warnings.simplefilter("ignore", category)
        try:
            yield
        except _EXPECTED_FAILURES as error:
            raise InvalidData(f"{name} cannot use these rows: {_sentence(error)}") from error


def fitted(create: Any, arguments: Mapping[str, object], rows: FloatMatrix, *, name: str, seed: int) -> Detector:
    """Create a PyOD object, fit it to rows inside a session and return it. Raises InvalidData."""
    with pyod_session(name, seed=seed):
        return create(**arguments).fit(rows)


def library_versions(needs: Iterable[str] = ()) -> dict[str, str]:
    """Return the versions of every package that takes part in PyOD's numbers; needs: those beside the usual ones."""
    names = ("pyod", "scikit-learn", "numpy", "scipy", "numba", *needs)
    return {name: version(name) for name in names} | {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}


@cache
def _threads() -> Any:
    """Return the controller of all thread pools; finding them takes milliseconds, so once, after PyOD's import."""
    return import_module("threadpoolctl").ThreadpoolController()


@contextmanager
def _legacy_random_state(seed: int) -> Iterator[None]:
    """Seed what PyOD draws from; some of its classes seed Python's own generator, too. Both are given back."""
    before, before_of_python = np.random.get_state(), random.getstate()  # noqa: NPY002 - PyOD draws from it
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
        random.setstate(before_of_python)


@contextmanager
def _torch_state(seed: int) -> Iterator[None]:
    """Seed torch and hold it to one thread, if a detector has imported it; both are given back as they were."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        yield
        return
    n_threads = torch.get_num_threads()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(n_threads)


def _say_nothing(*words: object, **settings: object) -> None:
    """Stand where a module of PyOD would print."""


def _sentence(error: Exception) -> str:
    if "valid cluster separation" in str(error):
        return "no split into large and small clusters was found; set another n_clusters, or use knn"
    return " ".join(str(error).split()) or type(error).__name__
