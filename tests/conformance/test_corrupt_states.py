"""A damaged model file ends in CorruptModel, whatever was damaged: never in another error, a crash or a wrong score."""

from collections.abc import Iterator

import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from tests.conformance.trained import CATALOG, as_if_stored, trained


def _refused(name: str, state: ModelState) -> bool:
    try:
        CATALOG.restore(name, state)
    except CorruptModel:
        return True
    return False


def _damaged_arrays(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield "truncated", array[:-1]
    yield "emptied", array[:0]
    yield "lengthened", np.concatenate([array, array[-1:]])
    yield "given one more axis", array[..., None]
    yield "turned into text", array.astype("U8")
    yield "narrowed", array.astype(np.float16) if array.dtype.kind == "f" else array.astype(np.int8)
    if array.dtype.kind == "f":
        for poison in (np.nan, np.inf, -np.inf):
            yield f"poisoned with {poison}", _with_first(array, poison)
    if array.dtype.kind == "i":
        for poison in (np.iinfo(array.dtype).max, np.iinfo(array.dtype).min):
            yield f"poisoned with {poison}", _with_first(array, poison)


def _with_first(array: np.ndarray, value: float) -> np.ndarray:
    changed = array.copy()
    changed.flat[0] = value
    return changed


def test_a_lost_array_is_noticed(storable):
    state = as_if_stored(trained(storable).model.state())
    for name in state.arrays:
        rest = {other: array for other, array in state.arrays.items() if other != name}
        assert _refused(storable, ModelState(rest, state.scalars)), name


def test_a_foreign_array_is_noticed(storable):
    state = as_if_stored(trained(storable).model.state())
    assert _refused(storable, ModelState({**state.arrays, "stranger": np.ones(3)}, state.scalars))


def test_a_damaged_array_is_noticed(storable):
    state = as_if_stored(trained(storable).model.state())
    accepted = [
        f"{name} {damage}"
        for name, array in state.arrays.items()
        for damage, damaged in _damaged_arrays(array)
        if not _refused(storable, ModelState({**state.arrays, name: damaged}, state.scalars))
    ]
    assert accepted == []


def test_a_lost_or_damaged_scalar_is_noticed(storable):
    state = as_if_stored(trained(storable).model.state())
    accepted = []
    for name in state.scalars:
        rest = {other: value for other, value in state.scalars.items() if other != name}
        strangers = [value for value in ("?", [], {}, -1, 10**30, float("nan")) if value != state.scalars[name]]
        for damaged in (rest, *({**rest, name: value} for value in strangers)):
            if not _refused(storable, ModelState(state.arrays, damaged)):
                accepted.append(f"{name} = {damaged.get(name, 'lost')}")
    assert accepted == []


def test_an_empty_state_is_refused(storable):
    with pytest.raises(CorruptModel):
        CATALOG.restore(storable, ModelState())
