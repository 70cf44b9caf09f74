"""What happened to verdicts. Notes are people's own words, and stay out of a log that forgets nothing."""

from dataclasses import dataclass

from pynomaly.domain.identifiers import DetectionId


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """Somebody said whether rows of a detection are anomalies, in place of what was said of them before.

    rows: their places in the dataset; nothing of what stands in them.
    """

    detection_id: DetectionId
    rows: tuple[int, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class VerdictTakenBack:
    """Somebody took back what had been said of rows; they are unjudged again."""

    detection_id: DetectionId
    rows: tuple[int, ...]
