"""Checks that a restored state is what an algorithm wrote, before anything is built from it.

A model file is a stranger's bytes. Each function reads one value out of a ModelState and either returns it in the
demanded form or raises CorruptModel with a sentence that names the value.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import read_only
from pynomaly.domain.errors import CorruptModel


def require_names(state: ModelState, *, arrays: Collection[str], scalars: Collection[str]) -> None:
    """Check that the state holds exactly these names, no more and no fewer. Raises CorruptModel."""
    for kind, expected, present in (("array", arrays, state.arrays), ("scalar", scalars, state.scalars)):
        missing = sorted(set(expected) - set(present))
        unknown = sorted(set(present) - set(expected))
        if missing:
            raise CorruptModel(f"the model lacks its {kind} '{missing[0]}'; export it again from where it was trained")
        if unknown:
            raise CorruptModel(f"the model holds an unknown {kind} '{unknown[0]}'; was it written by another version?")


def required_array(
    state: ModelState, name: str, *, dtype: DTypeLike, shape: tuple[int | None, ...], is_finite: bool = True
) -> NDArray[Any]:
    """Return one array, read-only and row-major.

    shape: the length of each axis, None where any length of at least 1 will do.
    is_finite: whether NaN and infinities are refused (integers always pass).
    Raises CorruptModel if the array is missing or differs in dtype, shape or finiteness.
    """
    array = state.arrays.get(name)
    if not isinstance(array, np.ndarray):
        raise CorruptModel(f"the model lacks its array '{name}'; export it again from where it was trained")
    if array.dtype != np.dtype(dtype):
        raise CorruptModel(f"the model's array '{name}' is {array.dtype}, expected {np.dtype(dtype)}")
    if not _fits(array.shape, shape):
        wanted = ", ".join("any" if length is None else str(length) for length in shape)
        raise CorruptModel(f"the model's array '{name}' has shape {array.shape}, expected ({wanted})")
    if is_finite and array.dtype.kind == "f" and not np.isfinite(array).all():
        raise CorruptModel(f"the model's array '{name}' holds values that are not finite numbers")
    return read_only(np.ascontiguousarray(array))


def required_int(state: ModelState, name: str, *, minimum: int, maximum: int | None = None) -> int:
    """Return one whole number within inclusive bounds. Raises CorruptModel."""
    value = state.scalars.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise CorruptModel(f"the model's '{name}' must be a whole number, not {value!r}")
    if value < minimum or (maximum is not None and value > maximum):
        upper = "" if maximum is None else f" and at most {maximum}"
        raise CorruptModel(f"the model's '{name}' must be at least {minimum}{upper}, not {value}")
    return value


def required_float(state: ModelState, name: str, *, minimum: float, maximum: float) -> float:
    """Return one number within inclusive bounds. Raises CorruptModel."""
    value = state.scalars.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not minimum <= value <= maximum:
        raise CorruptModel(f"the model's '{name}' must be a number in {minimum:g}..{maximum:g}, not {value!r}")
    return float(value)


def required_choice(state: ModelState, name: str, choices: Collection[str]) -> str:
    """Return one word out of a fixed set. Raises CorruptModel."""
    value = state.scalars.get(name)
    if not isinstance(value, str) or value not in choices:
        raise CorruptModel(f"the model's '{name}' must be one of {', '.join(choices)}, not {value!r}")
    return value


def require_within(array: NDArray[Any], name: str, *, minimum: float, maximum: float) -> None:
    """Check that every value lies within inclusive bounds (indices, counts, shares). Raises CorruptModel."""
    if array.size and not (minimum <= array.min() and array.max() <= maximum):
        raise CorruptModel(f"the model's array '{name}' holds values outside {minimum:g}..{maximum:g}")


def require(condition: bool, sentence: str) -> None:
    """Check anything else. Raises CorruptModel with `the model` and the sentence after it."""
    if not condition:
        raise CorruptModel(f"the model {sentence}")


def _fits(actual: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    if len(actual) != len(wanted):
        return False
    return all(
        length >= 1 if demand is None else length == demand for length, demand in zip(actual, wanted, strict=True)
    )
