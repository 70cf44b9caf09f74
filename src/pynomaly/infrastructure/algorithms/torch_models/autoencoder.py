"""Autoencoder: how badly a row is put together again after it went through few units."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.state_checks import (
    require,
    require_names,
    require_within,
    required_array,
)
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron, array_names, required_sizes
from pynomaly.infrastructure.algorithms.torch_models.plan import MIN_ROWS, Trained

USUAL_SHARE = 0.75
"""Share of the training rows whose squared error in a column counts as usual there; anomalies are the rest."""

SMALLEST_ERROR = 0.05
"""Added to every usual squared error, in variances of the column: what a network learned by heart weighs no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoencoder(Trained):
    """Sum over columns of the squared error of reconstruction, each relative to what is usual in its column.

    What: a network of four layers squeezes a row through few units and rebuilds it. It learns from the share of every
    batch that it rebuilds best, so that anomalies are not learned too. A column's error counts in units of the error
    that three quarters of the training rows stay below.

    When: columns that depend on each other in curved ways, some thousand rows or more. Fails for anomalies that keep
    the relations between columns, for few rows, and where columns have nothing to do with each other.

    Cost, with h hidden and z latent units and e epochs: fit 6 n e h (d + z), with e about 10^6 / n, 20..100; score
    2 h (d + z) per row.

    latent_size: z, 1..1024; None means a quarter of the columns, 1..8.
    hidden_size: h, 1..4096, default 64.
    core_share: share of every batch that is learned from, 0.5..1, default 0.7; 1 learns from all rows.
    epochs, batch_size, learning_rate: of the training; None follows the number of rows (`plan.py`).
    device: auto trains on CUDA where there is a device, cpu never does; scoring is always numpy.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0.
    Raises TooFewRows below 10 rows, InvalidData where training diverges, ColumnMismatch on another width,
    NonFiniteScores for NaN or infinity in rows. Random, by `seed`: first weights, held-out rows, order of the rows.

    Source: Hawkins, He, Williams and Baxter (2002), "Outlier detection using replicator neural networks", DaWaK.
    Differences: leaky rectifiers instead of steps; batches trimmed as in Rousseeuw's (1984) least trimmed squares;
    errors weighted per column.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> size = np.linspace(-2, 2, 64)
    >>> rows = np.column_stack([size, size**2])
    >>> model = Autoencoder(latent_size=1).fit(FeatureMatrix(rows, ("size", "area")), seed=0)
    >>> usual, odd = model.score(np.array([[1.0, 1.0], [1.0, 4.0]]))
    >>> bool(odd > 10 * usual)
    True
    """

    latent_size: int | None = None
    hidden_size: int = 64
    core_share: float = 0.7

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedAutoencoder":
        """Learn scale, weights and usual errors. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix, min_rows=MIN_ROWS)
        standardiser = Standardiser.learn(rows)
        standard = standardiser.apply(rows)
        network = self._learned(standard, seed)
        squares = (network.outputs(standard) - standard) ** 2
        usual = np.quantile(squares, USUAL_SHARE, axis=0) + SMALLEST_ERROR
        return FittedAutoencoder(standardiser, network, usual)

    def _learned(self, rows: FloatMatrix, seed: int) -> Perceptron:
        # torch takes a second to import, and only learning needs it
        from pynomaly.infrastructure.algorithms.torch_models import trainable
        from pynomaly.infrastructure.algorithms.torch_models.training_loop import train

        n_rows, width = rows.shape
        device = trainable.resolved(self.device)
        sizes = (width, self.hidden_size, self.latent_size or latent_size_for(width), self.hidden_size, width)
        network = trainable.new_network(sizes, draws=trainable.generator(seed), device=device)
        train(
            network.parameters,
            lambda batch, _: (network(batch[0]) - batch[0]).square().mean(dim=1),
            (trainable.as_tensor(rows, device),),
            self.plan(n_rows, core_share=self.core_share),
            seed=seed,
            progress=self.progress,
        )
        return network.frozen()

    @staticmethod
    def restore(state: ModelState) -> "FittedAutoencoder":
        """Rebuild a fitted model. Raises CorruptModel."""
        sizes = required_sizes(state, "sizes")
        require(len(sizes) == 5 and sizes[0] == sizes[-1], "is no autoencoder of four layers")
        arrays = ("centre", "scale", "usual_error", *array_names("network", 4))
        require_names(state, arrays=arrays, scalars=("sizes",))
        usual = required_array(state, "usual_error", dtype=np.float64, shape=(sizes[0],))
        require_within(usual, "usual_error", minimum=SMALLEST_ERROR, maximum=1e100)
        return FittedAutoencoder(
            Standardiser.restore(state, sizes[0]), Perceptron.restore(state, "network", sizes), usual
        )


@dataclass(frozen=True, slots=True, eq=False)
class FittedAutoencoder:
    """Frozen scale, weights, and the usual squared error of each column, float64 (d,).

    It does not explain itself, although its score is a sum over columns: where one column is odd, the error is often
    largest in another one that was rebuilt from it.
    """

    standardiser: Standardiser
    network: Perceptron
    usual_error: FloatVector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        width = self.usual_error.size
        return score_in_blocks(rows, width, self._score_block, cells_per_row=sum(self.network.sizes))

    def state(self) -> ModelState:
        """Return scale, weights, usual errors and the sizes of the layers."""
        arrays = self.standardiser.arrays() | {"usual_error": self.usual_error} | self.network.arrays("network")
        return ModelState(arrays, {"sizes": list(self.network.sizes)})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        standard = self.standardiser.apply(block)
        return np.asarray(((self.network.outputs(standard) - standard) ** 2 / self.usual_error).sum(axis=1))


def latent_size_for(n_features: int) -> int:
    """Return how many units a row is squeezed through.

    >>> latent_size_for(2), latent_size_for(20), latent_size_for(768)
    (1, 5, 8)
    """
    return max(1, min(8, n_features // 4))
