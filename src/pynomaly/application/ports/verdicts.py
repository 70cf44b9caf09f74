"""Verdicts as they are stored: one per row of a detection, found again by the content of the rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pynomaly.domain.identifiers import DetectionId, DetectorId
from pynomaly.domain.verdict import Tally, Verdict


class Verdicts(Protocol):
    """The verdicts of a workspace."""

    def hold(self, detection_id: DetectionId) -> None:
        """Keep everybody else from judging a detection's rows until this transaction ends."""
        ...

    def given_on(self, detection_id: DetectionId, rows: Sequence[int]) -> Mapping[int, Verdict]:
        """Return the verdicts that stand on some rows of a detection, by row."""
        ...

    def of_rows(self, fingerprint: str) -> Sequence[Verdict]:
        """Return the verdicts given on any detection of the same rows, oldest first."""
        ...

    def put(self, verdicts: Sequence[Verdict]) -> None:
        """Store verdicts on rows of one detection, in place of what stands there."""
        ...

    def remove(self, verdicts: Sequence[Verdict]) -> None:
        """Forget verdicts on rows of one detection."""
        ...

    def tallies(self, since: datetime) -> Mapping[DetectorId, Tally]:
        """Count the answers given since a moment, by detector; a row judged on several detections, its last answer."""
        ...
