"""The line of a request."""

import json

import pytest

from pynomaly.infrastructure.telemetry.access_lines import AccessLines

AT = 1_773_489_600.25  # 14 March 2026, 12:00 UTC, and a quarter of a second
NAMES = {"request_id": "r-1", "traceparent": "00-4bf9-00f0-01", "tenant_id": "t1", "actor": "user:u1"}
ONE = (AT, "/api/v1/jobs/{id}", "GET", 200, 0.00123, NAMES)


def test_as_json_it_has_everything_that_other_lines_have():
    written = []
    AccessLines("json", write=written.append)([ONE, ONE])
    first, second, rest = written[0].split("\n")
    assert (first, rest) == (second, "")
    assert json.loads(first) == {
        "at": "2026-03-14T12:00:00.250Z",
        "level": "info",
        "logger": "pynomaly.access",
        "event": "request",
        "method": "GET",
        "route": "/api/v1/jobs/{id}",
        "status": 200,
        "ms": 1.23,
        "request_id": "r-1",
        "tenant_id": "t1",
        "actor": "user:u1",
    }


def test_as_text_it_has_the_same():
    written = []
    AccessLines("text", write=written.append)([ONE])
    assert written == [
        "2026-03-14T12:00:00.250Z INFO pynomaly.access request method=GET route=/api/v1/jobs/{id} status=200 ms=1.23 "
        "request_id=r-1 tenant_id=t1 actor=user:u1\n"
    ]


@pytest.mark.parametrize("trouble", [BrokenPipeError(), OSError(28, "disk full"), ValueError("closed file")])
def test_a_log_that_cannot_be_written_is_no_reason_to_stop(trouble):
    def write(text):
        raise trouble

    AccessLines("json", write=write)([ONE])
