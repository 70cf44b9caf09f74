"""Show which rows a decision gets wrong, by labels that lie beside the rows: false alarms and misses."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.known_answers import KnownAnswers
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ScoredRows, ScoreStore
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.arrays import BoolVector
from pynomaly.domain.decision import AlarmBudget, DecisionPolicy, ScoreThreshold, decide_alone
from pynomaly.domain.detection import Detection


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row that was decided otherwise than its label says."""

    row: int
    identifier: object
    score: float
    severity: float | None


@dataclass(frozen=True, slots=True)
class Mistakes:
    """How a decision stands to the labels; rows without one are not counted.

    n_flagged: flagged rows that have a label.  n_found: those of them labelled as anomalies.
    false_alarms, misses: the first of each, strangest first.
    """

    detection: Detection
    policy: DecisionPolicy
    n_labelled: int
    n_anomalies: int
    n_flagged: int
    n_found: int
    false_alarms: tuple[Mistake, ...]
    misses: tuple[Mistake, ...]

    @property
    def n_false_alarms(self) -> int:
        """Flagged rows that are labelled as normal."""
        return self.n_flagged - self.n_found

    @property
    def n_missed(self) -> int:
        """Rows labelled as anomalies that are not flagged."""
        return self.n_anomalies - self.n_found


@dataclass(frozen=True, slots=True)
class FindMistakes:
    """Hold a decision against the rows whose answer is known; nothing is scored again, nothing is stored."""

    begin_reading: BeginReading
    answers: KnownAnswers
    scores: ScoreStore

    def __call__(
        self,
        *,
        detection: str,
        label: str,
        policy: AlarmBudget | ScoreThreshold | None = None,
        limit: int = 10,
        source: object | None = None,
        may_read_sources: bool = True,
    ) -> Mistakes:
        """Return the mistakes of a detection.

        policy: another decision about the same scores; None for the one the detection was stored with.
        limit: rows to show of either kind. Other parameters and errors are those of `KnownAnswers`.
        """
        with self.begin_reading() as work:
            found = work.detections.get(detection)
        labels = self.answers(found, label, source=source, may_read_sources=may_read_sources)
        rows = self.scores.load(found.scores)
        flagged = rows.is_anomaly if policy is None else decide_alone(policy, AnomalyScores(rows.scores)).is_anomaly
        is_anomaly, is_normal = labels.is_known & labels.is_anomaly, labels.is_known & ~labels.is_anomaly
        return Mistakes(
            detection=found,
            policy=policy or found.policy,
            n_labelled=int(np.count_nonzero(labels.is_known)),
            n_anomalies=int(np.count_nonzero(is_anomaly)),
            n_flagged=int(np.count_nonzero(labels.is_known & flagged)),
            n_found=int(np.count_nonzero(is_anomaly & flagged)),
            false_alarms=_strangest(rows, is_normal & flagged, limit),
            misses=_strangest(rows, is_anomaly & ~flagged, limit),
        )


def _strangest(rows: ScoredRows, among: BoolVector, limit: int) -> tuple[Mistake, ...]:
    places = np.flatnonzero(among)
    chosen = places[[score.row for score in AnomalyScores(rows.scores[places]).strangest(limit)]]
    return tuple(
        Mistake(
            row=row,
            identifier=None if rows.identifiers is None else rows.identifiers[row],
            score=float(rows.scores[row]),
            severity=None if rows.severities is None else float(rows.severities[row]),
        )
        for row in chosen.tolist()
    )
