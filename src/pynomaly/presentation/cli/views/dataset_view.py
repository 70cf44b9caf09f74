"""Datasets, their columns and profiles as rows for people and as data for programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.views.findings_json import typical_as_json
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words, write_list
from pynomaly.presentation.cli.views.shape_view import shape_as_json, shape_in_bars
from pynomaly.presentation.words.cell_text import quoted, shown
from pynomaly.presentation.words.figures import count, share_figure
from pynomaly.presentation.words.findings_words import typical_in_words

if TYPE_CHECKING:
    from pynomaly.application.ports.uses import Uses
    from pynomaly.application.profiling import ColumnProfile
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.columns import Column
    from pynomaly.domain.dataset import Dataset

MAX_NOTE = 200
MOST_NAMED = 5


def dataset_as_json(dataset: "Dataset") -> "dict[str, JsonValue]":
    """Return a dataset as data."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "n_rows": dataset.n_rows,
        "n_columns": len(dataset.columns),
        "label": json_value(dataset.label),
        "source": json_value(dataset.source),
        "fingerprint": dataset.fingerprint,
        "created_at": time_as_json(dataset.created_at),
        "columns": [column_as_json(column) for column in dataset.columns],
    }


def dataset_as_row(dataset: "Dataset") -> list[str]:
    """Return name, rows, columns, label, when it was loaded and from where."""
    label = "–" if dataset.label is None else shown(dataset.label)
    loaded, source = time_in_words(dataset.created_at), shown(dataset.source, max_characters=MAX_NOTE)
    return [shown(dataset.name), count(dataset.n_rows), count(len(dataset.columns)), label, loaded, source]


def uses_as_json(uses: "Uses") -> "dict[str, JsonValue]":
    """Return what came of a dataset as data."""
    return {
        "detectors": [{"id": one.detector_id, "name": one.name} for one in uses.detectors],
        "detections": [
            {
                "id": one.detection_id,
                "detector_id": one.detector_id,
                "detector_name": one.detector,
                "n_rows": one.n_rows,
                "n_anomalies": one.n_anomalies,
                "created_at": time_as_json(one.created_at),
            }
            for one in uses.detections
        ],
    }


def uses_in_words(uses: "Uses") -> str:
    """Return what came of a dataset in a sentence."""
    learned = ", ".join(quoted(one.name) for one in uses.detectors[:MOST_NAMED])
    more = len(uses.detectors) - MOST_NAMED
    by = (
        f"Learned from by {learned}{f' and {more} more' if more > 0 else ''}"
        if learned
        else "No detector learned from it"
    )
    n = len(uses.detections)
    looks = (
        "its rows were not looked at"
        if not n
        else "one detection of its rows"
        if n == 1
        else f"{n} detections of its rows"
    )
    return f"{by}; {looks}."


def write_columns(columns: "Sequence[Column]", form: Format) -> None:
    """Write what each column holds and is used for."""
    write_list(
        form,
        [column_as_json(column) for column in columns],
        [Field("column"), Field("kind"), Field("role"), Field("note")],
        [[*_described(column), shown(column.note, max_characters=MAX_NOTE)] for column in columns],
        when_empty="This table has no columns.",
    )


def column_as_json(column: "Column") -> "dict[str, JsonValue]":
    """Return a column as data."""
    return {
        "name": json_value(column.name),
        "kind": column.kind.value,
        "role": column.role.value,
        "note": json_value(column.note),
    }


def profile_as_json(profile: "ColumnProfile") -> "dict[str, JsonValue]":
    """Return a column's profile as data."""
    return column_as_json(profile.column) | {
        "n_missing": profile.n_missing,
        "missing_share": profile.missing_share,
        "n_distinct": profile.n_distinct,
        "typical": typical_as_json(profile.typical),
        "shape": shape_as_json(profile.shape),
    }


def profile_as_row(profile: "ColumnProfile") -> list[str]:
    """Return name, kind, role, missing share, distinct values, what is usual, its shape, and the note."""
    return [
        *_described(profile.column),
        share_figure(profile.missing_share),
        "–" if profile.n_distinct is None else count(profile.n_distinct),
        typical_in_words(profile.typical),
        shape_in_bars(profile.shape),
        shown(profile.column.note, max_characters=MAX_NOTE),
    ]


def _described(column: "Column") -> list[str]:
    return [shown(column.name), column.kind.value.replace("_", " "), column.role.value]
