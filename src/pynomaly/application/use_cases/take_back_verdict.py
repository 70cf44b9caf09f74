"""Take back what was said of rows of a detection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from pynomaly.application.judged_rows import rows_to_judge
from pynomaly.application.ports.persistence import Begin
from pynomaly.domain.errors import NotFound
from pynomaly.domain.verdict import Verdict
from pynomaly.domain.verdict_events import VerdictTakenBack


@dataclass(frozen=True, slots=True)
class TakeBackVerdict:
    """The rows are unjudged again; what was said, but for notes, stays in the audit log."""

    begin: Begin

    @overload
    def __call__(self, *, detection: str, row: int) -> Verdict: ...

    @overload
    def __call__(self, *, detection: str, rows: Sequence[int]) -> tuple[Verdict, ...]: ...

    def __call__(
        self, *, detection: str, row: int | None = None, rows: Sequence[int] = ()
    ) -> Verdict | tuple[Verdict, ...]:
        """Return what was taken back; of several rows all are, or none.

        row, rows: one, or up to 1,000.  Raises NotFound, also for a row that was not judged on this detection, and
        InvalidRequest.
        """
        with self.begin() as work:
            found = work.detections.get(detection)
            wanted = rows_to_judge(found, row, rows)
            work.verdicts.hold(found.id)
            standing = work.verdicts.given_on(found.id, wanted)
            if missing := [one for one in wanted if one not in standing]:
                raise NotFound(f"row {missing[0]} was not judged on detection {found.id[:8]}")
            taken_back = tuple(standing[one] for one in wanted)
            work.verdicts.remove(taken_back)
            work.record(VerdictTakenBack(found.id, tuple(wanted)))
            outcome = taken_back if row is None else taken_back[0]
            work.conclude(outcome)
            work.commit()
        return outcome
