"""Variational autoencoder: how unlikely a row is under a model that explains it by few hidden numbers and noise."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.state_checks import require, require_names, require_within, required_array
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron, array_names, required_sizes
from pynomaly.infrastructure.algorithms.torch_models.plan import MIN_ROWS, Trained

if TYPE_CHECKING:
    import torch
    from torch import Tensor

SMALLEST_VARIANCE = 0.05
"""Least noise of a column, in variances of the column: one that is always the same does not outweigh all others."""

LARGEST_LOG_VARIANCE = 8.0
"""Bounds what the encoder may say of its uncertainty, so that no exponential overflows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationalAutoencoder(Trained):
    """Half the squared error in units of each column's noise, plus half the squared length of the hidden numbers.

    What: an encoder tells which hidden numbers a row stands for and how sure that is; a decoder rebuilds the row from
    them. Both learn the largest lower bound of the likelihood, together with one noise variance per column, from the
    share of every batch that fits best. A row is scored at the mean of its hidden numbers: nothing is drawn.

    When: as the autoencoder; also finds rows that fit the relations between columns but lie far out. Fails for few
    rows, and where hidden numbers would have to form clusters.

    Cost, with h hidden and z latent units and e epochs: fit 6 n e h (2 d + 3 z), with e about 10^6 / n, 20..100; score
    2 h (2 d + 2 z) per row.

    latent_size: z, 1..1024; None means half of the columns, 1..8.
    hidden_size: h, 1..4096, default 64.
    core_share: share of every batch that is learned from, 0.5..1, default 0.7; 1 learns from all rows.
    epochs, batch_size, learning_rate: of the training; None follows the number of rows (`plan.py`).
    device: auto trains on CUDA where there is a device, cpu never does; scoring is always numpy.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0, about d / 2 for a usual row.
    Raises TooFewRows below 10 rows, InvalidData where training diverges, ColumnMismatch on another width,
    NonFiniteScores for NaN or infinity in rows. Random, by `seed`: first weights, held-out rows, order of the rows,
    noise of the hidden numbers while learning.

    Source: Kingma and Welling (2014), "Auto-encoding variational Bayes", ICLR, section 3; An and Cho (2015),
    "Variational autoencoder based anomaly detection using reconstruction probability". Differences: the mean of the
    hidden numbers instead of samples of them, their prior in the score, and trimmed batches.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> size = np.linspace(-2, 2, 64)
    >>> rows = np.column_stack([size, size])
    >>> model = VariationalAutoencoder(latent_size=1).fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> usual, odd = model.score(np.array([[1.0, 1.0], [1.0, -1.0]]))
    >>> bool(odd > usual)
    True
    """

    latent_size: int | None = None
    hidden_size: int = 64
    core_share: float = 0.7

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedVariationalAutoencoder":
        """Learn scale, weights and noise. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix, min_rows=MIN_ROWS)
        standardiser = Standardiser.learn(rows)
        encoder, decoder, noise = self._learned(standardiser.apply(rows), seed)
        return FittedVariationalAutoencoder(standardiser, encoder, decoder, noise)

    def _learned(self, rows: FloatMatrix, seed: int) -> tuple[Perceptron, Perceptron, FloatVector]:
        # torch takes a second to import, and only learning needs it
        from pynomaly.infrastructure.algorithms.torch_models import trainable
        from pynomaly.infrastructure.algorithms.torch_models.training_loop import train

        n_rows, width = rows.shape
        latent = self.latent_size or latent_size_for(width)
        device, draws = trainable.resolved(self.device), trainable.generator(seed)
        encoder = trainable.new_network((width, self.hidden_size, 2 * latent), draws=draws, device=device)
        decoder = trainable.new_network((latent, self.hidden_size, width), draws=draws, device=device)
        log_noise = trainable.zeros(width, device)

        def losses(batch: "tuple[Tensor, ...]", noise: "torch.Generator") -> "Tensor":
            mean, log_variance = encoder(batch[0]).chunk(2, dim=1)
            log_variance = log_variance.clamp(-LARGEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE)
            rebuilt = decoder(mean + (log_variance / 2).exp() * trainable.normal_like(mean, noise))
            variance = log_noise.exp() + SMALLEST_VARIANCE
            misfit = ((rebuilt - batch[0]).square() / variance + variance.log()).sum(dim=1)
            return (misfit + (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)) / 2

        plan = self.plan(n_rows, core_share=self.core_share)
        learned = (*encoder.parameters, *decoder.parameters, log_noise)
        train(learned, losses, (trainable.as_tensor(rows, device),), plan, seed=seed, progress=self.progress)
        variance = np.exp(trainable.as_numbers(log_noise)) + SMALLEST_VARIANCE
        return encoder.frozen(), decoder.frozen(), variance

    @staticmethod
    def restore(state: ModelState) -> "FittedVariationalAutoencoder":
        """Rebuild a fitted model. Raises CorruptModel."""
        sizes = (required_sizes(state, "encoder_sizes"), required_sizes(state, "decoder_sizes"))
        (width, hidden, encoded), decoder_sizes = _three(sizes[0]), _three(sizes[1])
        require(decoder_sizes == (encoded // 2, hidden, width) and encoded % 2 == 0, "has a decoder of another shape")
        arrays = (*array_names("encoder", 2), *array_names("decoder", 2))
        require_names(state, arrays=("centre", "scale", "noise", *arrays), scalars=("encoder_sizes", "decoder_sizes"))
        noise = required_array(state, "noise", dtype=np.float64, shape=(width,))
        require_within(noise, "noise", minimum=SMALLEST_VARIANCE, maximum=1e100)
        return FittedVariationalAutoencoder(
            Standardiser.restore(state, width),
            Perceptron.restore(state, "encoder", sizes[0]),
            Perceptron.restore(state, "decoder", sizes[1]),
            noise,
        )


@dataclass(frozen=True, slots=True, eq=False)
class FittedVariationalAutoencoder:
    """Frozen scale, weights, and the noise variance of each standardised column, float64 (d,)."""

    standardiser: Standardiser
    encoder: Perceptron
    decoder: Perceptron
    noise: FloatVector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        cells = sum(self.encoder.sizes) + sum(self.decoder.sizes)
        return score_in_blocks(rows, self.noise.size, self._score_block, cells_per_row=cells)

    def state(self) -> ModelState:
        """Return scale, noise, weights and the sizes of the layers."""
        arrays = self.standardiser.arrays() | {"noise": self.noise}
        networks = self.encoder.arrays("encoder") | self.decoder.arrays("decoder")
        return ModelState(
            arrays | networks,
            {"encoder_sizes": list(self.encoder.sizes), "decoder_sizes": list(self.decoder.sizes)},
        )

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        standard = self.standardiser.apply(block)
        mean = self.encoder.outputs(standard)[:, : self.decoder.sizes[0]]
        misfit = ((self.decoder.outputs(mean) - standard) ** 2 / self.noise).sum(axis=1)
        return np.asarray((misfit + (mean**2).sum(axis=1)) / 2)


def latent_size_for(n_features: int) -> int:
    """Return how many hidden numbers explain a row.

    >>> latent_size_for(2), latent_size_for(10), latent_size_for(768)
    (1, 5, 8)
    """
    return max(1, min(8, n_features // 2))


def _three(sizes: tuple[int, ...]) -> tuple[int, int, int]:
    require(len(sizes) == 3, "has a coder that is not of two layers")
    return sizes[0], sizes[1], sizes[2]
