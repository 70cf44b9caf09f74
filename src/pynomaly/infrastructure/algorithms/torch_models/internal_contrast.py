"""ICL: how hard it is to tell which few columns of a row belong to the rest of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.errors import InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks
from pynomaly.infrastructure.algorithms.standardiser import Standardiser, within_and_beyond
from pynomaly.infrastructure.algorithms.state_checks import require, require_names
from pynomaly.infrastructure.algorithms.torch_models.core import learned_from_core
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron, array_names, required_sizes
from pynomaly.infrastructure.algorithms.torch_models.plan import Trained

if TYPE_CHECKING:
    import torch
    from torch import Tensor

TEMPERATURE = 0.5
"""Similarities, -1..1, are divided by it: a match is worth up to 4 in the logarithm of the odds. Lower ones, such as
the paper's, learn windows of anomalies by heart: on contaminated tables they rank worse."""

MOST_WINDOWS = 24
"""Windows looked at; with more columns they do not begin at every column, else cost would grow with d^2."""

EPOCHS_SHARE = 0.5
"""Epochs beside other networks': every row is seen through all of its windows in each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalContrast(Trained):
    """Mean over windows of columns of how badly the window's image is recognised among all of the row's windows.

    What: windows of neighbouring columns are cut out of a row. One network makes an image of a window, another one of
    the row without it; both learn that the two images of one window are alike and those of different windows are not.
    Rows whose columns do not fit together are recognised badly. Values beyond five standard deviations, which only
    make windows easier to tell apart, add what they go beyond.

    When: clean training data, 5..200 columns that depend on each other. Fails for contaminated training data, for a
    row that is odd in one column only, and needs 2 columns at least.

    Cost, with h hidden and z image units, w = min(d - k + 1, 24) windows of k columns and e epochs: fit
    6 n w e h (d + 2 z), with e about 5 10^5 / n, 10..50; score 2 w h (d + 2 z) per row.

    window: k, columns in a window, 1..1000; None means 2 below 40 columns, 10 up to 160, half of them beyond. Less
    than the number of columns in any case.
    hidden_size: h, 1..4096, default 64.
    latent_size: z, 1..1024, default 32.
    core_share: share of the training rows, 0.5..1, default 0.7, that is learned from a second time, without the rows
    that were strangest after the first; 1 learns once, from all rows.
    epochs, batch_size, learning_rate: of the training; None follows the number of rows (`plan.py`).
    device: auto trains on CUDA where there is a device, cpu never does; scoring is always numpy.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0.
    Raises TooFewRows below 10 rows, InvalidData for one column or where training diverges, ColumnMismatch on another
    width, NonFiniteScores for NaN or infinity in rows. Random, by `seed`: first weights, held-out rows, order of the
    rows.

    Source: Shenkar and Wolf (2022), "Anomaly detection for tabular data with internal contrastive learning", ICLR,
    section 3. Differences: at most 24 windows, no batch norm, a higher temperature for contaminated rows,
    the part for far values, the second learning without the strangest rows.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> size = np.linspace(-2, 2, 64)[:, None]
    >>> rows = size * [1.0, 2.0, -1.0, 0.5] + [0.0, 1.0, 2.0, 3.0]
    >>> model = InternalContrast().fit(FeatureMatrix(rows, ("a", "b", "c", "d")), seed=0)
    >>> usual, odd = model.score(np.array([[1.0, 3.0, 1.0, 3.5], [1.0, -3.0, 1.0, 3.5]]))
    >>> bool(odd > usual)
    True
    """

    window: int | None = None
    hidden_size: int = 64
    latent_size: int = 32
    core_share: float = 0.7

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedInternalContrast":
        """Learn scale and weights. Raises TooFewRows, InvalidData."""
        if matrix.n_features < 2:
            raise InvalidData(
                "one column has nothing to be compared with; keep two or more, or choose another detector"
            )
        return learned_from_core(
            self,
            lambda part, standardiser, given: FittedInternalContrast(standardiser, *part._learned(given, seed)),
            matrix,
            self.core_share,
        )

    def _learned(self, rows: FloatMatrix, seed: int) -> tuple[Perceptron, Perceptron]:
        # torch takes a second to import, and only learning needs it
        from torch import from_numpy
        from torch.nn.functional import normalize

        from pynomaly.infrastructure.algorithms.torch_models import trainable
        from pynomaly.infrastructure.algorithms.torch_models.training_loop import train

        n_rows, width = rows.shape
        device, draws = trainable.resolved(self.device), trainable.generator(seed)
        n_within = min(self.window or window_for(width), width - 1)
        within, without = (from_numpy(places).to(device) for places in windows(width, n_within))
        tail = (self.hidden_size, self.latent_size)
        inner = trainable.new_network((n_within, *tail), draws=draws, device=device)
        outer = trainable.new_network((width - n_within, *tail), draws=draws, device=device)

        def losses(batch: "tuple[Tensor, ...]", _: "torch.Generator") -> "Tensor":
            images = normalize(inner(batch[0][:, within]), dim=2)
            contexts = normalize(outer(batch[0][:, without]), dim=2)
            alike = contexts @ images.transpose(1, 2) / TEMPERATURE
            return (alike.logsumexp(dim=2) - alike.diagonal(dim1=1, dim2=2)).mean(dim=1)

        data = (trainable.as_tensor(rows, device),)
        plan = self.plan(n_rows, epochs_share=EPOCHS_SHARE)
        train((*inner.parameters, *outer.parameters), losses, data, plan, seed=seed, progress=self.progress)
        return inner.frozen(), outer.frozen()

    @staticmethod
    def restore(state: ModelState) -> "FittedInternalContrast":
        """Rebuild a fitted model. Raises CorruptModel."""
        inner, outer = required_sizes(state, "inner_sizes"), required_sizes(state, "outer_sizes")
        require(len(inner) == 3 and inner[1:] == outer[1:], "holds two networks that do not match")
        arrays = ("centre", "scale", *array_names("inner", 2), *array_names("outer", 2))
        require_names(state, arrays=arrays, scalars=("inner_sizes", "outer_sizes"))
        return FittedInternalContrast(
            Standardiser.restore(state, inner[0] + outer[0]),
            Perceptron.restore(state, "inner", inner),
            Perceptron.restore(state, "outer", outer),
        )


@dataclass(frozen=True, slots=True, eq=False)
class FittedInternalContrast:
    """Frozen scale, and the weights of the networks for a window and for the rest of a row."""

    standardiser: Standardiser
    inner: Perceptron
    outer: Perceptron

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        inner, outer = self.inner.sizes, self.outer.sizes
        within, without = windows(inner[0] + outer[0], inner[0])
        cells = len(within) * (sum(inner) + sum(outer) + len(within))
        return score_in_blocks(
            rows, inner[0] + outer[0], lambda block: self._score_block(block, within, without), cells_per_row=cells
        )

    def state(self) -> ModelState:
        """Return scale, weights and the sizes of the layers."""
        arrays = self.standardiser.arrays() | self.inner.arrays("inner") | self.outer.arrays("outer")
        return ModelState(arrays, {"inner_sizes": list(self.inner.sizes), "outer_sizes": list(self.outer.sizes)})

    def _score_block(self, block: FloatMatrix, within: NDArray[np.intp], without: NDArray[np.intp]) -> FloatVector:
        standard, beyond = within_and_beyond(self.standardiser.apply(block))
        images = _normalised(self.inner.outputs(standard[:, within]))
        contexts = _normalised(self.outer.outputs(standard[:, without]))
        alike = contexts @ images.swapaxes(1, 2) / TEMPERATURE
        own = np.diagonal(alike, axis1=1, axis2=2)
        return np.asarray((np.log(np.exp(alike).sum(axis=2)) - own).mean(axis=1) + beyond)


def window_for(n_features: int) -> int:
    """Return how many columns a window has.

    >>> window_for(2), window_for(20), window_for(100), window_for(768)
    (1, 2, 10, 384)
    """
    if n_features < 40:
        return 1 if n_features < 4 else 2
    return 10 if n_features <= 160 else n_features // 2


def windows(n_features: int, n_within: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the columns within (w, k) and without (w, d - k) every window.

    >>> windows(3, 2)[0].tolist(), windows(3, 2)[1].tolist()
    ([[0, 1], [1, 2]], [[2], [0]])
    """
    last = n_features - n_within
    starts = np.unique(np.linspace(0, last, min(last + 1, MOST_WINDOWS)).round().astype(np.intp))
    within = starts[:, None] + np.arange(n_within)
    after = np.arange(n_features - n_within) + np.zeros_like(starts)[:, None]
    return within, after + n_within * (after >= starts[:, None])


def _normalised(images: FloatMatrix) -> FloatMatrix:
    lengths = np.sqrt((images**2).sum(axis=2, keepdims=True))
    return np.asarray(images / np.maximum(lengths, 1e-12))
