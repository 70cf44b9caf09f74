"""Reading a label column as anomaly or not, and saying which value was taken for the anomaly."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.errors import InvalidLabels
from pynomaly.infrastructure.data.columns.text_cells import is_text, tidy

LABEL_NAMES = frozenset(
    (
        *("label", "labels", "target", "class", "class_label", "y_true", "ground_truth"),
        *("anomaly", "anomalous", "is_anomaly", "outlier", "is_outlier"),
        *("attack", "is_attack", "fraud", "is_fraud", "fraudulent"),
    )
)
"""Column names that announce an answer, compared without case and surrounding punctuation."""

ANOMALY_WORDS = frozenset(
    (
        *("1", "1.0", "true", "t", "yes", "y"),
        *("anomaly", "anomalous", "outlier", "abnormal", "bad"),
        *("attack", "intrusion", "malicious", "fraud", "fraudulent"),
    )
)
NORMAL_WORDS = frozenset(
    (
        *("0", "0.0", "false", "f", "no", "n"),
        *("normal", "nominal", "inlier", "benign", "ok", "good", "legit", "legitimate"),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class BinaryLabels:
    """Labels per row (true is an anomaly, None is missing), and what was assumed in reading them, if anything."""

    per_row: list[bool | None]
    note: str = ""


def labels_of(column: pa.ChunkedArray, name: str) -> BinaryLabels:
    """Read a label column.

    Yes and no, 0 and 1, "normal" and "attack" speak for themselves, in any mixture; in {1, -1} the -1 is
    the anomaly, as scikit-learn writes it; of any other two values the rarer one is. Raises InvalidLabels.
    """
    cells = _as_words(column, name)
    counted = pc.value_counts(pc.drop_null(cells))
    counts = {entry["values"]: entry["counts"] for entry in counted[:_ENOUGH_TO_TELL].to_pylist()}
    if counts and counts.keys() <= ANOMALY_WORDS | NORMAL_WORDS:
        is_anomaly = pc.is_in(cells, value_set=pa.array(sorted(ANOMALY_WORDS), type=cells.type))
        return BinaryLabels(pc.if_else(pc.is_valid(cells), is_anomaly, None).to_pylist())
    if len(counted) != 2:
        raise InvalidLabels(f"column '{name}' holds {_found(counts, len(counted))}; labels need exactly two.")
    anomaly, note = _anomaly_among(counts)
    return BinaryLabels(pc.equal(cells, anomaly).to_pylist(), note)


def is_label_name(name: str) -> bool:
    """Whether a column name announces an answer."""
    return name.strip(" _#").casefold().replace(" ", "_") in LABEL_NAMES


_ENOUGH_TO_TELL = 32


def _as_words(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    if is_text(column.type):
        return tidy(column)
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        raise InvalidLabels(f"column '{name}' holds {column.type}; labels need two plain values.")
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    return pc.cast(column, pa.string())


def _anomaly_among(counts: dict[str, int]) -> tuple[str, str]:
    if {word.removesuffix(".0") for word in counts} == {"1", "-1"}:
        negative = next(word for word in counts if word.startswith("-"))
        return negative, "-1 is read as the anomaly, 1 as normal, as scikit-learn writes them"
    rarer = min(counts, key=lambda word: (counts[word], word))
    return rarer, f"the rarer value '{rarer[:30]}' is read as the anomaly"


def _found(counts: dict[str, int], n_values: int) -> str:
    if not counts:
        return "no value at all"
    shown = ", ".join(f"'{word[:30]}'" for word in list(counts)[:5])
    return f"{n_values} different value{'s' * (n_values > 1)} ({shown}{', …' if n_values > 5 else ''})"
