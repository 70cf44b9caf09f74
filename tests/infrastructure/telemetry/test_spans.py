"""Spans as a collector receives them: over HTTP, in OTLP's own encoding."""

import pytest

from pynomaly.application.current_work import at_work
from pynomaly.infrastructure.telemetry.spans import SpanTelemetry
from tests.fakes.collector import collecting, plain

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def collector(monkeypatch):
    with collecting() as server:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        yield server


def test_a_request_is_a_span_of_the_length_it_had(collector):
    spans = SpanTelemetry("9.9")
    with at_work(request_id="r-1", tenant_id="t1", actor="user:u1"):
        spans.request_ended("/api/v1/jobs/{id}", "GET", 200, 0.25)
    spans.close()
    (span,) = collector.spans
    assert (span.name, span.end_time_unix_nano - span.start_time_unix_nano) == ("GET /api/v1/jobs/{id}", 250_000_000)
    assert plain(span.attributes) == {
        "http.request.method": "GET",
        "http.route": "/api/v1/jobs/{id}",
        "http.response.status_code": 200,
        "pynomaly.request_id": "r-1",
        "pynomaly.tenant_id": "t1",
        "pynomaly.actor": "user:u1",
    }
    assert collector.resources[0]["service.name"] == "pynomaly"
    assert collector.resources[0]["service.version"] == "9.9"


def test_a_request_goes_on_with_the_trace_it_came_with(collector):
    spans = SpanTelemetry("9.9")
    with at_work(request_id="r-1", traceparent=PARENT):
        spans.request_ended("/a", "GET", 200, 0.1)
    with at_work(request_id="r-2"):
        spans.request_ended("/a", "GET", 200, 0.1)
    spans.close()
    there = {plain(span.attributes)["pynomaly.request_id"]: span for span in collector.spans}
    assert (there["r-1"].trace_id.hex(), there["r-1"].parent_span_id.hex()) == (PARENT[3:35], PARENT[36:52])
    assert there["r-2"].trace_id != there["r-1"].trace_id
    assert there["r-2"].parent_span_id == b""


def test_jobs_and_deliveries_are_spans_and_what_failed_is_an_error(collector):
    spans = SpanTelemetry("9.9")
    with at_work(job_id="j1", tenant_id="t1"):
        spans.job_ended("train", "failed", 2.0)
        spans.job_ended("detect", "retried", 2.0)
    spans.delivery_ended("webhook", "failed", 0.1)
    spans.request_ended("/a", "GET", 503, 0.1)
    spans.cache_asked("model", "redis", is_hit=True)
    spans.close()
    error = 2  # STATUS_CODE_ERROR
    assert {span.name: span.status.code == error for span in collector.spans} == {
        "job train": True,
        "job detect": False,
        "deliver webhook": True,
        "GET /a": True,
    }
    job = next(span for span in collector.spans if span.name == "job train")
    assert plain(job.attributes)["pynomaly.job_id"] == "j1"


def test_the_service_may_have_another_name(collector, monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "screening")
    spans = SpanTelemetry("9.9")
    spans.request_ended("/a", "GET", 200, 0.1)
    spans.close()
    assert collector.resources[0]["service.name"] == "screening"
