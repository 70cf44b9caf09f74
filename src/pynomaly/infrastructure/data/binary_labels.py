"""Reading a label column as anomaly or not, and saying which value was taken for the anomaly."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.errors import InvalidLabels
from pynomaly.infrastructure.data.text_cells import is_text, tidy

LABEL_NAMES = frozenset(
    "label labels is_anomaly anomaly anomalous is_outlier outlier is_fraud fraud fraudulent target class_label "
    "is_attack attack y_true ground_truth".split()
)
"""Column names that announce an answer, compared without case, spaces and punctuation at the ends."""

ANOMALY_WORDS = frozenset(
    "1 1.0 true t yes y anomaly anomalous outlier attack fraud fraudulent abnormal malicious intrusion bad".split()
)
NORMAL_WORDS = frozenset("0 0.0 false f no n normal benign inlier ok nominal legit legitimate good".split())


@dataclass(frozen=True, slots=True, eq=False)
class BinaryLabels:
    """Labels per row (true is an anomaly, None is missing), the value read as anomaly, and what to tell the user."""

    per_row: list[bool | None]
    anomaly: str
    note: str = ""


def labels_of(column: pa.ChunkedArray, name: str) -> BinaryLabels:
    """Read a column of two values as labels.

    Words and 0/1 speak for themselves; in {1, -1} the -1 is the anomaly, as scikit-learn writes it;
    of any other two values the rarer one is the anomaly. Raises InvalidLabels.
    """
    cells = _as_words(column)
    counted = pc.value_counts(pc.drop_null(cells))
    counts = {str(entry["values"]): int(entry["counts"].as_py()) for entry in counts[:_ENOUGH_TO_TELL]}
    if len(counted) > 2 or not counts:
        raise InvalidLabels(f"column '{name}' holds {_found(counts, len(counted))}; labels need exactly two values.")
    anomaly, note = _anomaly_among(counts, name)
    return BinaryLabels(pc.equal(cells, anomaly).to_pylist(), anomaly, note)


def is_label_name(name: str) -> bool:
    """Whether a column name announces an answer."""
    return name.strip(" _#").casefold().replace(" ", "_") in LABEL_NAMES


_ENOUGH_TO_TELL = 12


def _as_words(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if is_text(column.type):
        return tidy(column)
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        raise InvalidLabels("a column of nested values cannot hold labels; they need exactly two plain values.")
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    return pc.cast(column, pa.string())


def _anomaly_among(counts: dict[str, int], name: str) -> tuple[str, str]:
    for word in counts:
        others = set(counts) - {word}
        if word in ANOMALY_WORDS and others <= NORMAL_WORDS:
            return word, ""
    if set(counts) <= NORMAL_WORDS:
        return "1", f"column '{name}' holds no anomaly, only '{next(iter(counts))}'"
    if {word.removesuffix(".0") for word in counts} == {"1", "-1"}:
        negative = next(word for word in counts if word.startswith("-"))
        return negative, f"column '{name}': -1 is read as the anomaly, 1 as normal, as scikit-learn writes them"
    if len(counts) == 1:
        raise InvalidLabels(f"column '{name}' holds only '{next(iter(counts))}'; labels need exactly two values.")
    rarer = min(counts, key=lambda word: (counts[word], word))
    return rarer, f"column '{name}': the rarer value '{rarer}' is read as the anomaly"


def _found(counts: dict[str, int], n_values: int) -> str:
    if not counts:
        return "nothing at all"
    shown = ", ".join(f"'{word[:30]}'" for word in list(counts)[:5])
    return f"{n_values} values ({shown}{', …' if n_values > 5 else ''})"
