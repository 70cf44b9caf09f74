"""DeepSAD: how far from a centre a row is put by a network that pushes known anomalies away from it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.errors import InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.state_checks import require, require_names, require_within, required_array
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron, array_names, required_sizes
from pynomaly.infrastructure.algorithms.torch_models.plan import MIN_ROWS, Trained

if TYPE_CHECKING:
    import torch
    from torch import Tensor

UNKNOWN, ANOMALY = -1, 1
"""How rows of which nothing is known, and known anomalies, are marked; a known normal row is 0."""

SMALLEST_DISTANCE = 1e-3
"""Added to squared distances before a known anomaly's is inverted."""

SMALLEST_CENTRE = 0.1
"""A coordinate of the centre nearer to 0 is moved to it: 0 can be reached by weights of 0, which would tell nothing."""

REBUILDING, DRAWING, DRAWING_LABELLED = 0.2, 0.1, 0.5
"""Shares of the usual epochs: for rebuilding rows, and then for drawing them together without and with known labels.
Without, all rows end near the centre in the long run and are told apart less; with some, these take longer."""

SMALLEST_SPREAD = 1e-9
"""Least difference of the training rows' scores, as a share of the largest, of a network that did not collapse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepSad(Trained):
    """Squared distance of a row's image to a centre.

    What: an encoder first learns, with a decoder, to keep what is needed to rebuild rows. The mean of the images then
    is the centre, and the encoder learns on: to draw rows of which nothing is known to the centre, known normal rows
    more so, and to push known anomalies away. The encoder has no biases, so it cannot send every row to one place.

    When: some anomalies are known and others like them are looked for; a handful helps already. Without labels it is
    Deep SVDD, and weaker than most others here. Fails for new kinds of anomalies that look like normal rows.

    Cost, with h hidden and z latent units and e epochs: fit 5 n e h (d + z), with e about 10^6 / n, 20..100; score
    2 h (d + z) per row.

    latent_size: z, 1..1024; None means half of the columns, 2..16.
    hidden_size: h, 1..4096, default 64.
    core_share: share of every batch, 0.5..1, default 0.7, beyond which the farthest rows without label are not drawn.
    label_weight: how much a labelled row counts beside one without label, 0..1000, default 10:
    labels are few.
    epochs, batch_size, learning_rate: of the training; None follows the number of rows (`plan.py`).
    device: auto trains on CUDA where there is a device, cpu never does; scoring is always numpy.

    Shapes: rows (n, d) float32 or float64, finite; labels int8 (n,): 1 anomaly, 0 normal, -1 not known; scores float64
    (n,), from 0. Raises TooFewRows below 10 rows, InvalidData where training diverges or every row ends in one place,
    ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows. Random, by `seed`: first weights,
    held-out rows, order of the rows.

    Source: Ruff et al. (2020), "Deep semi-supervised anomaly detection", ICLR, section 3 and equation 7; Ruff et al.
    (2018), "Deep one-class classification", ICML, section 3.3 on collapse. Differences: early stopping, fewer
    epochs, trimmed batches; the weight of the labelled rows counts rows, not classes.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.random.default_rng(0).normal(size=(80, 2))
    >>> rows[:8, 0] += 4.0
    >>> labels = np.array([1] * 8 + [-1] * 72, dtype=np.int8)
    >>> model = DeepSad().fit_labelled(FeatureMatrix(rows, ("size", "age")), labels, seed=0)
    >>> usual, known_kind = model.score(np.array([[0.0, 0.5], [4.0, 0.0]]))
    >>> bool(known_kind > 10 * usual)
    True
    """

    latent_size: int | None = None
    hidden_size: int = 64
    core_share: float = 0.7
    label_weight: float = 10.0

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedDeepSad":
        """Learn without labels. Raises TooFewRows, InvalidData."""
        return self.fit_labelled(matrix, np.full(matrix.n_samples, UNKNOWN, dtype=np.int8), seed=seed)

    def fit_labelled(self, matrix: FeatureMatrix, labels: NDArray[np.int8], *, seed: int) -> "FittedDeepSad":
        """Learn scale, weights and centre, with what is known of the rows. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix, min_rows=MIN_ROWS)
        if len(labels) != len(rows):
            raise InvalidData(f"{len(labels)} labels for {len(rows)} rows; give each row its own, -1 if not known")
        standardiser = Standardiser.learn(rows)
        model = FittedDeepSad(standardiser, *self._learned(standardiser.apply(rows), labels, seed))
        scores = model.score(rows)
        if not np.ptp(scores) > SMALLEST_SPREAD * scores.max():
            raise InvalidData("the network puts every row in one place; do the rows differ? else set fewer epochs")
        return model

    def _learned(self, rows: FloatMatrix, labels: NDArray[np.int8], seed: int) -> tuple[Perceptron, FloatVector]:
        # torch takes a second to import, and only learning needs it
        import torch

        from pynomaly.infrastructure.algorithms.torch_models import trainable
        from pynomaly.infrastructure.algorithms.torch_models.training_loop import train

        n_rows, width = rows.shape
        device, draws = trainable.resolved(self.device), trainable.generator(seed)
        sizes = (width, self.hidden_size, self.latent_size or latent_size_for(width))
        encoder = trainable.new_network(sizes, draws=draws, device=device, has_biases=False)
        decoder = trainable.new_network(sizes[::-1], draws=draws, device=device)
        data, known = trainable.as_tensor(rows, device), trainable.as_tensor(labels, device)

        def rebuilding(batch: "tuple[Tensor, ...]", _: "torch.Generator") -> "Tensor":
            return (decoder(encoder(batch[0])) - batch[0]).square().mean(dim=1)

        first, last = self.part(0, 2), self.part(1, 2)
        learned = (*encoder.parameters, *decoder.parameters)
        train(
            learned,
            rebuilding,
            (data,),
            self.plan(n_rows, epochs_share=REBUILDING),
            seed=seed,
            progress=first.progress,
        )
        centre = _centre(encoder.frozen().outputs(rows[labels != ANOMALY] if (labels != ANOMALY).any() else rows))
        aim = trainable.as_tensor(centre, device)

        def distances(batch: "tuple[Tensor, ...]", _: "torch.Generator") -> "Tensor":
            squares, is_unknown = (encoder(batch[0]) - aim).square().sum(dim=1), batch[1] == UNKNOWN
            is_strange = is_unknown & (squares > squares.detach().quantile(self.core_share))
            wanted = torch.where(batch[1] == ANOMALY, 1 / (squares + SMALLEST_DISTANCE), squares)
            return torch.where(is_unknown, wanted, self.label_weight * wanted) * ~is_strange

        plan = self.plan(n_rows, epochs_share=DRAWING if (labels == UNKNOWN).all() else DRAWING_LABELLED)
        train(encoder.parameters, distances, (data, known), plan, seed=seed, progress=last.progress)
        return encoder.frozen(), centre.astype(np.float32).astype(np.float64)

    @staticmethod
    def restore(state: ModelState) -> "FittedDeepSad":
        """Rebuild a fitted model. Raises CorruptModel."""
        sizes = required_sizes(state, "sizes")
        require(len(sizes) == 3, "is no encoder of two layers")
        arrays = ("centre", "scale", "aim", *array_names("encoder", 2, has_biases=False))
        require_names(state, arrays=arrays, scalars=("sizes",))
        aim = required_array(state, "aim", dtype=np.float32, shape=(sizes[-1],))
        require_within(aim, "aim", minimum=-1e30, maximum=1e30)
        encoder = Perceptron.restore(state, "encoder", sizes, has_biases=False)
        return FittedDeepSad(Standardiser.restore(state, sizes[0]), encoder, aim.astype(np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class FittedDeepSad:
    """Frozen scale, weights without biases, and the centre of the images, float64 (z,)."""

    standardiser: Standardiser
    encoder: Perceptron
    aim: FloatVector

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        sizes = self.encoder.sizes
        return score_in_blocks(rows, sizes[0], self._score_block, cells_per_row=sum(sizes))

    def state(self) -> ModelState:
        """Return scale, weights, centre and the sizes of the layers."""
        arrays = self.standardiser.arrays() | self.encoder.arrays("encoder") | {"aim": self.aim.astype(np.float32)}
        return ModelState(arrays, {"sizes": list(self.encoder.sizes)})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        away = self.encoder.outputs(self.standardiser.apply(block)) - self.aim
        return np.asarray((away**2).sum(axis=1))


def latent_size_for(n_features: int) -> int:
    """Return how many coordinates an image has.

    >>> latent_size_for(2), latent_size_for(20), latent_size_for(768)
    (2, 10, 16)
    """
    return max(2, min(16, n_features // 2))


def _centre(images: FloatMatrix) -> FloatVector:
    centre = np.asarray(images.mean(axis=0))
    side = np.where(centre < 0, -1.0, 1.0)
    return np.where(np.abs(centre) < SMALLEST_CENTRE, side * SMALLEST_CENTRE, centre)
