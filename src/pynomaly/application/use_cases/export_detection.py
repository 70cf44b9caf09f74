"""Write a stored detection's full result to a file."""

from dataclasses import dataclass
from pathlib import PurePath

from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ResultFiles, ScoreStore
from pynomaly.domain.detection import Detection


@dataclass(frozen=True, slots=True)
class ExportDetection:
    """One line per scored row, in input order."""

    begin_reading: BeginReading
    scores: ScoreStore
    files: ResultFiles

    def __call__(self, *, detection: str, path: PurePath) -> Detection:
        """Return the detection that was written. Raises NotFound, InvalidRequest for an unknown suffix."""
        with self.begin_reading() as work:
            found = work.detections.get(detection)
        self.files.write(self.scores.load(found.scores), path)
        return found
