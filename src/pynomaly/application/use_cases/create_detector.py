"""Name an algorithm and its parameters as a detector."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.drafting import Recipe, draft_of
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.domain.algorithm import ParameterValue
from pynomaly.domain.detector import Detector
from pynomaly.domain.events import DetectorCreated


@dataclass(frozen=True, slots=True)
class CreateDetector:
    """Create a draft detector."""

    catalog: AlgorithmCatalog
    begin: Begin
    clock: Clock
    new_id: NewId

    def __call__(
        self, *, name: str, algorithm: str, parameters: Mapping[str, ParameterValue] | None = None
    ) -> Detector:
        """Return the new draft.

        Raises UnknownAlgorithm, InvalidParameter, ExtraNotInstalled, AlreadyExists, and NotStorable for an
        algorithm whose models cannot be kept.
        """
        recipe = Recipe(algorithm, parameters or {})
        detector = draft_of(recipe, self.catalog, detector_id=self.new_id(), name=name, at=self.clock())
        with self.begin() as work:
            work.detectors.add(detector)
            work.record(DetectorCreated(detector.id, detector.algorithm))
            work.conclude(detector)
            work.commit()
        return detector
