"""What a detection was decided by and whom it found, as JSON and back: the form that stored workspaces rely on.

A policy is one of
{"kind": "stands_out"}
{"kind": "expected_contamination", "rate": 0.01}
{"kind": "probability_threshold", "probability": 0.5}
{"kind": "alarm_budget", "rows": 10} or {"kind": "alarm_budget", "share": 0.001}
{"kind": "false_discovery_control", "rate": 0.1}

An explained row is {"row", "identifier", "score", "p_value", "probability", "confidence", "is_anomaly", "reasons"}; a
reason is {"feature", "contribution", "value", "typical"}, and `typical` holds what is known of it. Identifiers,
values and numbers are cells as `cell_json` writes them.
"""

from dataclasses import fields
from typing import Any

from pynomaly.domain.decision import (
    AlarmBudget,
    ContaminationRate,
    DecisionPolicy,
    ExpectedContamination,
    FalseDiscoveryControl,
    ProbabilityThreshold,
    StandsOut,
)
from pynomaly.domain.detection import Anomaly
from pynomaly.domain.explanation import Reason, Typical
from pynomaly.infrastructure.persistence.cell_json import from_json, to_json


def policy_to_json(policy: DecisionPolicy) -> dict[str, Any]:
    """Return a policy in JSON's own types."""
    match policy:
        case StandsOut():
            return {"kind": "stands_out"}
        case ExpectedContamination(rate):
            return {"kind": "expected_contamination", "rate": rate.value}
        case ProbabilityThreshold(probability):
            return {"kind": "probability_threshold", "probability": probability}
        case AlarmBudget(rows=None):
            return {"kind": "alarm_budget", "share": policy.share}
        case AlarmBudget():
            return {"kind": "alarm_budget", "rows": policy.rows}
        case FalseDiscoveryControl(rate):
            return {"kind": "false_discovery_control", "rate": rate}


def policy_from_json(form: dict[str, Any]) -> DecisionPolicy:
    """Return the policy that `policy_to_json` was given. Raises ValueError, KeyError or InvalidRequest."""
    match form["kind"]:
        case "stands_out":
            return StandsOut()
        case "expected_contamination":
            return ExpectedContamination(ContaminationRate(form["rate"]))
        case "probability_threshold":
            return ProbabilityThreshold(form["probability"])
        case "alarm_budget":
            return AlarmBudget(rows=form.get("rows"), share=form.get("share"))
        case "false_discovery_control":
            return FalseDiscoveryControl(form["rate"])
        case kind:
            raise ValueError(f"unknown decision policy {kind!r}")


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
