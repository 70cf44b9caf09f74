"""Telemetry that several watch."""

from pynomaly.infrastructure.telemetry.several import Several
from tests.fakes.telemetry import Heard


def test_everybody_hears_everything():
    one, other = Heard(), Heard()
    watch = Several((one, other))
    watch.request_ended("/a", "GET", 200, 0.1)
    watch.job_ended("train", "failed", 2.0)
    watch.cache_asked("model", "memory", is_hit=True)
    watch.delivery_ended("slack", "retried", 0.2)
    assert one == other
    assert (one.requests, one.jobs) == ([("/a", "GET", 200)], [("train", "failed", 2.0)])
    assert (one.looks, one.deliveries) == ([("model", "memory", True)], [("slack", "retried")])
