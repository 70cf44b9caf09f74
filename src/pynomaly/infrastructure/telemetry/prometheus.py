"""Telemetry as numbers that Prometheus collects: one registry to a process, labels of few values each."""

from collections.abc import Callable, Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.metrics_core import Metric as PrometheusFamily
from prometheus_client.registry import Collector

from pynomaly.application.ports.telemetry import Unwatched
from pynomaly.infrastructure.telemetry.afterwards import Answered
from pynomaly.infrastructure.telemetry.metrics import (
    CACHE_REQUESTS,
    DELIVERY_ATTEMPTS,
    DELIVERY_SECONDS,
    JOB_ATTEMPTS,
    JOB_SECONDS,
    Metric,
)
from pynomaly.infrastructure.telemetry.request_series import RequestSeries

LEVELS = ("memory", "redis", "store")
"""Of caches, from the nearest to the truth."""

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody asks for


class _First(Collector):
    """Has nothing to show; being collected first, it sees to it that the others are up to date."""

    def __init__(self) -> None:
        self.catch_up: Callable[[], object] = lambda: None

    def describe(self) -> Iterable[PrometheusFamily]:
        """Name nothing."""
        return ()

    def collect(self) -> Iterable[PrometheusFamily]:
        """Catch up."""
        self.catch_up()
        return ()


class PrometheusTelemetry(Unwatched):
    """Counts and measures. registry: what is exposed."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._first = _First()
        self.registry.register(self._first)
        ProcessCollector(registry=self.registry)
        self._requests = RequestSeries()
        self.registry.register(self._requests)
        self._jobs = self._counter(JOB_ATTEMPTS)
        self._job_seconds = self._histogram(JOB_SECONDS)
        self._cache = self._counter(CACHE_REQUESTS)
        self._known_looks: dict[tuple[str, str, bool], Counter] = {}
        self._deliveries = self._counter(DELIVERY_ATTEMPTS)
        self._delivery_seconds = self._histogram(DELIVERY_SECONDS)

    def before_a_look(self, catch_up: Callable[[], object]) -> None:
        """Have something called whenever somebody looks, before anything is read."""
        self._first.catch_up = catch_up

    def expect_routes(self, routes: Iterable[tuple[str, str]]) -> None:
        """Show routes, as template and method, before anybody asked for them: what is missing cannot be graphed."""
        self._requests.expect(routes)

    def expect_jobs(self, kinds: Iterable[str]) -> None:
        """Show kinds of jobs before the first one ended."""
        for kind in kinds:
            self._job_seconds.labels(kind)
            for outcome in ("succeeded", "failed", "cancelled", "retried", "lost"):
                self._jobs.labels(kind, outcome)

    def expect_caches(self, caches: Iterable[str]) -> None:
        """Show every level of caches before anybody looked into them."""
        for cache in caches:
            for level in LEVELS:
                for is_hit in (True, False):
                    self._looks(cache, level, is_hit)

    def expect_deliveries(self, channel_kinds: Iterable[str]) -> None:
        """Show kinds of channels before the first message."""
        for kind in channel_kinds:
            self._delivery_seconds.labels(kind)
            for outcome in ("delivered", "retried", "failed"):
                self._deliveries.labels(kind, outcome)

    def requests_ended(self, answered: Sequence[Answered]) -> None:
        """Count requests, some at once; one by one, where it is `Telemetry`, they are left to `Afterwards`."""
        self._requests(answered)

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """Count an attempt at a job."""
        self._jobs.labels(kind, outcome).inc()
        self._job_seconds.labels(kind).observe(seconds)

    def cache_asked(self, cache: str, level: str, *, is_hit: bool) -> None:
        """Count a look into a cache."""
        self._looks(cache, level, is_hit).inc()

    def delivery_ended(self, channel_kind: str, outcome: str, seconds: float) -> None:
        """Count an attempt to deliver."""
        self._deliveries.labels(channel_kind, outcome).inc()
        self._delivery_seconds.labels(channel_kind).observe(seconds)

    def _looks(self, cache: str, level: str, is_hit: bool) -> Counter:
        """Return the series of one kind of look, found without formatting labels: every score asks twice."""
        look = (cache, level, is_hit)
        series = self._known_looks.get(look)
        if series is None:
            series = self._known_looks[look] = self._cache.labels(cache, level, "hit" if is_hit else "miss")
        return series

    def _counter(self, row: Metric) -> Counter:
        return Counter(row.name, row.tells, row.labels, registry=self.registry)

    def _histogram(self, row: Metric) -> Histogram:
        return Histogram(row.name, row.tells, row.labels, registry=self.registry, buckets=row.buckets)
