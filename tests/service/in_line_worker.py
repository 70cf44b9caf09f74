"""A worker in a thread of this process that does its jobs itself, where the real one starts a process for each."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pynomaly.application.job_running import source_of
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.child_process import Outcome, Refused, Succeeded
from pynomaly.application.ports.work import TakenJob
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.workers import worker
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.errors import PynomalyError


@dataclass
class DoneHere:
    """A child process that had done its work before anybody asked."""

    shared: Adapters
    taken: TakenJob
    outcome: Outcome | None = None
    reports: list[Mapping[str, Any]] = field(default_factory=list)

    def poll(self, timeout_seconds: float) -> Sequence[Mapping[str, Any]]:
        return self.reports

    def terminate(self) -> None:
        """Do nothing: there is nothing to end."""

    def __enter__(self) -> "DoneHere":
        claim = self.taken.claim
        asked = Asked(self.taken.tenant_id, self.taken.job.created_by, claim.job_id, claim)
        try:
            workspace, source = open_workspace(self.shared, asked), source_of(self.taken.job)
            opened = None if source is None else workspace.open_source(source=source)
            workspace.run_job(self.taken.job, self._tell, opened)
            self.outcome = Succeeded({})
        except PynomalyError as error:
            self.outcome = Refused(type(error).__name__, str(error))
        return self

    def __exit__(self, *_: object) -> None:
        self.terminate()

    def _tell(self, stage: str, share: float) -> None:
        self.reports.append({"stage": stage, "share": share, "n_rows": 0})


@contextmanager
def at_work(shared: Adapters) -> Iterator[None]:
    """Have the jobs of an installation done while the block lasts."""
    stop = threading.Event()
    one = replace(worker(shared), start_child=lambda taken: DoneHere(shared, taken))
    thread = threading.Thread(target=one.run, args=(stop,), name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
