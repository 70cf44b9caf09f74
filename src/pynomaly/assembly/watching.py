"""Who watches a process that runs for long: its metrics, its access log, its traces, as the settings say."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.standing import ReadStanding
from pynomaly.application.ports.telemetry import Telemetry, Unwatched
from pynomaly.assembly.adapters import Adapters
from pynomaly.domain.errors import ExtraNotInstalled
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.recent_detectors import CACHE as DETECTORS
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.telemetry.access_lines import AccessLines
from pynomaly.infrastructure.telemetry.afterwards import Afterwards
from pynomaly.infrastructure.telemetry.several import Several
from pynomaly.infrastructure.warm_models import CACHE as MODELS

if TYPE_CHECKING:
    from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry
    from pynomaly.infrastructure.telemetry.spans import SpanTelemetry

OTLP_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Variables of OpenTelemetry; without one of them there are no spans."""

log = logging.getLogger("pynomaly.telemetry")


@dataclass(frozen=True, slots=True)
class Watch:
    """What is told to, and the metrics among them, if they are shown anywhere."""

    telemetry: Telemetry
    metrics: "PrometheusTelemetry | None" = None


@contextmanager
def watching(shared: Adapters, *, has_requests: bool = False) -> Iterator[Watch]:
    """Watch while the block lasts. has_requests: whether there are any to be counted, and to get a line each.

    Raises Conflict if the port of metrics is taken, ExtraNotInstalled.
    """
    watchers: list[Telemetry] = [] if isinstance(shared.telemetry, Unwatched) else [shared.telemetry]
    metrics = None
    with ExitStack() as leaving:
        if shared.settings.metrics_port:
            metrics = _metrics(shared)
            watchers.append(metrics)
        spans = _spans(os.environ)
        if spans is not None:
            leaving.callback(spans.close)
            watchers.append(spans)
        if has_requests:
            afterwards = _afterwards(shared.settings, metrics)
            leaving.callback(afterwards.close)
            watchers.append(afterwards)
        if metrics is not None:
            leaving.enter_context(_shown(shared, metrics))
        yield Watch(Several(watchers), metrics)


def _afterwards(settings: Settings, metrics: "PrometheusTelemetry | None") -> Afterwards:
    lines = AccessLines(settings.log_format)
    if metrics is None:
        return Afterwards([lines])
    afterwards = Afterwards([metrics.requests_ended, lines])
    metrics.before_a_look(afterwards.catch_up)
    return afterwards


def standing_of(shared: Adapters) -> ReadStanding:
    """Return how to look at the whole installation; its database is opened at the first look."""
    from pynomaly.infrastructure.persistence.standing_rows import SqlStanding

    return SqlStanding(shared.transactions(Asked(LOCAL_TENANT, "telemetry")).database)


def _metrics(shared: Adapters) -> "PrometheusTelemetry":
    try:
        from pynomaly.infrastructure.telemetry.gauges import Gauges
        from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry
    except ImportError:
        raise ExtraNotInstalled("metrics need: pip install 'pynomaly-platform[server]'") from None
    metrics = PrometheusTelemetry()
    metrics.expect_jobs(kind.value for kind in JobKind)
    metrics.expect_caches((DETECTORS, MODELS))
    channel_kinds = [kind.name for kind in shared.notifiers.kinds()]
    metrics.expect_deliveries(channel_kinds)
    home, number = shared.settings.home, version("pynomaly-platform")
    metrics.registry.register(Gauges(standing_of(shared), home, number, channel_kinds=channel_kinds))
    return metrics


def _spans(environment: Mapping[str, str]) -> "SpanTelemetry | None":
    """Return what makes spans, where the environment says where they go and the extra is there."""
    if not any(environment.get(name) for name in OTLP_ENDPOINTS):
        return None
    try:
        from pynomaly.infrastructure.telemetry.spans import SpanTelemetry
    except ImportError:
        log.warning("traces_not_sent reason=%s", "traces need: pip install 'pynomaly-platform[otel]'")
        return None
    return SpanTelemetry(version("pynomaly-platform"))


def _shown(shared: Adapters, metrics: "PrometheusTelemetry") -> AbstractContextManager[None]:
    from pynomaly.infrastructure.telemetry.exposition import exposed

    return exposed(metrics.registry, shared.settings.metrics_host, shared.settings.metrics_port)
