"""Metrics as Prometheus reads them."""

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from pynomaly.application.ports.standing import Queue, Standing
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.telemetry.gauges import Gauges
from pynomaly.infrastructure.telemetry.metrics import METRICS, OF_THE_PROCESS, OWN
from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry


def shown(telemetry):
    """Return every sample as somebody who scrapes reads it."""
    text = generate_latest(telemetry.registry).decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def values(telemetry, family, sample):
    return {tuple(one.labels.values()): one.value for one in shown(telemetry)[family].samples if one.name == sample}


def answered(route, method, status, seconds):
    return (0.0, route, method, status, seconds, {})


def test_requests_are_counted_by_status_and_measured():
    telemetry = PrometheusTelemetry()
    telemetry.requests_ended(
        [answered("/a", "GET", 200, 0.002), answered("/a", "GET", 200, 3.0), answered("/a", "GET", 503, 0.1)]
    )
    counted = values(telemetry, "pynomaly_http_requests", "pynomaly_http_requests_total")
    assert counted == {("GET", "/a", "200"): 2.0, ("GET", "/a", "503"): 1.0}
    measured = shown(telemetry)["pynomaly_http_request_seconds"].samples
    within = {one.labels["le"]: one.value for one in measured if one.name.endswith("_bucket")}
    assert (within["0.001"], within["0.0025"], within["0.1"], within["5.0"], within["+Inf"]) == (0, 1, 2, 3, 3)


def test_attempts_at_jobs_looks_into_caches_and_deliveries_are_counted():
    telemetry = PrometheusTelemetry()
    telemetry.job_ended("train", "retried", 4.0)
    telemetry.cache_asked("model", "redis", is_hit=True)
    telemetry.cache_asked("model", "redis", is_hit=False)
    telemetry.delivery_ended("webhook", "delivered", 0.3)
    assert values(telemetry, "pynomaly_job_attempts", "pynomaly_job_attempts_total") == {("train", "retried"): 1.0}
    looks = values(telemetry, "pynomaly_cache_requests", "pynomaly_cache_requests_total")
    assert looks == {("model", "redis", "hit"): 1.0, ("model", "redis", "miss"): 1.0}
    delivered = values(telemetry, "pynomaly_delivery_attempts", "pynomaly_delivery_attempts_total")
    assert delivered == {("webhook", "delivered"): 1.0}


def test_what_is_expected_is_shown_before_it_happens():
    telemetry = PrometheusTelemetry()
    telemetry.expect_routes([("/api/v1/jobs/{id}", "GET")])
    telemetry.expect_jobs(["train"])
    telemetry.expect_deliveries(["slack"])
    assert values(telemetry, "pynomaly_http_request_seconds", "pynomaly_http_request_seconds_count") == {
        ("GET", "/api/v1/jobs/{id}"): 0.0
    }
    assert values(telemetry, "pynomaly_job_attempts", "pynomaly_job_attempts_total")[("train", "lost")] == 0.0
    told = values(telemetry, "pynomaly_delivery_attempts", "pynomaly_delivery_attempts_total")
    assert told[("slack", "failed")] == 0.0


def test_whoever_has_something_left_to_tell_does_so_before_anything_is_read():
    telemetry = PrometheusTelemetry()
    telemetry.before_a_look(lambda: telemetry.requests_ended([answered("/late", "GET", 200, 0.1)]))
    counted = values(telemetry, "pynomaly_http_requests", "pynomaly_http_requests_total")
    assert counted == {("GET", "/late", "200"): 1.0}


def everything(tmp_path):
    telemetry = PrometheusTelemetry()
    standing = Standing(1, 7, {JobKind.TRAIN: Queue(3, 1, 12.5)})
    telemetry.registry.register(Gauges(lambda: standing, tmp_path, "9.9", channel_kinds=["slack"]))
    telemetry.requests_ended([answered("/a", "GET", 200, 0.1)])
    telemetry.job_ended("train", "succeeded", 1.0)
    telemetry.cache_asked("model", "memory", is_hit=True)
    telemetry.delivery_ended("slack", "delivered", 1.0)
    return telemetry


def test_the_table_says_what_is_shown_and_nothing_else_is(tmp_path):
    families = shown(everything(tmp_path))
    samples = {one.name: set(one.labels) - {"le"} for family in families.values() for one in family.samples}
    told = {sample: set(row.labels) for row in METRICS for sample in row.samples}
    assert samples == told


@pytest.mark.parametrize("row", OWN, ids=lambda row: row.name)
def test_each_metric_is_of_its_kind_and_says_what_it_tells(tmp_path, row):
    family = shown(everything(tmp_path))[row.name.removesuffix("_total")]
    assert (family.type, family.documentation) == (row.kind, row.tells)


def test_names_are_of_the_house_and_say_their_unit():
    assert all(row.name.startswith("pynomaly_") for row in OWN)
    assert all(row.name.startswith("process_") for row in OF_THE_PROCESS)
    assert all(row.name.endswith("_total") == (row.kind == "counter") for row in METRICS)
    assert all(row.name.endswith("_seconds") and row.buckets for row in METRICS if row.kind == "histogram")
    assert len({row.name for row in METRICS}) == len(METRICS)
