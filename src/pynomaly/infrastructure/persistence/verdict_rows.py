"""Verdicts as rows: one for each judged row of a detection, the newest at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select

from pynomaly.domain.identifiers import DetectionId, DetectorId
from pynomaly.domain.verdict import Replaced, Tally, Verdict, VerdictAnswer
from pynomaly.infrastructure.persistence.locks import hold_subject
from pynomaly.infrastructure.persistence.tables import detections
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.verdict_tables import verdicts


@dataclass(frozen=True, slots=True)
class VerdictRows:
    """The verdicts of a workspace within one transaction."""

    transaction: Transaction

    def hold(self, detection_id: DetectionId) -> None:
        """Keep everybody else from judging a detection's rows until this transaction ends."""
        hold_subject(self.transaction, f"verdicts:{self.transaction.tenant_id}:{detection_id}")

    def given_on(self, detection_id: DetectionId, rows: Sequence[int]) -> Mapping[int, Verdict]:
        """Return the verdicts that stand on some rows of a detection, by row."""
        found = self.transaction.read(select(verdicts).where(self._are(detection_id, rows)), _from_row)
        return {verdict.row: verdict for verdict in found}

    def of_rows(self, fingerprint: str) -> Sequence[Verdict]:
        """Return the verdicts given on any detection of the same rows, oldest first."""
        same = select(verdicts).where(self.transaction.own(verdicts), verdicts.c.fingerprint == fingerprint)
        return self.transaction.read(same.order_by(verdicts.c.position), _from_row)

    def put(self, given: Sequence[Verdict]) -> None:
        """Store verdicts on rows of one detection, in place of what stands there. Raises StaleWrite if it is gone."""
        self.remove(given)
        self.transaction.write_all(insert(verdicts), [self._to_row(verdict) for verdict in given])

    def remove(self, given: Sequence[Verdict]) -> None:
        """Forget verdicts on rows of one detection."""
        (detection_id,) = {verdict.detection_id for verdict in given}
        self.transaction.write(delete(verdicts).where(self._are(detection_id, [verdict.row for verdict in given])))

    def tallies(self, since: datetime) -> Mapping[DetectorId, Tally]:
        """Count the answers given since a moment, by detector; a row judged on several detections, its last answer."""
        found: dict[DetectorId, dict[tuple[VerdictAnswer, bool], int]] = {}
        for detector_id, answer, n in self.transaction.read(self._counted(since), _count):
            found.setdefault(detector_id, {})[answer] = n
        return found

    def _counted(self, since: datetime) -> Select[Any]:
        columns = verdicts.c
        one_row = (detections.c.detector_id, columns.fingerprint, columns.row_index)
        last_first = func.row_number().over(partition_by=one_row, order_by=columns.position.desc())
        of_detection = (columns.tenant_id == detections.c.tenant_id) & (columns.detection_id == detections.c.id)
        given = (
            select(detections.c.detector_id, columns.answer, columns.is_flagged, last_first.label("place"))
            .join_from(verdicts, detections, of_detection)
            .where(self.transaction.own(verdicts), columns.given_at >= since)
            .subquery()
        )
        answers = (given.c.detector_id, given.c.answer, given.c.is_flagged)
        return select(*answers, func.count().label("n")).where(given.c.place == 1).group_by(*answers)

    def _are(self, detection_id: DetectionId, rows: Sequence[int]) -> ColumnElement[bool]:
        of_detection = self.transaction.own(verdicts) & (verdicts.c.detection_id == detection_id)
        return of_detection & verdicts.c.row_index.in_(rows)

    def _to_row(self, verdict: Verdict) -> dict[str, Any]:
        replaced = verdict.replaced
        return {
            "tenant_id": self.transaction.tenant_id,
            "detection_id": verdict.detection_id,
            "fingerprint": verdict.fingerprint,
            "row_index": verdict.row,
            "is_flagged": verdict.is_flagged,
            "answer": verdict.answer.value,
            "note": verdict.note,
            "given_by": verdict.given_by,
            "given_at": verdict.given_at,
            "revision": verdict.revision,
            "replaced_answer": None if replaced is None else replaced.answer.value,
            "replaced_by": None if replaced is None else replaced.given_by,
        }


def _from_row(row: Row[Any]) -> Verdict:
    is_first = row.replaced_answer is None
    return Verdict(
        detection_id=DetectionId(row.detection_id),
        fingerprint=row.fingerprint,
        row=row.row_index,
        is_flagged=row.is_flagged,
        answer=VerdictAnswer(row.answer),
        note=row.note,
        given_by=row.given_by,
        given_at=row.given_at,
        revision=row.revision,
        replaced=None if is_first else Replaced(VerdictAnswer(row.replaced_answer), row.replaced_by),
    )


def _count(row: Row[Any]) -> tuple[DetectorId, tuple[VerdictAnswer, bool], int]:
    return DetectorId(row.detector_id), (VerdictAnswer(row.answer), bool(row.is_flagged)), int(row.n)
