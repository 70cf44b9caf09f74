"""What is read at the moment somebody looks: the queue from the database, room on the disk."""

import platform
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from pynomaly.application.ports.standing import Outgoing, Queue, ReadStanding, Standing
from pynomaly.domain.errors import PynomalyError
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.telemetry.metrics import (
    BUILD_INFO,
    DATABASE_UP,
    DELIVERIES_WAITING,
    DISK_FREE,
    DISK_SIZE,
    EVENTS,
    JOBS_RUNNING,
    JOBS_WAITING,
    OLDEST_DELIVERY_SECONDS,
    OLDEST_JOB_SECONDS,
    WORKERS,
    Metric,
)

PATIENCE_SECONDS = 3.0  # Prometheus waits ten by default, and the other numbers must not be lost with the database

Family = GaugeMetricFamily | CounterMetricFamily


class Gauges(Collector):
    """Reads when it is scraped.

    home: where the disk is looked at.  channel_kinds: those that are told of at zero, too.
    """

    def __init__(
        self,
        read: ReadStanding,
        home: Path,
        version: str,
        *,
        channel_kinds: Sequence[str] = (),
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._read = read
        self._channel_kinds = channel_kinds
        self._home = home
        self._version = version
        self._patience_seconds = patience_seconds
        self._look: _Look | None = None
        self._taking_turns = threading.Lock()

    def describe(self) -> Iterable[Family]:
        """Yield nothing: registering asks for names, and must not ask the database."""
        return ()

    def collect(self) -> Iterator[Family]:
        """Yield what there is to tell; without the database, what can be told without."""
        yield _single(BUILD_INFO, 1.0, self._version, platform.python_version())
        yield from self._disk()
        standing = self._standing()
        yield _single(DATABASE_UP, float(standing is not None))
        if standing is not None:
            yield from _told(standing, self._channel_kinds)

    def _standing(self) -> Standing | None:
        """Return how things stand; a database that hangs is asked by one thread, and nobody waits for that long."""
        with self._taking_turns:
            if self._look is None or not self._look.is_alive():
                self._look = _Look(self._read)
                self._look.start()
            look = self._look
        look.join(self._patience_seconds)
        return look.found

    def _disk(self) -> Iterator[Family]:
        try:
            usage = shutil.disk_usage(self._home)
        except OSError:  # the home is away: that is for the readiness check to tell
            return
        yield _single(DISK_FREE, float(usage.free))
        yield _single(DISK_SIZE, float(usage.total))


class _Look(threading.Thread):
    """One look at the database; it does not hold up the end of the process. found: None until it has been answered."""

    def __init__(self, read: ReadStanding) -> None:
        super().__init__(name="scrape", daemon=True)
        self._read = read
        self.found: Standing | None = None

    def run(self) -> None:
        """Look."""
        with suppress(PynomalyError):
            self.found = self._read()


def _told(standing: Standing, channel_kinds: Sequence[str]) -> Iterator[Family]:
    queues = {kind: standing.queues.get(kind, Queue()) for kind in JobKind}
    yield _by_kind(JOBS_WAITING, {kind: queue.n_waiting for kind, queue in queues.items()})
    yield _by_kind(JOBS_RUNNING, {kind: queue.n_running for kind, queue in queues.items()})
    yield _by_kind(OLDEST_JOB_SECONDS, {kind: queue.oldest_seconds for kind, queue in queues.items()})
    outgoing = {**dict.fromkeys(channel_kinds, Outgoing()), **standing.outgoing}
    yield _by_kind(DELIVERIES_WAITING, {kind: one.n_waiting for kind, one in outgoing.items()})
    yield _by_kind(OLDEST_DELIVERY_SECONDS, {kind: one.oldest_seconds for kind, one in outgoing.items()})
    yield _single(WORKERS, standing.n_workers)
    yield _single(EVENTS, standing.n_events)


def _by_kind(row: Metric, values: Mapping[str, float]) -> Family:
    family = _family(row)
    for kind, value in values.items():
        family.add_metric([str(kind)], value)
    return family


def _single(row: Metric, value: float, *labels: str) -> Family:
    family = _family(row)
    family.add_metric(labels, value)
    return family


def _family(row: Metric) -> Family:
    kind = CounterMetricFamily if row.kind == "counter" else GaugeMetricFamily
    return kind(row.name, row.tells, labels=row.labels)
