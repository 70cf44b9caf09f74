"""Datasets: tables a workspace keeps."""

from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from pynomaly.application.ports.uses import Uses
from pynomaly.application.written_cells import json_value
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.explanation import Typical
from pynomaly.domain.model_selection import AUTOMATIC
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import (
    AlgorithmName,
    ByColumn,
    CellText,
    Integer,
    Name,
    Number,
    Parameters,
)


class ColumnAnswer(Answer):
    """One column: what its values are, what it is used for, and what was noticed about it."""

    name: str
    kind: ColumnKind
    role: ColumnRole
    note: str

    @staticmethod
    def of(column: Column) -> "ColumnAnswer":
        """Describe a column."""
        return ColumnAnswer(name=sound(column.name), kind=column.kind, role=column.role, note=sound(column.note))


class DatasetAnswer(Answer):
    """A table the workspace keeps. `fingerprint` is of its content: equal tables have equal ones."""

    id: str
    name: str
    n_rows: int
    columns: list[ColumnAnswer]
    label: str | None = Field(description="The column of known answers, if one is declared.")
    source: str
    fingerprint: str
    created_at: datetime
    revision: int
    notes: list[str] = Field(default_factory=list, description="What was noticed while it was read; at creation only.")

    @staticmethod
    def of(dataset: Dataset, notes: tuple[str, ...] = ()) -> "DatasetAnswer":
        """Describe a dataset."""
        return DatasetAnswer(
            id=dataset.id,
            name=dataset.name,
            n_rows=dataset.n_rows,
            columns=[ColumnAnswer.of(column) for column in dataset.columns],
            label=None if dataset.label is None else sound(dataset.label),
            source=sound(dataset.source),
            fingerprint=dataset.fingerprint,
            created_at=dataset.created_at,
            revision=dataset.revision,
            notes=[sound(note) for note in notes],
        )


class DatasetChange(Body):
    """What is to change (RFC 7396: what is left out stays)."""

    name: Name | None = None
    roles: ByColumn[Chosen[ColumnRole]] | None = None


class PreviewAnswer(Answer):
    """The first rows, cells in JSON's own types; times in ISO 8601."""

    columns: list[str]
    rows: list[list[JsonValue]]


class TypicalAnswer(Answer):
    """What is usual for a column: the middle 90 % of numbers, or the most frequent value; null where unknown."""

    median: float | None = None
    low: float | None = None
    high: float | None = None
    most_frequent: str | None = None
    share: float | None = None

    @staticmethod
    def of(typical: Typical) -> "TypicalAnswer":
        """Write what is usual; figures JSON cannot say become null."""
        most_frequent = typical.most_frequent
        return TypicalAnswer(
            median=_finite(typical.median),
            low=_finite(typical.low),
            high=_finite(typical.high),
            most_frequent=None if most_frequent is None else sound(most_frequent),
            share=typical.share,
        )


class LookRequest(Body):
    """What to look with; left out, the choice is made as `pynomaly detect` makes it."""

    name: Name | None = Field(
        default=None, description="Of the new detector; by default the dataset's, with a number if it is taken."
    )
    algorithm: AlgorithmName = Field(default=AUTOMATIC, description="`auto` leaves the choice to the program.")
    parameters: Parameters[bool | Integer | Number | CellText | None] = Field(default_factory=dict)


class LearnedAnswer(Answer):
    """A detector that learned from the dataset."""

    id: str
    name: str


class LookedAtAnswer(Answer):
    """A detection of the dataset's rows; `detector_name` is null where the detector was deleted since."""

    id: str
    detector_id: str
    detector_name: str | None
    n_rows: int
    n_anomalies: int
    created_at: datetime


class UsesAnswer(Answer):
    """What came of a dataset, the newest of each kind."""

    detectors: list[LearnedAnswer]
    detections: list[LookedAtAnswer]

    @staticmethod
    def of(uses: Uses) -> "UsesAnswer":
        """Write what came of a dataset."""
        return UsesAnswer(
            detectors=[LearnedAnswer(id=one.detector_id, name=sound(one.name)) for one in uses.detectors],
            detections=[
                LookedAtAnswer(
                    id=one.detection_id,
                    detector_id=one.detector_id,
                    detector_name=None if one.detector is None else sound(one.detector),
                    n_rows=one.n_rows,
                    n_anomalies=one.n_anomalies,
                    created_at=one.created_at,
                )
                for one in uses.detections
            ],
        )


def sound(text: str) -> str:
    """Return text that JSON can hold: half characters replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def cell(value: object) -> Any:
    """Return a cell as JSON can hold it; whole numbers beyond 64 bits as text."""
    written = json_value(value)
    if isinstance(written, int) and not -(2**63) <= written < 2**63:
        return str(written)
    return written


def _finite(value: float | None) -> float | None:
    written = json_value(value)
    return written if isinstance(written, float | int) else None
