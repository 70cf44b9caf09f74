"""Score matching: how strongly a learned field pulls a row back to where the training rows are dense."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.standardiser import Standardiser, within_and_beyond
from pynomaly.infrastructure.algorithms.state_checks import require, require_names
from pynomaly.infrastructure.algorithms.torch_models.core import learned_from_core
from pynomaly.infrastructure.algorithms.torch_models.one_network import OneNetwork
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron, array_names, required_sizes
from pynomaly.infrastructure.algorithms.torch_models.plan import Trained

if TYPE_CHECKING:
    import torch
    from torch import Tensor

NOISE = 2.0
"""Standard deviation of the noise, in standard deviations of a column: wide enough that the network has seen how the
rows lie from where anomalies are."""

INPUT_SCALE = (1 + NOISE**2) ** 0.5
"""Standard deviation of a noisy column; the network is given rows in this unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreMatching(Trained):
    """Length of the estimated gradient of the log density, smoothed by Gaussian noise, at the row.

    What: noise is added to training rows and a network learns to tell it from the noisy row. What it answers for a
    clean row is, up to a constant, the gradient of the log density of the smoothed rows: short where rows are dense,
    long and pointing back where a row lies apart. Its length is given as the way back in standard deviations; what
    values go beyond five of them is added. Nothing is drawn while scoring.

    When: continuous columns, many rows, fast scoring. Fails for anomalies half-way between two clusters, where the
    pulls cancel each other, and where anomalies are many.

    Cost, with h hidden units and e epochs: fit 10 n e h (2 d + h), with e about 10^6 / n, 20..100; score 2 h (2 d + h)
    per row.

    hidden_size: h, 1..4096, default 128; two hidden layers.
    core_share: share of the training rows, 0.5..1, default 0.7, that is learned from a second time, without the rows
    that were strangest after the first; 1 learns once, from all rows.
    epochs, batch_size, learning_rate: of the training; None follows the number of rows (`plan.py`).
    device: auto trains on CUDA where there is a device, cpu never does; scoring is always numpy.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0.
    Raises TooFewRows below 10 rows, InvalidData where training diverges, ColumnMismatch on another width,
    NonFiniteScores for NaN or infinity in rows. Random, by `seed`: first weights, held-out rows, order of the rows,
    noise while learning.

    Source: Vincent (2011), "A connection between score matching and denoising autoencoders", Neural Computation 23,
    section 4. Differences: one level of noise, wider than a column; the part for far
    values; the second learning without the strangest rows.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> size = np.linspace(-2, 2, 64)
    >>> rows = np.column_stack([size, size])
    >>> model = ScoreMatching(epochs=40).fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> usual, odd = model.score(np.array([[1.0, 1.0], [1.0, -3.0]]))
    >>> bool(odd > usual)
    True
    """

    hidden_size: int = 128
    core_share: float = 0.7

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedScoreMatching":
        """Learn scale and weights. Raises TooFewRows, InvalidData."""
        return learned_from_core(
            self,
            lambda part, standardiser, given: FittedScoreMatching(standardiser, part._learned(given, seed)),
            matrix,
            self.core_share,
        )

    def _learned(self, rows: FloatMatrix, seed: int) -> Perceptron:
        # torch takes a second to import, and only learning needs it
        from pynomaly.infrastructure.algorithms.torch_models import trainable
        from pynomaly.infrastructure.algorithms.torch_models.training_loop import train

        n_rows, width = rows.shape
        device = trainable.resolved(self.device)
        sizes = (width, self.hidden_size, self.hidden_size, width)
        network = trainable.new_network(sizes, draws=trainable.generator(seed), device=device)

        def losses(batch: "tuple[Tensor, ...]", noise: "torch.Generator") -> "Tensor":
            added = trainable.normal_like(batch[0], noise)
            return (network((batch[0] + NOISE * added) / INPUT_SCALE) - added).square().mean(dim=1)

        data = (trainable.as_tensor(rows, device),)
        train(network.parameters, losses, data, self.plan(n_rows), seed=seed, progress=self.progress)
        return network.frozen()

    @staticmethod
    def restore(state: ModelState) -> "FittedScoreMatching":
        """Rebuild a fitted model. Raises CorruptModel."""
        sizes = required_sizes(state, "sizes")
        is_known = len(sizes) == 4 and sizes[0] == sizes[3] and sizes[1] == sizes[2]
        require(is_known, "is no network of two hidden layers")
        require_names(state, arrays=("centre", "scale", *array_names("network", 3)), scalars=("sizes",))
        return FittedScoreMatching(Standardiser.restore(state, sizes[0]), Perceptron.restore(state, "network", sizes))


@dataclass(frozen=True, slots=True, eq=False)
class FittedScoreMatching(OneNetwork):
    """Frozen scale and weights."""

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        within, beyond = within_and_beyond(self.standardiser.apply(block))
        pull = self.network.outputs(within / INPUT_SCALE)
        return np.asarray(NOISE * np.sqrt((pull**2).sum(axis=1)) + beyond)
