"""Decision policies as sentences and as JSON."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.words.figures import count, score_figure, share_figure

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.decision import DecisionPolicy


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
    return {**described, "score_threshold": score_threshold}


def policy_in_words(policy: "DecisionPolicy", score_threshold: float | None) -> str:
    """Return the sentence that says which rows were flagged and why those."""
    from pynomaly.domain import decision

    past = score_figure(score_threshold)
    here = "" if score_threshold is None else f"; here those scoring {past} or more"
    match policy:
        case decision.StandsOut():
            return f"Decision: rows far above the bulk are flagged, past a score of {past}."
        case decision.ExpectedContamination(rate):
            others = share_figure(rate.value)
            return f"Decision: rows stranger than all but {others} of training are flagged, past a score of {past}."
        case decision.ProbabilityThreshold(probability):
            return f"Decision: rows at least {share_figure(probability)} likely to be anomalies are flagged{here}."
        case decision.AlarmBudget(rows, part):
            most = count(rows) if rows is not None else f"{share_figure(part or 0.0)} of all rows"
            return f"Decision: the strangest rows are flagged, at most {most}{here}."
        case decision.FalseDiscoveryControl(rate):
            return f"Decision: as many rows are flagged as keep false alarms at {share_figure(rate)} of them{here}."
