"""Who watches a process that runs for long: its metrics, its access log, its traces, as the settings say."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.standing import ReadStanding
from pynomaly.application.ports.telemetry import Telemetry
from pynomaly.assembly.workspace import Adapters
from pynomaly.domain.errors import ExtraNotInstalled
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.telemetry.access_lines import AccessLines
from pynomaly.infrastructure.telemetry.several import Several

if TYPE_CHECKING:
    from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry


@dataclass(frozen=True, slots=True)
class Watch:
    """What is told to, and the metrics among them, if they are shown anywhere."""

    telemetry: Telemetry
    metrics: "PrometheusTelemetry | None" = None


@contextmanager
def watching(shared: Adapters, *, writes_access: bool = False) -> Iterator[Watch]:
    """Watch while the block lasts. writes_access: whether requests get a line each.

    Raises Conflict if the port of metrics is taken, ExtraNotInstalled.
    """
    settings = shared.settings
    watchers: list[Telemetry] = [shared.telemetry]
    with ExitStack() as watch:
        if writes_access:
            lines = AccessLines(settings.log_format)
            watch.callback(lines.close)
            watchers.append(lines)
        metrics = watch.enter_context(_metrics(shared)) if settings.metrics_port else None
        if metrics is not None:
            watchers.append(metrics)
        yield Watch(Several(watchers), metrics)


def standing_of(shared: Adapters) -> ReadStanding:
    """Return how to look at the whole installation; its database is opened at the first look."""
    from pynomaly.infrastructure.persistence.standing_rows import SqlStanding

    return SqlStanding(shared.transactions(Asked(LOCAL_TENANT, "telemetry")).database)


@contextmanager
def _metrics(shared: Adapters) -> "Iterator[PrometheusTelemetry]":
    try:
        from pynomaly.infrastructure.telemetry.exposition import exposed
        from pynomaly.infrastructure.telemetry.gauges import Gauges
        from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry
    except ImportError:
        raise ExtraNotInstalled("metrics need: pip install 'pynomaly-platform[server]'") from None
    settings = shared.settings
    metrics = PrometheusTelemetry()
    metrics.expect_jobs(kind.value for kind in JobKind)
    metrics.registry.register(Gauges(standing_of(shared), settings.home, version("pynomaly-platform")))
    with exposed(metrics.registry, settings.metrics_host, settings.metrics_port):
        yield metrics
