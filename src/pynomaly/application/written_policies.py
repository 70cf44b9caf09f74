"""How a decision policy is written for files, databases and the network, and read back.

{"kind": "stands_out"}
{"kind": "expected_contamination", "rate": 0.01}
{"kind": "probability_threshold", "probability": 0.5}
{"kind": "alarm_budget", "rows": 10} or {"kind": "alarm_budget", "share": 0.001}
{"kind": "false_discovery_control", "rate": 0.1}
{"kind": "score_threshold", "score": 0.62}
"""

from typing import Any

from pynomaly.domain.decision import (
    AlarmBudget,
    ContaminationRate,
    DecisionPolicy,
    ExpectedContamination,
    FalseDiscoveryControl,
    ProbabilityThreshold,
    ScoreThreshold,
    StandsOut,
)


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
        case ScoreThreshold(score):
            return {"kind": "score_threshold", "score": score}


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
        case "score_threshold":
            return ScoreThreshold(form["score"])
        case kind:
            raise ValueError(f"unknown decision policy {kind!r}")
