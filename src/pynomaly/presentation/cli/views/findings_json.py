"""Findings as data: the same keys in JSON, in JSON lines and, later, over the network."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.views.report import Report

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.decision import DecisionPolicy
    from pynomaly.domain.detection import Anomaly
    from pynomaly.domain.explanation import Reason, Typical


def findings_as_json(report: Report, top: int) -> "dict[str, JsonValue]":
    """Return the whole report; `anomalies` holds the flagged rows, strongest first, at most `top`.

    `least_usual` is there only where nothing was flagged, `evaluation` only where labels were given,
    `detection` only where the result was stored.
    """
    result: dict[str, JsonValue] = {
        "dataset": json_value(report.dataset),
        "detector": json_value(report.detector),
        "decision": dict(policy_as_json(report.policy, report.score_threshold)),
        "n_rows": report.n_rows,
        "n_anomalies": report.n_anomalies,
        "anomalies": [anomaly_as_json(anomaly) for anomaly in report.flagged(top)],
    }
    if report.least_usual is not None:
        result["least_usual"] = anomaly_as_json(report.least_usual)
    if report.evaluation is not None:
        result["evaluation"] = json_value(asdict(report.evaluation))
    if report.detection_id is not None:
        result["detection"] = report.detection_id
    result["notes"] = [json_value(note) for note in report.notes]
    return result


def anomaly_as_json(anomaly: "Anomaly") -> "dict[str, JsonValue]":
    """Return one row; what is unknown is null."""
    return {
        "row": anomaly.row,
        "id": json_value(anomaly.identifier),
        "score": json_value(anomaly.score),
        "severity": json_value(anomaly.severity),
        "p_value": json_value(anomaly.p_value),
        "probability": json_value(anomaly.probability),
        "confidence": json_value(anomaly.confidence),
        "reasons": [_reason(reason) for reason in anomaly.reasons],
    }


def _reason(reason: "Reason") -> "dict[str, JsonValue]":
    return {
        "feature": json_value(reason.feature),
        "contribution": json_value(reason.contribution),
        "value": json_value(reason.value),
        "typical": typical_as_json(reason.typical),
    }


def typical_as_json(typical: "Typical") -> "dict[str, JsonValue]":
    """Return what is usual for a column: median, low and high of numbers, else the most frequent value."""
    if typical.most_frequent is not None:
        return {"most_frequent": json_value(typical.most_frequent), "share": json_value(typical.share)}
    return {
        "median": json_value(typical.median),
        "low": json_value(typical.low),
        "high": json_value(typical.high),
    }


def policy_as_json(policy: "DecisionPolicy", score_threshold: float | None) -> "dict[str, JsonValue]":
    """Return a decision as data: the policy's name, its parameters, and the score line it led to."""
    from pynomaly.domain import decision

    match policy:
        case decision.StandsOut():
            described: dict[str, JsonValue] = {"policy": "stands_out"}
        case decision.ExpectedContamination(rate):
            described = {"policy": "expected_contamination", "rate": rate.value}
        case decision.ProbabilityThreshold(probability):
            described = {"policy": "probability_threshold", "probability": probability}
        case decision.AlarmBudget(rows=None, share=share):
            described = {"policy": "alarm_budget", "share": share}
        case decision.AlarmBudget(rows=rows):
            described = {"policy": "alarm_budget", "rows": rows}
        case decision.FalseDiscoveryControl(rate):
            described = {"policy": "false_discovery_control", "rate": rate}
        case decision.ScoreThreshold(score):
            described = {"policy": "score_threshold", "score": score}
    return {**described, "score_threshold": score_threshold}
