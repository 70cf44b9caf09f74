"""Which columns of a detection's rows may hold the answers that it is held against."""

from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import NotFound
from pynomaly.presentation.web.visitor import Visitor

_NEVER_ANSWERS = frozenset({ColumnKind.TIME, ColumnKind.IDENTIFIER, ColumnKind.NESTED, ColumnKind.TEXT})


def dataset_of(visitor: Visitor, detection: Detection) -> Dataset | None:
    """Return the dataset that was looked at; None where it was deleted, or the rows were never kept."""
    if detection.dataset_id is None:
        return None
    try:
        return visitor.workspace.queries.dataset(detection.dataset_id)
    except NotFound:
        return None


def label_of(visitor: Visitor, detection: Detection) -> str | None:
    """Return the label column of a detection's rows, None where there is none."""
    dataset = dataset_of(visitor, detection)
    return None if dataset is None else dataset.label


def possible_labels(dataset: Dataset) -> list[str]:
    """Return the columns that no detector learns from and that may hold yes and no, the label first."""
    fit = [
        column
        for column in dataset.columns
        if column.role in (ColumnRole.LABEL, ColumnRole.IGNORED) and column.kind not in _NEVER_ANSWERS
    ]
    return [column.name for column in sorted(fit, key=lambda column: column.role is not ColumnRole.LABEL)]
