"""Write a detector's model to a folder that another workspace can import."""

from dataclasses import dataclass, replace
from pathlib import PurePath

from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ModelFiles, ModelStore
from pynomaly.domain.detector import Detector


@dataclass(frozen=True, slots=True)
class ExportDetector:
    """A model folder with the detector's name in its manifest."""

    begin_reading: BeginReading
    models: ModelStore
    files: ModelFiles

    def __call__(self, *, detector: str, path: PurePath, version: int | None = None) -> Detector:
        """Return the detector that was written. Raises NotFound, NotTrained, AlreadyExists."""
        with self.begin_reading() as work:
            found = work.detectors.get(detector)
        artifact = self.models.load(found.version(version).model)
        self.files.write(replace(artifact, manifest={**artifact.manifest, "detector_name": found.name}), path)
        return found
