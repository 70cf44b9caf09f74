"""The log of a job, told in few lines: its states, and each stage once, with how far it came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from pynomaly.application.ports.work import JobEvent
from pynomaly.application.queries import Queries
from pynomaly.domain.job import Job, JobStatus
from pynomaly.presentation.http.event_stream import EVENTS_AT_ONCE
from pynomaly.presentation.web.job_words import stage_words, status_word
from pynomaly.presentation.web.texts import _

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class LogLine:
    """One thing that happened. stage: of a line that later reports of the same stage go on with."""

    at: datetime
    text: str
    stage: str = ""
    share: float | None = None


@dataclass(slots=True)
class JobLog:
    """What a job told so far; it is read on from where it was read to."""

    lines: list[LogLine] = field(default_factory=list)
    _after: int = 0

    def read(self, queries: Queries, job_id: str) -> Job:
        """Hear everything new, and return the job as it is now. Raises NotFound."""
        while True:
            job, events = queries.job_events(job_id, after=self._after, limit=EVENTS_AT_ONCE)
            if not events:
                return job
            self._after = events[-1].sequence
            self.hear(events)

    def hear(self, events: Iterable[JobEvent]) -> None:
        """Take events in."""
        for event in events:
            data = cast(Mapping[str, Any], event.data)
            if event.name == "state":
                self._add(LogLine(event.at, _state_text(data)))
            elif event.name == "progress" and data.get("stage"):
                self._hear_progress(event.at, str(data["stage"]), float(data["share"]))

    def _hear_progress(self, at: datetime, stage: str, share: float) -> None:
        if self.lines and self.lines[-1].stage == stage:
            self.lines[-1] = replace(self.lines[-1], share=share)
        else:
            self._add(LogLine(at, stage_words(stage), stage, share))

    def _add(self, line: LogLine) -> None:
        self.lines.append(line)
        del self.lines[:-MOST_LINES]


def _state_text(data: Mapping[str, Any]) -> str:
    word = status_word(JobStatus(data["status"]))
    attempt = int(data.get("attempt", 0))
    if attempt > 1 and data["status"] == JobStatus.RUNNING:
        return _("%(state)s, attempt %(number)d") % {"state": word, "number": attempt}
    return word
