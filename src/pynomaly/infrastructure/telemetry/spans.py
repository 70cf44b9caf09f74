"""Telemetry as OpenTelemetry spans, sent by OTLP over HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT says.

The SDK reads its own environment variables (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, headers, timeouts). A span is made
when what it tells of has ended, so nothing is carried along meanwhile.
"""

import time
from collections.abc import Mapping

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pynomaly.application.current_work import current_work
from pynomaly.application.ports.telemetry import Unwatched

SERVICE = "pynomaly"
_NAMES = ("request_id", "job_id", "tenant_id", "actor")


class SpanTelemetry(Unwatched):
    """Makes a span of each request, attempt at a job and attempt to deliver; it goes on with a caller's trace."""

    def __init__(self, version: str, exporter: SpanExporter | None = None) -> None:
        resource = Resource({"service.name": SERVICE, "service.version": version}).merge(
            OTELResourceDetector().detect()
        )
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer(SERVICE, version)
        self._propagator = TraceContextTextMapPropagator()

    def close(self) -> None:
        """Send what has not been sent, for as long as the exporter's timeout allows."""
        self._provider.shutdown()

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Make the span of a request."""
        about: dict[str, str | int] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        }
        self._made(f"{method} {route}", SpanKind.SERVER, about, seconds, is_bad=status >= 500)

    def job_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """Make the span of an attempt at a job."""
        about = {"pynomaly.job.kind": kind, "pynomaly.job.outcome": outcome}
        self._made(f"job {kind}", SpanKind.CONSUMER, about, seconds, is_bad=outcome in ("failed", "lost"))

    def delivery_ended(self, channel_kind: str, outcome: str, seconds: float) -> None:
        """Make the span of an attempt to deliver."""
        about = {"pynomaly.channel.kind": channel_kind, "pynomaly.delivery.outcome": outcome}
        self._made(f"deliver {channel_kind}", SpanKind.CLIENT, about, seconds, is_bad=outcome == "failed")

    def _made(self, name: str, kind: SpanKind, about: Mapping[str, str | int], seconds: float, *, is_bad: bool) -> None:
        names, ended_at = current_work(), time.time_ns()
        around = {f"pynomaly.{one}": names[one] for one in _NAMES if one in names}
        span = self._tracer.start_span(
            name,
            context=self._propagator.extract(names, context=Context()),
            kind=kind,
            attributes={**about, **around},
            start_time=ended_at - int(seconds * 1e9),
        )
        if is_bad:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended_at)
