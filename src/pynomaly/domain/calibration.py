"""What a raw score means against the training reference: p-value, quantile, probability; never against the batch."""

import math
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import BoolVector, FloatVector, IntVector, read_only

SEARCHED_AT_ONCE = 16_384  # 128 KB of each intermediate
FEW_VALUES = 256  # up to here numpy's search, 0.1 µs a value, beats 40 µs of whole-array steps
MIN_LABELS_PER_CLASS = 10  # with fewer, the slope of a logistic fit is mostly noise (Peduzzi et al. 1996: 10 events)


@dataclass(frozen=True, slots=True)
class ProbabilityModel:
    """Probability of being an anomaly as a logistic curve of the score, learned from labelled rows.

    `brier` and `base_rate_brier` are mean squared errors of the probability and of always saying the base
    rate, on the labelled rows' out-of-sample scores.
    Source: Platt (1999), "Probabilistic outputs for support vector machines", with his smoothed targets.
    """

    slope: float
    intercept: float
    n_labels: int
    n_anomalies: int
    brier: float
    base_rate_brier: float

    def probabilities(self, scores: FloatVector) -> FloatVector:
        """Return the probability (n,) for scores (n,)."""
        exponent = np.clip(self.slope * scores + self.intercept, -700.0, 700.0)
        return 1.0 / (1.0 + np.exp(-exponent))


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The frozen references a raw score is held against.

    reference: scores of training rows by models that did not see them (cross-fitted), sorted ascending.
    training: order statistics of the training rows' scores by the final model, sorted ascending.
    """

    reference: FloatVector
    training: FloatVector
    probability: ProbabilityModel | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference", read_only(np.sort(self.reference)))
        object.__setattr__(self, "training", read_only(np.sort(self.training)))

    @property
    def resolution(self) -> float:
        """The smallest p-value this reference can give."""
        return 1.0 / (self.reference.size + 1)

    @property
    def is_rank_only(self) -> bool:
        """Whether rows are compared with the training rows' own scores, since no held-out ones were to be had.

        Then p-values of new rows are too small, and promise nothing.
        """
        return np.array_equal(self.reference, self.training)

    def p_values(self, scores: FloatVector) -> FloatVector:
        """Return conformal p-values (n,): the share of reference rows at least as strange, counting the row itself.

        Valid if the row is exchangeable with the reference rows; ties count against an alarm.
        Source: Bates et al. (2023), "Testing for outliers with conformal p-values", Annals of Statistics, eq. (2).
        """
        n_at_least = self.reference.size - _count_below(self.reference, scores)
        return np.asarray((1.0 + n_at_least) / (self.reference.size + 1.0))

    def probabilities(self, scores: FloatVector) -> FloatVector | None:
        """Return probabilities (n,), or None where no labels taught any."""
        return None if self.probability is None else self.probability.probabilities(scores)

    def training_quantile(self, share: float) -> float:
        """Return the training score below which `share` (0..1) of the training rows lie."""
        return float(self.training[max(math.ceil(self.training.size * share - 1.0), 0)])


def quantile_of(ordered: FloatVector, share: float) -> float:
    """Return the value below which `share` (0..1) of numbers sorted ascending lie, interpolated: numpy's default.

    Three looks at the array instead of a sort, which a decision about one row would spend most of its time on.
    Source: Hyndman and Fan (1996), "Sample quantiles in statistical packages", definition 7.

    >>> quantile_of(np.array([1.0, 2.0, 4.0]), 0.75)
    3.0
    """
    place = share * (ordered.size - 1)
    below = math.floor(place)
    weight = place - below
    low, high = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)])
    return high - (high - low) * (1 - weight) if weight >= 0.5 else low + (high - low) * weight


def learn_probability(scores: FloatVector, labels: BoolVector) -> ProbabilityModel | None:
    """Fit a logistic curve of out-of-sample scores to labels, or return None where it would not help.

    Returns None with fewer than 10 labels in either class, where higher scores are not more often anomalies,
    or where the Brier score is no better than always saying the base rate: an unhelpful probability is withheld.
    scores, labels: (n,).
    """
    n_anomalies = int(labels.sum())
    n_normal = labels.size - n_anomalies
    if min(n_anomalies, n_normal) < MIN_LABELS_PER_CLASS:
        return None
    centre = float(np.median(scores))
    spread = float(np.std(scores)) or 1.0
    targets = np.where(labels, (n_anomalies + 1) / (n_anomalies + 2), 1 / (n_normal + 2))
    slope, intercept = _logistic_fit((scores - centre) / spread, targets)
    model = ProbabilityModel(slope / spread, intercept - slope * centre / spread, labels.size, n_anomalies, 0.0, 0.0)
    base_rate = n_anomalies / labels.size
    brier = float(np.mean((model.probabilities(scores) - labels) ** 2))
    base_rate_brier = base_rate * (1 - base_rate)
    if slope <= 0 or brier >= base_rate_brier:
        return None
    return ProbabilityModel(model.slope, model.intercept, labels.size, n_anomalies, brier, base_rate_brier)


def _count_below(ordered: FloatVector, values: FloatVector) -> IntVector:
    """Return for each value how many of the ordered numbers are smaller: searchsorted, three times as fast for many.

    A binary search without branches, in blocks that stay in a core's cache; the steps are the same for every value.
    """
    if values.size <= FEW_VALUES:
        return np.searchsorted(ordered, values)
    counts = np.zeros(values.shape, dtype=np.intp)
    for start in range(0, values.size, SEARCHED_AT_ONCE):
        block, count = values[start : start + SEARCHED_AT_ONCE], counts[start : start + SEARCHED_AT_ONCE]
        left = ordered.size
        while left > 1:
            step = left // 2
            count += (ordered.take(count + (step - 1)) < block) * step
            left -= step
        count += ordered.take(count) < block
    return counts


def _logistic_fit(x: FloatVector, targets: FloatVector) -> tuple[float, float]:
    """Minimise the cross-entropy of a line in `x` by damped Newton steps; convex, so any start will do."""
    design = np.stack([x, np.ones_like(x)], axis=1)
    beta = np.array([0.0, float(np.log(targets.mean() / (1 - targets.mean())))])
    loss = _cross_entropy(design @ beta, targets)
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -700, 700)))
        gradient = design.T @ (p - targets)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        scale = 1.0
        while (trial := _cross_entropy(design @ (beta - scale * step), targets)) > loss and scale > 1e-8:
            scale /= 2
        beta = beta - scale * step
        if loss - trial < 1e-12 * max(1.0, abs(loss)):
            break
        loss = trial
    return float(beta[0]), float(beta[1])


def _cross_entropy(logits: FloatVector, targets: FloatVector) -> float:
    return float(np.sum(np.logaddexp(0.0, logits) - targets * logits))
