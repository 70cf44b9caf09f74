import json

import pytest

from pynomaly.application.written_policies import policy_from_json, policy_to_json
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

STORED = {
    StandsOut(): {"kind": "stands_out"},
    ExpectedContamination(ContaminationRate(0.01)): {"kind": "expected_contamination", "rate": 0.01},
    ProbabilityThreshold(0.5): {"kind": "probability_threshold", "probability": 0.5},
    AlarmBudget(rows=0): {"kind": "alarm_budget", "rows": 0},
    AlarmBudget(share=0.0): {"kind": "alarm_budget", "share": 0.0},
    FalseDiscoveryControl(0.1): {"kind": "false_discovery_control", "rate": 0.1},
    ScoreThreshold(0.62): {"kind": "score_threshold", "score": 0.62},
}


def test_every_policy_there_is_has_a_stored_form() -> None:
    assert {type(policy) for policy in STORED} == set(DecisionPolicy.__args__)


@pytest.mark.parametrize("policy", STORED)
def test_a_policy_is_stored_in_its_documented_form_and_comes_back(policy: DecisionPolicy) -> None:
    form = policy_to_json(policy)
    assert form == STORED[policy]
    assert policy_from_json(json.loads(json.dumps(form))) == policy


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="coin_toss"):
        policy_from_json({"kind": "coin_toss"})
