"""What fitted detectors with a single network share: how rows are scored and the model is stored."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron


@dataclass(frozen=True, slots=True, eq=False)
class OneNetwork(ABC):
    """Frozen scale and weights."""

    standardiser: Standardiser
    network: Perceptron

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        sizes = self.network.sizes
        return score_in_blocks(rows, sizes[0], self._score_block, cells_per_row=sum(sizes))

    def state(self) -> ModelState:
        """Return scale, weights and the sizes of the layers."""
        arrays = self.standardiser.arrays() | self.network.arrays("network")
        return ModelState(arrays, {"sizes": list(self.network.sizes)})

    @abstractmethod
    def _score_block(self, block: FloatMatrix) -> FloatVector:
        """Score rows of which few enough come at a time."""
