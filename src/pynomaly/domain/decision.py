"""Which rows are called anomalies: policies over stored scores, replayable without refitting."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.arrays import BoolVector, FloatVector, read_only
from pynomaly.domain.calibration import Calibration, quantile_of
from pynomaly.domain.errors import InvalidRequest, PolicyNotAvailable

FENCE_SPREADS = 4.0


@dataclass(frozen=True, slots=True)
class ContaminationRate:
    """The share of training rows believed to be anomalies, above 0 and at most 0.5."""

    value: float

    def __post_init__(self) -> None:
        if not 0.0 < self.value <= 0.5:
            raise InvalidRequest(f"contamination must be above 0 and at most 0.5, not {self.value:g}")


@dataclass(frozen=True, slots=True)
class StandsOut:
    """Flag rows past a fence far above the bulk of the training scores; the default when nothing is known.

    The fence is Q3 + 4 (Q3 - median) of the out-of-sample training scores. It may flag nothing. It is a rule
    of thumb, not a guarantee; docs/decisions/0003 has its measured false-alarm shares.
    Source: Kimber (1990), "Exploratory data analysis for possibly censored data from skewed distributions",
    Applied Statistics 39, with 4 spreads in place of 3.
    """


@dataclass(frozen=True, slots=True)
class ExpectedContamination:
    """Flag rows that score above all but this share of the training rows."""

    rate: ContaminationRate


@dataclass(frozen=True, slots=True)
class ProbabilityThreshold:
    """Flag rows whose calibrated probability of being an anomaly reaches a threshold (0..1)."""

    probability: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability <= 1.0:
            raise InvalidRequest(f"threshold must be between 0 and 1, not {self.probability:g}")


@dataclass(frozen=True, slots=True)
class AlarmBudget:
    """Flag at most so many rows of a batch, the strangest ones; rows tied across the edge are left out.

    Exactly one of `rows` (at least 0) and `share` (0..1 of the batch) is given.
    """

    rows: int | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        if (self.rows is None) == (self.share is None):
            raise InvalidRequest("an alarm budget is a number of rows or a share of the batch, one of them")
        if self.rows is not None and self.rows < 0:
            raise InvalidRequest(f"an alarm budget cannot be negative, not {self.rows}")
        if self.share is not None and not 0.0 <= self.share <= 1.0:
            raise InvalidRequest(f"an alarm budget is at most 100 %, not {100 * self.share:g} %")

    def rows_of(self, n_rows: int) -> int:
        """Return the budget in rows for a batch of n_rows."""
        return self.rows if self.rows is not None else math.floor((self.share or 0.0) * n_rows + 1e-9)


@dataclass(frozen=True, slots=True)
class FalseDiscoveryControl:
    """Flag as many rows as possible while at most this share of the flagged ones is expected to be false.

    Benjamini-Hochberg on conformal p-values: holds on average if the training rows are normal and
    exchangeable with the normal rows of the batch.
    Sources: Benjamini and Hochberg (1995), JRSS-B 57; Bates et al. (2023), Theorem 2.
    """

    rate: float

    def __post_init__(self) -> None:
        if not 0.0 < self.rate < 1.0:
            raise InvalidRequest(f"the accepted share of false alarms lies between 0 and 1, not {self.rate:g}")


@dataclass(frozen=True, slots=True)
class ScoreThreshold:
    """Flag rows that score at least this; a line somebody drew, in the unit of one detector version's scores."""

    score: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.score):
            raise InvalidRequest(f"a score threshold is a finite number, not {self.score:g}")


DecisionPolicy: TypeAlias = (
    StandsOut | ExpectedContamination | ProbabilityThreshold | AlarmBudget | FalseDiscoveryControl | ScoreThreshold
)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """The outcome of a policy on a batch.

    is_anomaly: (n,).  score_threshold: every flagged row scores at least this; None where nothing is flagged
    and the policy sets no fixed line.  notes: what a reader of the result must know.
    """

    policy: DecisionPolicy
    is_anomaly: BoolVector
    score_threshold: float | None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_anomaly", read_only(self.is_anomaly))

    @property
    def n_anomalies(self) -> int:
        """Number of flagged rows."""
        return int(np.count_nonzero(self.is_anomaly))


