"""Events as use cases record them, many in little time; some in transactions that are undone."""

import itertools
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from pynomaly.domain.events import AnomaliesDetected
from pynomaly.domain.identifiers import DetectionId, DetectorId
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME, SqlTransactions
from tests.storms.installation import Installation

UNDONE_SHARE = 0.05
PAUSE_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Told:
    """One event: the detector it is about, and what tells it from all others."""

    detector: str
    detection: str


@dataclass(slots=True)
class EventSource:
    """committed: in their order.  undone: what nobody may ever hear of."""

    installation: Installation
    detectors: Sequence[str]
    rng: np.random.Generator
    committed: list[Told] = field(default_factory=list, init=False)
    undone: list[Told] = field(default_factory=list, init=False)

    @contextmanager
    def flowing(self, n_events: int) -> Iterator[None]:
        """Record so many events in the background; the block is left when all are there."""
        thread = threading.Thread(target=self._record_all, args=(n_events,))
        thread.start()
        try:
            yield
        finally:
            thread.join()
        if len(self.committed) != n_events:
            raise AssertionError(f"{len(self.committed)} of {n_events} events could be recorded")

    def _record_all(self, n_events: int) -> None:
        transactions = _transactions(self.installation)
        turns = itertools.cycle(self.detectors)
        while len(self.committed) < n_events:
            batch = [Told(next(turns), uuid.uuid4().hex) for _ in range(min(10, n_events - len(self.committed)))]
            is_undone = bool(self.rng.random() < UNDONE_SHARE)
            self._record(transactions, batch, is_undone=is_undone)
            (self.undone if is_undone else self.committed).extend(batch)
            time.sleep(PAUSE_SECONDS)
        transactions.close()

    def _record(self, transactions: SqlTransactions, batch: Sequence[Told], *, is_undone: bool) -> None:
        with transactions.begin() as work:
            for told in batch:
                n_anomalies = int(self.rng.integers(1, 100))
                detection, detector = DetectionId(told.detection), DetectorId(told.detector)
                work.record(AnomaliesDetected(detection, 1000, n_anomalies, detector, 80.0))
            if not is_undone:
                work.commit()


def _transactions(installation: Installation) -> SqlTransactions:
    url = installation.database_url
    database = Database.in_file(installation.home / DATABASE_NAME) if url is None else Database.on_server(url)
    return SqlTransactions(database, lambda: datetime.now(UTC), lambda: uuid.uuid4().hex)
