"""Say whether rows of a detection are anomalies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from pynomaly.application.judged_rows import rows_to_judge
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.persistence import Begin, BeginReading
from pynomaly.application.ports.stores import ScoreStore
from pynomaly.domain.detection import Detection
from pynomaly.domain.verdict import Verdict, VerdictAnswer
from pynomaly.domain.verdict_events import VerdictGiven


@dataclass(frozen=True, slots=True)
class GiveVerdict:
    """The last answer on a row stands, whoever gave one before; repeating it changes nothing."""

    begin: Begin
    begin_reading: BeginReading
    asked: Asked
    scores: ScoreStore
    clock: Clock

    @overload
    def __call__(self, *, detection: str, row: int, answer: VerdictAnswer, note: str = "") -> Verdict: ...

    @overload
    def __call__(
        self, *, detection: str, rows: Sequence[int], answer: VerdictAnswer, note: str = ""
    ) -> tuple[Verdict, ...]: ...

    def __call__(
        self,
        *,
        detection: str,
        row: int | None = None,
        rows: Sequence[int] = (),
        answer: VerdictAnswer,
        note: str = "",
    ) -> Verdict | tuple[Verdict, ...]:
        """Return what stands now, each verdict with the one it replaced; of several rows all are judged, or none.

        row, rows: one, or up to 1,000, of which a verdict each is returned in their order.
        Raises NotFound for a detection, rows or scores that are not there, InvalidRequest, CorruptModel.
        """
        with self.begin_reading() as work:
            found = work.detections.get(detection)
        judged = self._judged(found, rows_to_judge(found, row, rows), answer, note)
        with self.begin() as work:
            work.verdicts.hold(found.id)
            before = work.verdicts.given_on(found.id, [one.row for one in judged])
            given = tuple(one.in_place_of(before.get(one.row)) for one in judged)
            changed = [one for one in given if one is not before.get(one.row)]
            if changed:
                work.verdicts.put(changed)
                work.record(VerdictGiven(found.id, tuple(one.row for one in changed), answer.value))
            outcome = given if row is None else given[0]
            work.conclude(outcome)
            work.commit()
        return outcome

    def _judged(self, detection: Detection, rows: Sequence[int], answer: VerdictAnswer, note: str) -> list[Verdict]:
        is_anomaly, at = self.scores.load(detection.scores).is_anomaly, self.clock()
        return [
            Verdict(
                detection_id=detection.id,
                fingerprint=detection.fingerprint,
                row=row,
                is_flagged=bool(is_anomaly[row]),
                answer=answer,
                note=note,
                given_by=self.asked.actor,
                given_at=at,
            )
            for row in rows
        ]
