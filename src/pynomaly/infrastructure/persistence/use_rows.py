"""From datasets to what was made with them, in one statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from pynomaly.application.ports.uses import Learned, LookedAt, Uses
from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId
from pynomaly.infrastructure.persistence.tables import detections, detector_versions, detectors
from pynomaly.infrastructure.persistence.transaction import Transaction

_LEARNED = detectors.join(detector_versions, detectors.c.id == detector_versions.c.detector_id)
_LOOKED_AT = detections.outerjoin(
    detectors, (detectors.c.id == detections.c.detector_id) & (detectors.c.tenant_id == detections.c.tenant_id)
)


@dataclass(frozen=True, slots=True)
class DatasetUseRows:
    """What came of the datasets of one workspace."""

    transaction: Transaction

    def n_detectors(self, dataset_ids: Sequence[DatasetId]) -> Mapping[DatasetId, int]:
        """Return how many detectors learned from each dataset; those that none did are left out."""
        dataset = detector_versions.c.dataset_id
        counted = (
            select(dataset, func.count(detectors.c.id.distinct()).label("n"))
            .select_from(_LEARNED)
            .where(self.transaction.own(detectors), dataset.in_(dataset_ids))
            .group_by(dataset)
        )
        return dict(self.transaction.read(counted, lambda row: (DatasetId(row.dataset_id), int(row.n))))

    def of(self, dataset_id: DatasetId, *, limit: int) -> Uses:
        """Return what came of a dataset, at most `limit` of each kind, newest first."""
        return Uses(self._detectors(dataset_id, limit), self._detections(dataset_id, limit))

    def _detectors(self, dataset_id: DatasetId, limit: int) -> list[Learned]:
        learned = (
            select(detectors.c.id, detectors.c.name)
            .select_from(_LEARNED)
            .where(self.transaction.own(detectors), detector_versions.c.dataset_id == dataset_id)
            .group_by(detectors.c.id, detectors.c.name)
            .order_by(func.max(detector_versions.c.trained_at).desc(), detectors.c.id)
            .limit(limit)
        )
        return self.transaction.read(learned, lambda row: Learned(DetectorId(row.id), row.name))

    def _detections(self, dataset_id: DatasetId, limit: int) -> list[LookedAt]:
        told = (detections.c.id, detections.c.detector_id, detections.c.n_rows, detections.c.n_anomalies)
        looked_at = (
            select(*told, detections.c.created_at, detectors.c.name)
            .select_from(_LOOKED_AT)
            .where(self.transaction.own(detections), detections.c.dataset_id == dataset_id)
            .order_by(detections.c.position.desc())
            .limit(limit)
        )
        return self.transaction.read(looked_at, _looked_at)


def _looked_at(row: Row[Any]) -> LookedAt:
    return LookedAt(
        detection_id=DetectionId(row.id),
        detector_id=DetectorId(row.detector_id),
        detector=row.name,
        n_rows=row.n_rows,
        n_anomalies=row.n_anomalies,
        created_at=row.created_at,
    )
