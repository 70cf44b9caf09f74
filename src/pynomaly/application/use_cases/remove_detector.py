"""Forget a detector; what it detected stays."""

from dataclasses import dataclass

from pynomaly.application.ports.persistence import Begin
from pynomaly.application.revisions import require_revision
from pynomaly.domain.detector import Detector
from pynomaly.domain.events import DetectorRemoved


@dataclass(frozen=True, slots=True)
class RemoveDetector:
    """Delete a detector with its versions and training runs."""

    begin: Begin

    def __call__(self, *, detector: str, revision: int | None = None) -> Detector:
        """Return what was removed.

        revision: the one the caller last saw.  Raises NotFound, StaleWrite if it is another by now.
        """
        with self.begin() as work:
            found = work.detectors.get(detector)
            require_revision(found, revision)
            work.detectors.remove(found)
            work.record(DetectorRemoved(found.id))
            work.conclude(found)
            work.commit()
        return found
