"""Forget a detector; what it detected stays."""

from dataclasses import dataclass

from pynomaly.application.ports.persistence import Begin
from pynomaly.domain.detector import Detector


@dataclass(frozen=True, slots=True)
class RemoveDetector:
    """Delete a detector with its versions and training runs."""

    begin: Begin

    def __call__(self, *, detector: str) -> Detector:
        """Return what was removed. Raises NotFound."""
        with self.begin() as work:
            found = work.detectors.get(detector)
            work.detectors.remove(found)
            work.commit()
        return found
