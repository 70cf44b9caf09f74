"""How a fitted PyOD model is stored without code: its training rows, and the proof that a refit gives the same scores.

A model file holds the matrix, the settings, the seed, the versions of the packages that take part, and the scores of
up to 64 of the training rows. Restoring fits again and compares those scores bit by bit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.errors import CorruptModel, InvalidParameter, NotStorable
from pynomaly.infrastructure.algorithms.pyod_adapter.row import PyodRow, Settings
from pynomaly.infrastructure.algorithms.pyod_adapter.session import library_versions
from pynomaly.infrastructure.algorithms.state_checks import require, require_names, required_array, required_int

STORABLE_CELLS = 10_000_000
"""Training cells a model file may hold, 80 MB; beyond, one of our own detectors stores far less."""

_N_PROBES = 64


@dataclass(frozen=True, slots=True, eq=False)
class StoredSample:
    """What a model file says, each value checked by itself."""

    rows: FloatMatrix
    settings: Settings
    seed: int
    probe_scores: FloatVector
    versions: Mapping[str, str]
    needs: tuple[str, ...]

    def verify(self, score: Callable[[FloatMatrix], FloatVector]) -> None:
        """Compare a refitted model's scores with the stored ones. Raises CorruptModel unless equal to the last bit."""
        if np.array_equal(score(self.rows[probe_rows(self.rows.shape[0])]), self.probe_scores):
            return
        here = library_versions(self.needs)
        changed = [
            f"{name} {self.versions[name]} -> {here[name]}" for name in here if self.versions[name] != here[name]
        ]
        reason = ", ".join(changed) or "same package versions, so another processor or a damaged file"
        raise CorruptModel(f"fitting the stored rows again gives other scores than before ({reason}); train it again")


def probe_rows(n_rows: int) -> np.ndarray:
    """Return the positions of the training rows whose scores are stored, evenly spread."""
    return np.unique(np.linspace(0, n_rows - 1, min(n_rows, _N_PROBES)).astype(np.intp))


def stored_sample(
    rows: FloatMatrix, settings: Settings, seed: int, score: Callable[[FloatMatrix], FloatVector], row: PyodRow
) -> ModelState:
    """Return the state of a model fitted to rows. Raises NotStorable if they are too many."""
    if rows.size > STORABLE_CELLS:
        raise NotStorable(
            f"{row.description.name} is stored as its training rows, at most {STORABLE_CELLS} cells; here are "
            f"{rows.size}; train on a sample, or use {row.alternative}"
        )
    arrays = {"training_rows": rows, "probe_scores": score(rows[probe_rows(rows.shape[0])])}
    return ModelState(
        arrays, {"settings": dict(settings), "seed": seed % 2**32, "versions": dict(library_versions(row.needs))}
    )


def read_stored_sample(state: ModelState, row: PyodRow) -> StoredSample:
    """Read a state, checking every value before use. Raises CorruptModel."""
    require_names(state, arrays=("training_rows", "probe_scores"), scalars=("settings", "seed", "versions"))
    known = row.description
    rows = required_array(state, "training_rows", dtype=np.float64, shape=(None, None))
    require(rows.size <= STORABLE_CELLS, f"holds more than {STORABLE_CELLS} training cells")
    require(known.min_rows <= rows.shape[0] <= (known.max_rows or rows.shape[0]), "holds too few or too many rows")
    require(rows.shape[1] <= (known.max_features or rows.shape[1]), "holds too many columns")
    probes = required_array(state, "probe_scores", dtype=np.float64, shape=probe_rows(rows.shape[0]).shape)
    return StoredSample(
        rows,
        _settings(state, row),
        required_int(state, "seed", minimum=0, maximum=2**32 - 1),
        probes,
        _versions(state, row),
        row.needs,
    )


def _settings(state: ModelState, row: PyodRow) -> Settings:
    given = state.scalars["settings"]
    expected = {parameter.name for parameter in row.description.parameters}
    if not isinstance(given, dict) or set(given) != expected:
        raise CorruptModel(f"the model's settings must be exactly {', '.join(sorted(expected)) or 'none'}")
    plain = {name: value for name, value in given.items() if not isinstance(value, list | dict)}
    require(len(plain) == len(given), "holds a setting that is not a single value")
    try:
        return row.description.settings(plain)
    except InvalidParameter as error:
        raise CorruptModel(f"the model holds a setting outside its range: {error}") from error


def _versions(state: ModelState, row: PyodRow) -> Mapping[str, str]:
    versions = state.scalars["versions"]
    if not isinstance(versions, dict) or set(versions) != set(library_versions(row.needs)):
        raise CorruptModel("the model must name the versions of the packages it was trained with")
    return {name: str(version) for name, version in versions.items()}
