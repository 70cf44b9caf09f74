"""Ours and the peers behind one form, so that one loop can fit, score, store and load them all."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.algorithm import ParameterValue
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.storage.tensor_bytes import parse_arrays, serialize_arrays

OURS = "pynomaly"


@dataclass(frozen=True, slots=True)
class Contender:
    """A detector with its settings: how it is fitted, scores (higher is stranger), is stored and comes back."""

    name: str
    fit: Callable[[np.ndarray], Any]
    score: Callable[[Any, np.ndarray], np.ndarray]
    save: Callable[[Any, Path], None] | None = None
    load: Callable[[Path], Any] | None = None
    dtype: str = "float64"


def ours(algorithm: str, parameters: Mapping[str, ParameterValue], label: str = OURS) -> Contender:
    """Return a detector of the catalogue, stored as a model's files are: a line of JSON, then safetensors."""
    catalog = Catalog(plugins=())
    dtype = catalog.describe(algorithm).dtype

    def fit(rows: np.ndarray) -> Any:
        names = tuple(f"f{i}" for i in range(rows.shape[1]))
        return catalog.create(algorithm, parameters).fit(FeatureMatrix(rows, names), seed=0)

    def save(model: Any, path: Path) -> None:
        state = model.state()
        path.write_bytes(json.dumps(dict(state.scalars)).encode() + b"\n" + serialize_arrays(state.arrays))

    def load(path: Path) -> Any:
        scalars, _, arrays = path.read_bytes().partition(b"\n")
        return catalog.restore(algorithm, ModelState(parse_arrays(arrays), json.loads(scalars)))

    return Contender(label, fit, lambda model, rows: model.score(rows), save, load, dtype)


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody else's class, by import path: what it is called with, and how it scores."""

    name: str
    target: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    score: Callable[[Any, np.ndarray], np.ndarray] = lambda model, rows: model.decision_function(rows)
    is_storable: bool = True
    dtype: str = "float64"
    fit: Callable[[Any, Mapping[str, Any], np.ndarray], Any] = lambda create, given, rows: create(**given).fit(rows)

    @property
    def is_installed(self) -> bool:
        """Whether its package can be found."""
        return find_spec(self.target.partition(".")[0].partition(":")[0]) is not None

    def contender(self) -> Contender:
        """Return it in the common form; files are written by joblib."""
        import joblib

        module, _, name = self.target.partition(":")
        create = getattr(import_module(module), name)
        return Contender(
            self.name,
            lambda rows: self.fit(create, self.arguments, rows),
            self.score,
            (lambda model, path: joblib.dump(model, path)) if self.is_storable else None,
            joblib.load if self.is_storable else None,
            self.dtype,
        )
