"""Detections as rows; policy, explained rows and notes are stored as JSON (see `detection_json`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, insert, select

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.written_policies import policy_from_json, policy_to_json
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import NotFound
from pynomaly.domain.identifiers import DatasetId, DetectionId, DetectorId, ScoresDigest
from pynomaly.infrastructure.persistence.detection_json import anomaly_from_json, anomaly_to_json
from pynomaly.infrastructure.persistence.lookup import id_of_nameless, one_of
from pynomaly.infrastructure.persistence.tables import detections
from pynomaly.infrastructure.persistence.transaction import Transaction

NEWEST = "last"


@dataclass(frozen=True, slots=True)
class DetectionRows:
    """The detections within one transaction."""

    transaction: Transaction

    def add(self, detection: Detection) -> None:
        """Store a new detection."""
        self.transaction.write(insert(detections).values(self._to_row(detection)))

    def get(self, detection_id: str) -> Detection:
        """Return a detection by id or id prefix; `last` means the newest. Raises NotFound, InvalidRequest."""
        if detection_id == NEWEST:
            return self._newest()
        found = id_of_nameless(self.transaction, detections, detection_id, noun="detection")
        return one_of(self.transaction.read(self._own().where(detections.c.id == found), _from_row), "detection")

    def all(self) -> Sequence[Detection]:
        """Return every detection, newest first."""
        return self.transaction.read(self._newest_first(), _from_row)

    def page(self, piece: Piece, *, detector_id: str | None = None) -> Page[Detection]:
        """Return a piece of the list, of one detector if its id is given."""
        conditions = () if detector_id is None else (detections.c.detector_id == detector_id,)
        return self.transaction.page(detections, piece, _from_row, *conditions)

    def scores(self) -> set[ScoresDigest]:
        """Return the digests of all results that detections refer to."""
        query = select(detections.c.scores).where(self.transaction.own(detections))
        return set(self.transaction.read(query, lambda row: ScoresDigest(row.scores)))

    def _newest(self) -> Detection:
        newest = self.transaction.read(self._newest_first().limit(1), _from_row)
        if not newest:
            raise NotFound("there is no detection yet; `pynomaly detect` makes one")
        return newest[0]

    def _own(self) -> Select[Any]:
        return select(detections).where(self.transaction.own(detections))

    def _newest_first(self) -> Select[Any]:
        return self._own().order_by(detections.c.created_at.desc(), detections.c.position.desc())

    def _to_row(self, detection: Detection) -> dict[str, Any]:
        return {
            "tenant_id": self.transaction.tenant_id,
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
            "severity": _highest_severity(detection),
        }


def _highest_severity(detection: Detection) -> float | None:
    """Return the highest severity of a flagged row; severity grows with the score, and the strangest are told of."""
    known = [one.severity for one in detection.strangest if one.is_anomaly and one.severity is not None]
    return max(known, default=None)


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
