"""Whom a detection found, as JSON and back: the form that stored workspaces rely on.

An explained row is {"row", "identifier", "score", "p_value", "probability", "confidence", "is_anomaly", "reasons",
"severity"}, the last of which rows of earlier versions lack; a reason is {"feature", "contribution", "value",
"typical"}, and `typical` holds what is known of it. Identifiers, values and numbers are cells as `cell_json` writes
them.
"""

from dataclasses import fields
from typing import Any

from pynomaly.domain.detection import Anomaly
from pynomaly.domain.explanation import Reason, Typical
from pynomaly.infrastructure.persistence.cell_json import from_json, to_json


def anomaly_to_json(anomaly: Anomaly) -> dict[str, Any]:
    """Return one explained row in JSON's own types."""
    form = {field.name: to_json(getattr(anomaly, field.name)) for field in fields(anomaly) if field.name != "reasons"}
    return form | {"reasons": [_reason_to_json(reason) for reason in anomaly.reasons]}


def anomaly_from_json(form: dict[str, Any]) -> Anomaly:
    """Return the row that `anomaly_to_json` was given. Raises ValueError, KeyError or TypeError."""
    cells: dict[str, Any] = {name: from_json(cell) for name, cell in form.items() if name != "reasons"}
    return Anomaly(**cells, reasons=tuple(_reason_from_json(reason) for reason in form["reasons"]))


def _reason_to_json(reason: Reason) -> dict[str, Any]:
    known = {field.name: getattr(reason.typical, field.name) for field in fields(reason.typical)}
    return {
        "feature": reason.feature,
        "contribution": to_json(reason.contribution),
        "value": to_json(reason.value),
        "typical": {name: to_json(value) for name, value in known.items() if value is not None},
    }


def _reason_from_json(form: dict[str, Any]) -> Reason:
    typical: dict[str, Any] = {name: from_json(cell) for name, cell in form["typical"].items()}
    contribution: Any = from_json(form["contribution"])
    return Reason(form["feature"], contribution, from_json(form["value"]), Typical(**typical))
