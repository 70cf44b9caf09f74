"""Prose: how long it is and what it is made of; what it says is left to embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import FloatMatrix
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.explanation import Typical
from pynomaly.domain.gower import Aspect
from pynomaly.infrastructure.data.columns.coercion import as_text
from pynomaly.infrastructure.data.steps.robust_scale import RobustScale, learn_scale
from pynomaly.infrastructure.data.steps.stored_fields import (
    Fields,
    list_field,
    scale_field,
    stored_scale,
    stored_typical,
    text_field,
    typical_field,
)

MEASURES = ("length", "words", "digits", "capitals", "punctuation")
_KINDS_OF_CHARACTERS = {"digits": r"\p{Nd}", "capitals": r"\p{Lu}", "punctuation": r"[\p{P}\p{S}]"}


@dataclass(frozen=True, slots=True)
class TextStep:
    """`column: length` and `column: words` (logarithms of one more), and shares of digits, capitals, punctuation.

    A missing cell is an empty text.
    """

    column: str
    scales: tuple[RobustScale, ...]
    typical: Typical

    @property
    def features(self) -> tuple[str, ...]:
        """One feature per measure."""
        return tuple(f"{self.column}: {measure}" for measure in MEASURES)

    def read(self, cells: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return the measures of each cell as a list of fixed size. Raises ColumnMismatch."""
        text = as_text(cells, self.column)
        chunks = [pa.FixedSizeListArray.from_arrays(pa.array(_measured(chunk).ravel()), _N) for chunk in text.chunks]
        return pa.chunked_array(chunks, type=pa.list_(pa.float64(), _N))

    def fill(self, read: pa.Array, out: FloatMatrix) -> None:
        """Write the scaled measures."""
        measures = read.flatten().to_numpy().reshape(-1, _N)
        for place, scale in enumerate(self.scales):
            out[:, place] = scale.apply(measures[:, place] - scale.center)

    def aspects(self, cells: pa.ChunkedArray) -> Sequence[Aspect]:
        """Compare each measure by the range it had at training. Raises ColumnMismatch."""
        text = as_text(cells, self.column)
        measures = np.concatenate([np.empty((0, _N)), *(_measured(chunk) for chunk in text.chunks)])
        measures[text.is_null().to_numpy()] = np.nan
        return [
            Aspect(self.column, values, span=scale.spread * (scale.plain_range[1] - scale.plain_range[0]))
            for values, scale in zip(measures.T, self.scales, strict=True)
        ]

    def surprises(self, read: pa.ChunkedArray) -> Sequence[str]:  # noqa: ARG002 - any text may come
        """Report nothing."""
        return ()

    def state(self) -> dict[str, JsonValue]:
        """Return everything learned."""
        return {
            "step": "text",
            "column": self.column,
            "scales": [stored_scale(scale) for scale in self.scales],
            "typical": stored_typical(self.typical),
        }


_N = len(MEASURES)


def learn_text_step(column: str, cells: pa.ChunkedArray, *, knee: float) -> TextStep:
    """Learn the scale of each measure."""
    text = as_text(cells, column)
    measures = np.concatenate([_measured(chunk) for chunk in text.chunks])
    scales = []
    for values in measures.T:
        center = float(np.quantile(values, 0.5, method="nearest"))
        ends = (float(values.min()) - center, float(values.max()) - center)
        scales.append(learn_scale(values - center, center=center, knee=knee, ends=ends))
    low, high = np.quantile(pc.utf8_length(pc.fill_null(text, "")).to_numpy(), (0.05, 0.95), method="nearest")
    return TextStep(
        column, tuple(scales), Typical(most_frequent=f"a text of {low:.0f}–{high:.0f} characters", share=0.9)
    )


def restore_text_step(fields: Fields) -> TextStep:
    """Rebuild a step. Raises CorruptModel."""
    scales = tuple(scale_field(stored) for stored in list_field(fields, "scales") if isinstance(stored, dict))
    if len(scales) != _N:
        raise CorruptModel("preparation: a text column needs one scale for each of its measures")
    return TextStep(text_field(fields, "column"), scales, typical_field(fields))


def _measured(chunk: pa.Array) -> FloatMatrix:
    """Return (n, 5) float64: what MEASURES names."""
    text = pc.fill_null(chunk, "")
    length = pc.utf8_length(text).to_numpy(zero_copy_only=False).astype(np.float64)
    words = pc.count_substring_regex(text, r"\S+").to_numpy(zero_copy_only=False).astype(np.float64)
    shares = [
        pc.count_substring_regex(text, pattern).to_numpy(zero_copy_only=False) / np.maximum(length, 1)
        for pattern in _KINDS_OF_CHARACTERS.values()
    ]
    return np.column_stack([np.log1p(length), np.log1p(words), *shares])
