"""A verdict: what somebody answers to "is this row an anomaly?", and what the answers say of the flags."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from pynomaly.domain.arrays import BoolVector
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.estimated_share import EstimatedShare, estimated_share
from pynomaly.domain.identifiers import DetectionId, DetectorId

MOST_ROWS = 1000
"""So many rows are judged at once."""
LONGEST_NOTE = 500


class VerdictAnswer(StrEnum):
    """What can be said of a row."""

    CONFIRMED = "confirmed"
    """An anomaly, and worth acting on."""
    EXPECTED = "expected"
    """An anomaly with a known, harmless reason: rightly found, nothing to do."""
    FALSE_ALARM = "false_alarm"
    """No anomaly."""
    NEW_NORMAL = "new_normal"
    """Unusual until now; from now on such rows are normal."""
    NOT_SURE = "not_sure"
    """Looked at, and still open."""


WRONG = frozenset({VerdictAnswer.FALSE_ALARM, VerdictAnswer.NEW_NORMAL})
"""Answers that call a flag wrong."""
DECISIVE = WRONG | {VerdictAnswer.CONFIRMED}
"""Answers that call a flag right or wrong."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The answer that a verdict took the place of, and whose it was."""

    answer: VerdictAnswer
    given_by: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer that stands for one row of a detection.

    fingerprint: of the rows that were scored, by which the same row is known again in other detections.
    is_flagged: whether the detection had flagged the row.  given_by: as the audit log names people and programs.
    revision: how often the answer was changed.  replaced: by the last change, None for a first answer.
    """

    detection_id: DetectionId
    fingerprint: str
    row: int
    is_flagged: bool
    answer: VerdictAnswer
    note: str
    given_by: str
    given_at: datetime
    revision: int = 0
    replaced: Replaced | None = None

    def __post_init__(self) -> None:
        if len(self.note) > LONGEST_NOTE or "\0" in self.note:
            raise InvalidRequest(f"a note has at most {LONGEST_NOTE} characters, none of them NUL")

    def in_place_of(self, before: "Verdict | None") -> "Verdict":
        """Return the verdict as it follows an earlier one on its row: that very one, if the same person repeats it."""
        if before is None:
            return self
        if (self.answer, self.note, self.given_by) == (before.answer, before.note, before.given_by):
            return before
        return replace(self, revision=before.revision + 1, replaced=Replaced(before.answer, before.given_by))


Tally: TypeAlias = Mapping[tuple[VerdictAnswer, bool], int]
"""How many rows got an answer, those that were flagged (True) and those that were not counted apart."""


@dataclass(frozen=True, slots=True)
class VerdictSummary:
    """What the rows that were judged say of the flags.

    n_judged, n_by_answer: all judged rows, flagged or not; every answer is there.
    n_decisive: flagged rows whose flag was called right (confirmed) or wrong (false_alarm, new_normal).  Expected rows
    were rightly found and need nothing done: they stand apart, and neither help nor harm.  Not sure says nothing.
    false_alarm_share: n_false_alarms of n_decisive; None where there is none.

    Judged rows are no random sample: people choose them, and look at the strangest first. The share holds for them;
    its interval tells how far chance may be off, not how far their choice is.
    """

    n_judged: int
    n_by_answer: Mapping[VerdictAnswer, int]
    n_decisive: int
    n_false_alarms: int
    false_alarm_share: EstimatedShare | None


def summary_of(tally: Tally) -> VerdictSummary:
    """Return what counted answers say of the flags."""
    of_answer = {one: tally.get((one, True), 0) + tally.get((one, False), 0) for one in VerdictAnswer}
    n_decisive = sum(tally.get((one, True), 0) for one in DECISIVE)
    n_wrong = sum(tally.get((one, True), 0) for one in WRONG)
    return VerdictSummary(sum(of_answer.values()), of_answer, n_decisive, n_wrong, estimated_share(n_wrong, n_decisive))


@dataclass(frozen=True, slots=True)
class DetectionVerdicts:
    """What is known of a detection's rows.

    by_row: in the order of the rows.  A verdict whose `detection_id` is another was given there, on the same row.
    summary: of all of them, held against what this detection flagged.
    """

    detection_id: DetectionId
    by_row: Mapping[int, Verdict]
    summary: VerdictSummary

    def is_from_elsewhere(self, row: int) -> bool:
        """Whether the verdict on a row was given on another detection of the same rows."""
        return self.by_row[row].detection_id != self.detection_id


def known_verdicts(detection_id: DetectionId, given: Iterable[Verdict], is_anomaly: BoolVector) -> DetectionVerdicts:
    """Return what is known of a detection's rows: the verdict given on it, else the last one given on the same row.

    given: on any detection of the same rows, oldest first.  is_anomaly: what this detection flagged, (n,).
    """
    standing: dict[int, Verdict] = {}
    for verdict in sorted(given, key=lambda one: one.detection_id == detection_id):
        standing[verdict.row] = verdict
    by_row = dict(sorted(standing.items()))
    tally = Counter((verdict.answer, bool(is_anomaly[row])) for row, verdict in by_row.items())
    return DetectionVerdicts(detection_id, by_row, summary_of(tally))


@dataclass(frozen=True, slots=True)
class DetectorVerdicts:
    """What people said of a detector's findings; the detector itself may be gone."""

    detector_id: DetectorId
    summary: VerdictSummary
