"""DTE-C: how much noise a network believes was added to a row."""

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

N_STEPS = 400
"""Steps of the diffusion, and the variances added in its first and last one: the paper's."""
FIRST_VARIANCE, LAST_VARIANCE = 1e-4, 1e-2


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffusionTime(Trained):
    """The expected noise level of a row, as a network sees it that learned to tell noisy rows from less noisy ones.

    What: every training row is mixed with Gaussian noise, more or less of it; a network learns which of few levels
    that was. A row of an unusual place looks like a noisy one, so its expected level is the score; values beyond five
    standard deviations, which noise does not reach, add what they go beyond. Nothing is drawn while scoring.

    When: many rows or columns, fast scoring; close to nearest neighbours in what it finds. Fails where columns are
    discrete.

    Cost, with h hidden units and e epochs: fit 6 n e h (d + 2 h), with e about 10^6 / n, 20..100; score
    2 h (d + 2 h) per row.

    n_levels: noise levels told apart, 2..100, default 7.
    hidden_size: h, 1..4096, default 128; three hidden layers.
    core_share: share of the training rows, 0.5..1, default 0.7, that is learned from a second time, without the rows
    that were strangest after the first; 1 learns once, from all rows.
    epochs, batch_size, learning_rate: of the training; None follows the number of rows (`plan.py`).
    device: auto trains on CUDA where there is a device, cpu never does; scoring is always numpy.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0, for
    most rows below n_levels.
    Raises TooFewRows below 10 rows, InvalidData where training diverges, ColumnMismatch on another width,
    NonFiniteScores for NaN or infinity in rows. Random, by `seed`: first weights, held-out rows, order of the rows,
    noise while learning.

    Source: Livernoche, Jain, Hezaveh and Ravanbakhsh (2024), "On diffusion modeling for anomaly detection", ICLR,
    section 4.3 (classification). Differences: no dropout, a smaller network, early stopping, the part
    for far values, the second learning without the strangest rows.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> size = np.linspace(-2, 2, 64)
    >>> rows = np.column_stack([size, size])
    >>> model = DiffusionTime(epochs=40).fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> usual, odd = model.score(np.array([[1.0, 1.0], [1.0, -3.0]]))
    >>> bool(odd > usual)
    True
    """

    n_levels: int = 7
    hidden_size: int = 128
    core_share: float = 0.7

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedDiffusionTime":
        """Learn scale and weights. Raises TooFewRows, InvalidData."""
        return learned_from_core(
            self,
            lambda part, standardiser, given: FittedDiffusionTime(standardiser, part._learned(given, seed)),
            matrix,
            self.core_share,
        )

    def _learned(self, rows: FloatMatrix, seed: int) -> Perceptron:
        # torch takes a second to import, and only learning needs it
        from torch import randint
        from torch.nn.functional import cross_entropy

        from pynomaly.infrastructure.algorithms.torch_models import trainable
        from pynomaly.infrastructure.algorithms.torch_models.training_loop import train

        device = trainable.resolved(self.device)
        sizes = (rows.shape[1], *(self.hidden_size,) * 3, self.n_levels)
        network = trainable.new_network(sizes, draws=trainable.generator(seed), device=device)
        signal, spread = (trainable.as_tensor(share[:, None], device) for share in _mixtures())

        def losses(batch: "tuple[Tensor, ...]", noise: "torch.Generator") -> "Tensor":
            steps = randint(N_STEPS, (len(batch[0]),), generator=noise, device=device)
            noisy = signal[steps] * batch[0] + spread[steps] * trainable.normal_like(batch[0], noise)
            return cross_entropy(network(noisy), steps * self.n_levels // N_STEPS, reduction="none")

        data = (trainable.as_tensor(rows, device),)
        train(network.parameters, losses, data, self.plan(len(rows)), seed=seed, progress=self.progress)
        return network.frozen()

    @staticmethod
    def restore(state: ModelState) -> "FittedDiffusionTime":
        """Rebuild a fitted model. Raises CorruptModel."""
        sizes = required_sizes(state, "sizes")
        require(len(sizes) == 5 and len({*sizes[1:4]}) == 1 and sizes[-1] >= 2, "is no network of three hidden layers")
        require_names(state, arrays=("centre", "scale", *array_names("network", 4)), scalars=("sizes",))
        return FittedDiffusionTime(Standardiser.restore(state, sizes[0]), Perceptron.restore(state, "network", sizes))


@dataclass(frozen=True, slots=True, eq=False)
class FittedDiffusionTime(OneNetwork):
    """Frozen scale and weights."""

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        within, beyond = within_and_beyond(self.standardiser.apply(block))
        beliefs = self.network.outputs(within)
        beliefs = np.exp(beliefs - beliefs.max(axis=1, keepdims=True))
        levels = np.arange(beliefs.shape[1])
        return np.asarray((beliefs * levels).sum(axis=1) / beliefs.sum(axis=1) + beyond)


def _mixtures() -> tuple[FloatVector, FloatVector]:
    """Return the share of the row and of the noise after every step."""
    kept = np.cumprod(1 - np.linspace(FIRST_VARIANCE, LAST_VARIANCE, N_STEPS))
    return np.sqrt(kept), np.sqrt(1 - kept)