def decide(policy: DecisionPolicy, scores: AnomalyScores, calibration: Calibration) -> Decision:
    """Apply a policy to a batch of scores held against a training reference.

    Raises PolicyNotAvailable where the model lacks what the policy needs.
    """
    values = scores.values
    match policy:
        case StandsOut():
            fence = fence_above(calibration.reference)
            return Decision(policy, values > fence, fence)
        case ExpectedContamination(rate):
            threshold = calibration.training_quantile(1.0 - rate.value)
            return Decision(policy, values > threshold, threshold)
        case ProbabilityThreshold(probability):
            return _past_probability(policy, probability, values, calibration)
        case FalseDiscoveryControl(rate):
            return _false_discoveries_bounded(policy, rate, values, calibration)
        case AlarmBudget() | ScoreThreshold():
            return decide_alone(policy, scores)


def decide_alone(policy: AlarmBudget | ScoreThreshold, scores: AnomalyScores) -> Decision:
    """Apply a policy that asks nothing of the training rows."""
    match policy:
        case AlarmBudget():
            return _within_budget(policy, scores.values)
        case ScoreThreshold(score):
            return Decision(policy, scores.values >= score, score)


def fence_above(scores: FloatVector) -> float:
    """Return Q3 + 4 (Q3 - median) of scores (n,), sorted ascending.

    Where more than a quarter of the scores are one value the spread is taken from the 90th percentile
    instead (1.9 times as far out for a normal distribution), so a pile of equal rows flags nobody by itself.
    """
    median, upper_quartile, top_tenth = (quantile_of(scores, share) for share in (0.5, 0.75, 0.9))
    spread = upper_quartile - median
    if spread <= 0.0:
        spread = (top_tenth - median) / 1.9
    return upper_quartile + FENCE_SPREADS * spread


def _past_probability(
    policy: ProbabilityThreshold, probability: float, values: FloatVector, calibration: Calibration
) -> Decision:
    probabilities = calibration.probabilities(values)
    if probabilities is None:
        raise PolicyNotAvailable(
            "a threshold is a probability, and this detector gives none: it learned from too few labels or none. "
            "Train it on a dataset with a label column, or decide with --budget, --contamination or --false-alarms."
        )
    is_anomaly = probabilities >= probability
    return Decision(policy, is_anomaly, _lowest(values, is_anomaly))


def _within_budget(policy: AlarmBudget, values: FloatVector) -> Decision:
    budget = min(policy.rows_of(values.size), values.size)
    if budget == 0:
        return Decision(policy, np.zeros(values.size, dtype=bool), None)
    if budget == values.size:
        return Decision(policy, np.ones(values.size, dtype=bool), float(values.min()))
    first_outside = float(np.partition(values, values.size - budget - 1)[values.size - budget - 1])
    is_anomaly = values > first_outside
    n_left_out = int(np.count_nonzero(values == first_outside)) if is_anomaly.sum() < budget else 0
    notes = (f"{n_left_out} rows share the score at the edge of the budget and were left out",) if n_left_out else ()
    return Decision(policy, is_anomaly, _lowest(values, is_anomaly), notes)


def _false_discoveries_bounded(
    policy: FalseDiscoveryControl, rate: float, values: FloatVector, calibration: Calibration
) -> Decision:
    p_values = calibration.p_values(values)
    ordered = np.sort(p_values)
    passing = np.flatnonzero(ordered <= rate * np.arange(1, ordered.size + 1) / max(ordered.size, 1))
    cut = ordered[passing[-1]] if passing.size else 0.0
    is_anomaly = p_values <= cut
    fewest = math.ceil(calibration.resolution * values.size / rate)
    notes: tuple[str, ...] = ()
    if fewest > 1:
        notes = (
            f"with {calibration.reference.size} reference rows an alarm needs {fewest} equally strange rows in this "
            f"batch of {values.size}; more reference rows see finer",
        )
    return Decision(policy, is_anomaly, _lowest(values, is_anomaly), notes)


def _lowest(values: FloatVector, is_anomaly: BoolVector) -> float | None:
    return float(values[is_anomaly].min()) if is_anomaly.any() else None
