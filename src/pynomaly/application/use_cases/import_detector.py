"""Take a model folder into the workspace as a ready detector."""

from dataclasses import dataclass
from pathlib import PurePath

from pynomaly.application.model_artifact import from_artifact
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.stores import ModelFiles, ModelStore
from pynomaly.application.ports.tables import Preparer
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.events import DetectorCreated, DetectorTrained
from pynomaly.domain.identifiers import DetectorId


@dataclass(frozen=True, slots=True)
class ImportDetector:
    """Validate a model completely, then keep it."""

    begin: Begin
    models: ModelStore
    files: ModelFiles
    catalog: AlgorithmCatalog
    preparer: Preparer
    clock: Clock
    new_id: NewId

    def __call__(self, *, path: PurePath, name: str | None = None) -> Detector:
        """Return the new detector, its first version live. Raises NotFound, CorruptModel, AlreadyExists."""
        artifact = self.files.read(path)
        model = from_artifact(artifact, self.catalog, self.preparer)
        chosen = name or artifact.manifest.get("detector_name")
        if not isinstance(chosen, str):
            raise InvalidRequest("the model file names no detector; choose a name with --name")
        draft = Detector(DetectorId(self.new_id()), chosen, model.algorithm, model.parameters, self.clock())
        digest = self.models.save(artifact)
        ready = draft.with_version(DetectorVersion(1, digest, None, model.n_training_rows, self.clock()))
        with self.begin() as work:
            work.detectors.add(ready)
            work.record(DetectorCreated(ready.id, ready.algorithm))
            work.record(DetectorTrained(ready.id, 1))
            work.conclude(ready)
            work.commit()
        return ready
