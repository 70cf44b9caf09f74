import numpy as np
import pytest

from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.calibration import Calibration, ProbabilityModel
from pynomaly.domain.decision import (
    AlarmBudget,
    ContaminationRate,
    ExpectedContamination,
    FalseDiscoveryControl,
    ProbabilityThreshold,
    ScoreThreshold,
    StandsOut,
    decide,
    decide_alone,
    fence_above,
)
from pynomaly.domain.errors import InvalidRequest, PolicyNotAvailable

RNG = np.random.default_rng(0)
REFERENCE = RNG.normal(size=2000)
CALIBRATION = Calibration(reference=REFERENCE, training=REFERENCE)


def flagged(policy, values, calibration=CALIBRATION):
    return np.flatnonzero(decide(policy, AnomalyScores(np.asarray(values, float)), calibration).is_anomaly).tolist()


def test_the_fence_follows_its_formula():
    scores = np.arange(101.0)  # median 50, upper quartile 75
    assert fence_above(scores) == 75 + 4 * 25


def test_a_batch_of_ordinary_rows_raises_no_alarm_and_a_far_row_raises_one():
    assert flagged(StandsOut(), RNG.normal(size=500)) == []
    assert flagged(StandsOut(), [0.0, 50.0, 1.0]) == [1]


def test_a_pile_of_equal_training_scores_does_not_put_the_fence_on_the_pile():
    piled = np.concatenate([np.zeros(850), np.linspace(0.1, 1, 150)])
    calibration = Calibration(reference=piled, training=piled)
    assert flagged(StandsOut(), [0.0, 0.1, 9.0], calibration) == [2]


def test_a_decision_depends_on_the_training_rows_and_never_on_the_batch():
    alone = flagged(StandsOut(), [5.0])
    beside_stranger_rows = flagged(StandsOut(), [5.0, *np.full(1000, 1e6)])
    assert (0 in alone) == (0 in beside_stranger_rows)


def test_expected_contamination_flags_that_share_of_the_training_rows():
    assert len(flagged(ExpectedContamination(ContaminationRate(0.05)), REFERENCE)) == 100


@pytest.mark.parametrize("rate", [0.0, -0.1, 0.51, float("nan")])
def test_an_impossible_contamination_is_refused(rate):
    with pytest.raises(InvalidRequest, match="contamination"):
        ContaminationRate(rate)


@pytest.mark.parametrize(("budget", "expected"), [(AlarmBudget(rows=2), [1, 3]), (AlarmBudget(share=0.25), [3])])
def test_a_budget_takes_the_strangest_rows(budget, expected):
    assert flagged(budget, [1.0, 3.0, 2.0, 4.0]) == expected


def test_rows_tied_across_the_edge_of_a_budget_are_left_out_and_counted():
    decision = decide(AlarmBudget(rows=2), AnomalyScores(np.array([5.0, 3.0, 3.0, 1.0])), CALIBRATION)
    assert decision.is_anomaly.tolist() == [True, False, False, False]
    assert "2 rows share the score" in decision.notes[0]


@pytest.mark.parametrize("rows", [0, 3, 99])
def test_a_budget_is_never_exceeded(rows):
    assert len(flagged(AlarmBudget(rows=rows), [1.0, 2.0, 3.0])) == min(rows, 3)


@pytest.mark.parametrize("arguments", [{}, {"rows": 1, "share": 0.1}, {"rows": -1}, {"share": 1.5}])
def test_an_impossible_budget_is_refused(arguments):
    with pytest.raises(InvalidRequest, match="budget"):
        AlarmBudget(**arguments)


def test_a_score_threshold_flags_rows_from_the_line_on_and_is_the_line():
    decision = decide(ScoreThreshold(2.0), AnomalyScores(np.array([1.0, 2.0, 3.0])), CALIBRATION)
    assert decision.is_anomaly.tolist() == [False, True, True]
    assert decision.score_threshold == 2.0
    nothing = decide_alone(ScoreThreshold(9.0), AnomalyScores(np.array([1.0, 2.0])))
    assert (nothing.n_anomalies, nothing.score_threshold) == (0, 9.0)


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -float("inf")])
def test_an_impossible_score_threshold_is_refused(score):
    with pytest.raises(InvalidRequest, match="finite"):
        ScoreThreshold(score)


def test_a_threshold_needs_probabilities():
    with pytest.raises(PolicyNotAvailable, match="--budget"):
        decide(ProbabilityThreshold(0.5), AnomalyScores(np.array([1.0])), CALIBRATION)


def test_a_threshold_is_held_against_the_probability():
    calibration = Calibration(
        reference=REFERENCE, training=REFERENCE, probability=ProbabilityModel(1.0, 0.0, 100, 50, 0.1, 0.25)
    )
    assert flagged(ProbabilityThreshold(0.5), [-0.1, 0.0, 0.1], calibration) == [1, 2]


def test_false_discoveries_stay_below_the_accepted_share_on_average():
    """Monte Carlo over batches and references: 5 % true anomalies far out, accepted share 0.1."""
    rng = np.random.default_rng(1)
    shares, powers = [], []
    for _ in range(200):
        reference = rng.normal(size=2000)
        batch = np.concatenate([rng.normal(size=190), rng.normal(6.0, size=10)])
        calibration = Calibration(reference=reference, training=reference)
        alarms = decide(FalseDiscoveryControl(0.1), AnomalyScores(batch), calibration).is_anomaly
        shares.append(alarms[:190].sum() / max(alarms.sum(), 1))
        powers.append(alarms[190:].mean())
    assert np.mean(shares) < 0.1
    assert np.mean(powers) > 0.9


def test_a_coarse_reference_is_said_to_be_coarse():
    calibration = Calibration(reference=np.arange(20.0), training=np.arange(20.0))
    decision = decide(FalseDiscoveryControl(0.1), AnomalyScores(np.zeros(100)), calibration)
    assert "20 reference rows" in decision.notes[0]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 1000])
def test_the_default_line_is_drawn_at_the_quantiles_that_numpy_gives(n):
    scores = np.sort(RNG.lognormal(size=n))
    median, upper_quartile, top_tenth = np.quantile(scores, [0.5, 0.75, 0.9])
    spread = (upper_quartile - median) or (top_tenth - median) / 1.9
    assert fence_above(scores) == upper_quartile + 4 * spread
