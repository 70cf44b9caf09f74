"""Datasets: tables a workspace keeps."""

from datetime import datetime
from typing import Any

from pydantic import Field, JsonValue

from pynomaly.application.profiling import ColumnProfile
from pynomaly.application.written_cells import json_value
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.explanation import Typical
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.bounds import ByColumn, Name
from pynomaly.presentation.api.schemas.pages import Answer


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


class ColumnProfileAnswer(ColumnAnswer):
    """A column at a glance; `n_distinct` is null for lists and structs."""

    n_missing: int
    missing_share: float
    n_distinct: int | None
    typical: TypicalAnswer

    @staticmethod
    def of_profile(profile: ColumnProfile) -> "ColumnProfileAnswer":
        """Write a profile."""
        return ColumnProfileAnswer(
            **ColumnAnswer.of(profile.column).model_dump(),
            n_missing=profile.n_missing,
            missing_share=profile.missing_share,
            n_distinct=profile.n_distinct,
            typical=TypicalAnswer.of(profile.typical),
        )


class ProfileAnswer(Answer):
    """Every column at a glance."""

    n_rows: int
    columns: list[ColumnProfileAnswer]


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
