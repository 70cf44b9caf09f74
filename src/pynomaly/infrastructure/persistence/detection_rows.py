"""Detections as rows; policy, explained rows and notes are stored as JSON (see `detection_json`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, insert, select

from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import NotFound
from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId, ScoresDigest
from pynomaly.infrastructure.persistence.detection_json import (
    anomaly_from_json,
    anomaly_to_json,
    policy_from_json,
    policy_to_json,
)
from pynomaly.infrastructure.persistence.lookup import id_of_nameless
from pynomaly.infrastructure.persistence.tables import detections
from pynomaly.infrastructure.persistence.transaction import Transaction

NEWEST = "last"


@dataclass(frozen=True, slots=True)
class DetectionRows:
    """The detections within one transaction."""

    transaction: Transaction

    def add(self, detection: Detection) -> None:
        """Store a new detection."""
        self.transaction.write(insert(detections).values(_to_row(detection)))

    def get(self, detection_id: str) -> Detection:
        """Return a detection by id or id prefix; `last` means the newest. Raises NotFound, InvalidRequest."""
        if detection_id == NEWEST:
            return self._newest()
        found = id_of_nameless(self.transaction, detections, detection_id, noun="detection")
        return self._read(select(detections).where(detections.c.id == found))[0]

    def all(self) -> Sequence[Detection]:
        """Return every detection, newest first."""
        return self._read(_newest_first())

    def _newest(self) -> Detection:
        newest = self._read(_newest_first().limit(1))
        if not newest:
            raise NotFound("there is no detection yet; `pynomaly detect` makes one")
        return newest[0]

    def _read(self, query: Select[Any]) -> list[Detection]:
        return self.transaction.read(query, _from_row)


def _newest_first() -> Select[Any]:
    return select(detections).order_by(detections.c.created_at.desc(), detections.c.position.desc())


def _to_row(detection: Detection) -> dict[str, Any]:
    return {
        "id": detection.id,
        "detector_id": detection.detector_id,
        "detector_version": detection.detector_version,
        "dataset_id": detection.dataset_id,
        "source": detection.source,
        "fingerprint": detection.fingerprint,
        "policy": policy_to_json(detection.policy),
        "score_threshold": detection.score_threshold,
        "n_rows": detection.n_rows,
        "n_anomalies": detection.n_anomalies,
        "strangest": [anomaly_to_json(anomaly) for anomaly in detection.strangest],
        "notes": list(detection.notes),
        "scores": detection.scores,
        "created_at": detection.created_at,
    }


def _from_row(row: Row[Any]) -> Detection:
    return Detection(
        id=DetectionId(row.id),
        detector_id=DetectorId(row.detector_id),
        detector_version=row.detector_version,
        dataset_id=None if row.dataset_id is None else DatasetId(row.dataset_id),
        source=row.source,
        fingerprint=row.fingerprint,
        policy=policy_from_json(row.policy),
        score_threshold=row.score_threshold,
        n_rows=row.n_rows,
        n_anomalies=row.n_anomalies,
        strangest=tuple(anomaly_from_json(form) for form in row.strangest),
        notes=tuple(row.notes),
        scores=ScoresDigest(row.scores),
        created_at=row.created_at,
    )
