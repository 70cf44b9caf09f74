"""Delete files that nothing in the workspace refers to any more."""

from dataclasses import dataclass

from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ModelStore, ScoreStore, TableStore

GRACE_SECONDS = 24 * 3600.0  # between writing a file and storing what refers to it lie seconds


@dataclass(frozen=True, slots=True)
class DiscardUnusedFiles:
    """Files are written before what refers to them is stored, and outlive it: a crash leaves one too many, never none.

    The stores spare what was taken into use within the grace, so whoever is about to refer to a file still finds it.
    """

    begin_reading: BeginReading
    tables: TableStore
    models: ModelStore
    scores: ScoreStore

    def __call__(self, *, grace_seconds: float = GRACE_SECONDS) -> int:
        """Return how many tables, models and results were deleted. Raises UnreadableFile, Unavailable."""
        with self.begin_reading() as work:
            rows, models, scores = work.datasets.fingerprints(), work.detectors.models(), work.detections.scores()
        return (
            self.tables.discard_unused(rows, older_than_seconds=grace_seconds)
            + self.models.discard_unused(models, older_than_seconds=grace_seconds)
            + self.scores.discard_unused(scores, older_than_seconds=grace_seconds)
        )
