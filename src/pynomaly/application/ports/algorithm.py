"""Detection algorithms as the application sees them: fit once, score anything, state as plain arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.progress import Progress
from pynomaly.domain.algorithm import AlgorithmDescription, Availability, Cost, JsonValue, ParameterValue
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix


@dataclass(frozen=True, slots=True, eq=False)
class ModelState:
    """Everything a fitted model is: named arrays and JSON values, nothing that can run."""

    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    scalars: Mapping[str, JsonValue] = field(default_factory=dict)


class FittedModel(Protocol):
    """A frozen model. The score of a row depends on the row and this state, never on the batch around it."""

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n_samples, n_features) of the fitted dtype: float64 (n_samples,), higher is stranger, finite.

        Raises TransductiveDetector if this algorithm cannot score rows it was not fitted on,
        NonFiniteScores if no finite number can be given, ColumnMismatch on a wrong feature count.
        """
        ...

    def state(self) -> ModelState:
        """Return the state a model file holds. Raises NotStorable where there is no safe form."""
        ...


@runtime_checkable
class ExplainsItself(Protocol):
    """A fitted model whose score is exactly a sum over features."""

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return (n_samples, n_features) float64; each row sums to its score minus a constant of the model."""
        ...


@runtime_checkable
class LearnsOnline(Protocol):
    """A fitted model that can go on learning, row by row or block by block: score first, then learn.

    Learning in one block and in many, in the same order, gives the same model.
    """

    def learn(self, rows: FloatMatrix) -> Self:
        """Return the model that has seen rows (n_samples, n_features) too, in their order; this one stays as it is.

        What it holds does not grow with the rows seen. Raises ColumnMismatch, NonFiniteScores as `score` does.
        """
        ...


class Algorithm(Protocol):
    """An algorithm with its parameters set."""

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> FittedModel:
        """Learn from a matrix of finite numbers; the same seed gives the same model.

        Raises TooFewRows, InvalidData.
        """
        ...


@runtime_checkable
class LearnsFromLabels(Protocol):
    """An algorithm that uses what is known of some of its training rows."""

    def fit_labelled(self, matrix: FeatureMatrix, labels: NDArray[np.int8], *, seed: int) -> FittedModel:
        """Learn from a matrix and labels (n_samples,): 1 known anomaly, 0 known normal, -1 not known.

        With no label known it gives the model of `fit`. Raises TooFewRows, InvalidData.
        """
        ...


@runtime_checkable
class TellsProgress(Protocol):
    """An algorithm whose learning takes long enough that somebody may want to hear how far it is."""

    def telling(self, progress: Progress) -> Self:
        """Return the algorithm that reports the stage "fitting" while it learns; what it learns stays the same.

        An error that `progress` raises ends the learning and is passed on.
        """
        ...


class AlgorithmCatalog(Protocol):
    """All algorithms by name."""

    def descriptions(self) -> tuple[AlgorithmDescription, ...]:
        """Return every row of the catalogue, available here or not."""
        ...

    def describe(self, name: str) -> AlgorithmDescription:
        """Return one row by name or alias. Raises UnknownAlgorithm with the closest name."""
        ...

    def availability(self, name: str) -> Availability:
        """Say whether the algorithm's packages are installed, without importing them."""
        ...

    def create(self, name: str, parameters: Mapping[str, ParameterValue]) -> Algorithm:
        """Return the algorithm with checked parameters.

        Raises UnknownAlgorithm, InvalidParameter, ExtraNotInstalled.
        """
        ...

    def cost(self, name: str, parameters: Mapping[str, ParameterValue], *, n_rows: int, n_features: int) -> Cost | None:
        """Return what learning from that many rows and scoring will take about; None where it was not measured.

        Raises UnknownAlgorithm, InvalidParameter.
        """
        ...

    def restore(self, name: str, state: ModelState) -> FittedModel:
        """Rebuild a fitted model from its state, validating every array first.

        Raises CorruptModel, NotStorable, ExtraNotInstalled.
        """
        ...
