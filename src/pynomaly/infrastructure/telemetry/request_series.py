"""Requests, counted and measured in plain numbers: there are many, and the client library takes a lock for each."""

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from pynomaly.infrastructure.telemetry.afterwards import Answered
from pynomaly.infrastructure.telemetry.metrics import REQUEST_BUCKETS, REQUEST_SECONDS, REQUESTS

_BOUNDS = (*(str(bound) for bound in REQUEST_BUCKETS), "+Inf")


@dataclass(slots=True)
class _Series:
    """The requests of one route and method: how many fell into each bucket, and how long all of them took."""

    by_bucket: list[int] = field(default_factory=lambda: [0] * len(_BOUNDS))
    seconds: float = 0.0


class RequestSeries(Collector):
    """Counts batches of requests."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, str], _Series] = {}
        self._counts: dict[tuple[str, str, int], int] = {}
        self._changing = threading.Lock()

    def expect(self, routes: Iterable[tuple[str, str]]) -> None:
        """Show routes, as template and method, before anybody asked for them."""
        with self._changing:
            for place in routes:
                self._series.setdefault(place, _Series())

    def __call__(self, answered: Sequence[Answered]) -> None:
        """Count some requests."""
        counts, all_series = self._counts, self._series
        with self._changing:
            for _, route, method, status, seconds, _ in answered:
                place = (route, method, status)
                counts[place] = counts.get(place, 0) + 1
                series = all_series.get((route, method))
                if series is None:
                    series = all_series[route, method] = _Series()
                series.by_bucket[bisect_left(REQUEST_BUCKETS, seconds)] += 1
                series.seconds += seconds

    def describe(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        """Name what is shown."""
        yield CounterMetricFamily(REQUESTS.name, REQUESTS.tells, labels=REQUESTS.labels)
        yield HistogramMetricFamily(REQUEST_SECONDS.name, REQUEST_SECONDS.tells, labels=REQUEST_SECONDS.labels)

    def collect(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        """Yield what was counted."""
        with self._changing:
            counts = dict(self._counts)
            measured = {place: (list(one.by_bucket), one.seconds) for place, one in self._series.items()}
        counted = CounterMetricFamily(REQUESTS.name, REQUESTS.tells, labels=REQUESTS.labels)
        for (route, method, status), n in counts.items():
            counted.add_metric([route, method, str(status)], n)
        yield counted
        durations = HistogramMetricFamily(REQUEST_SECONDS.name, REQUEST_SECONDS.tells, labels=REQUEST_SECONDS.labels)
        for place, (by_bucket, seconds) in measured.items():
            durations.add_metric(place, list(zip(_BOUNDS, accumulate(by_bucket), strict=True)), seconds)
        yield durations
