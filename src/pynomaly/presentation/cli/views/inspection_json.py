"""One row in depth as data: the keys that the API has."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.views.findings_json import anomaly_as_json, typical_as_json
from pynomaly.presentation.words.anomaly_words import anomaly_in_words

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.inspection import InspectedCell, Inspection


def inspection_as_json(inspection: "Inspection") -> "dict[str, JsonValue]":
    """Return an inspection; one of `counterfactual` and `no_counterfactual` is null."""
    from pynomaly.domain.inspection import Counterfactual

    found, around = inspection.counterfactual, inspection.around
    return {
        "anomaly": anomaly_as_json(inspection.anomaly) | {"is_anomaly": inspection.anomaly.is_anomaly},
        "sentence": anomaly_in_words(inspection.anomaly, inspection),
        "n_rows": inspection.n_rows,
        "rank": inspection.rank,
        "score_threshold": json_value(inspection.score_threshold),
        "cells": [cell_as_json(cell) for cell in inspection.cells],
        "typical_score": json_value(inspection.typical_score),
        "nearest": [json_value(asdict(near)) for near in around.nearest],
        "n_compared": around.n_compared,
        "n_normal": around.n_normal,
        "similar": [json_value(asdict(similar)) for similar in around.similar],
        "counterfactual": json_value(asdict(found)) if isinstance(found, Counterfactual) else None,
        "no_counterfactual": None if isinstance(found, Counterfactual) else str(found),
    }


def cell_as_json(cell: "InspectedCell") -> "dict[str, JsonValue]":
    """Return one cell beside what is usual."""
    return {
        "column": json_value(cell.column.name),
        "kind": cell.column.kind.value,
        "role": cell.column.role.value,
        "value": json_value(cell.value),
        "typical": typical_as_json(cell.typical),
        "contribution": json_value(cell.contribution),
        "is_new": cell.is_new,
    }
