"""How far a job is, how fast it goes and when it will be done, from what its process reports."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.job import JobProgress

MIN_SECONDS = 0.5  # a speed measured over less says nothing


@dataclass(slots=True)
class ProgressMeter:
    """Hears reports of {"stage", "share", "n_rows"}; speed and time left are those of the stage at work.

    clock: seconds of any steady clock.
    """

    clock: Callable[[], float]
    progress: JobProgress = field(default_factory=lambda: JobProgress("starting"))
    _stage_began: float = 0.0
    _share_at_start: float = 0.0

    def hear(self, report: Mapping[str, JsonValue]) -> None:
        """Take a report in; one that makes no sense changes nothing."""
        stage, share, n_rows = report.get("stage"), report.get("share"), report.get("n_rows")
        if not isinstance(stage, str) or not isinstance(share, int | float) or not math.isfinite(share):
            return
        share = min(max(float(share), 0.0), 1.0)
        now = self.clock()
        if stage != self.progress.stage:
            self._stage_began, self._share_at_start = now, share
        seconds, gained = now - self._stage_began, share - self._share_at_start
        rows_per_second = eta_seconds = None
        if seconds >= MIN_SECONDS and gained > 0:
            eta_seconds = seconds * (1.0 - share) / gained
            rows_per_second = gained * n_rows / seconds if isinstance(n_rows, int) else None
        self.progress = JobProgress(stage[:40], share, rows_per_second, eta_seconds)
