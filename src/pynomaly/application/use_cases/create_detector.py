"""Name an algorithm and its parameters as a detector."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.domain.algorithm import ParameterValue
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import NotStorable
from pynomaly.domain.events import DetectorCreated
from pynomaly.domain.identifiers import DetectorId


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
        description = self.catalog.describe(algorithm)
        settings = description.settings(parameters or {})
        if not description.is_storable:
            raise NotStorable(
                f"{description.name} cannot be kept as a detector: {description.not_storable_because}. "
                f"It works in one go: `pynomaly detect DATA --algorithm {description.name}`"
            )
        self.catalog.create(description.name, settings)
        detector = Detector(DetectorId(self.new_id()), name, description.name, settings, self.clock())
        with self.begin() as work:
            work.detectors.add(detector)
            work.record(DetectorCreated(detector.id, detector.algorithm))
            work.conclude(detector)
            work.commit()
        return detector
