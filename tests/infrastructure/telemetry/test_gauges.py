"""What is read at the moment somebody looks."""

import threading

import pytest
from prometheus_client import CollectorRegistry

from pynomaly.application.ports.standing import Outgoing, Queue, Standing
from pynomaly.domain.errors import Unavailable
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.telemetry.gauges import Gauges


def registry_of(read, home, **choices):
    registry = CollectorRegistry()
    registry.register(Gauges(read, home, "1.2.3", **choices))
    return registry


def test_queues_workers_and_events_are_told(tmp_path):
    standing = Standing(2, 41, {JobKind.TRAIN: Queue(3, 1, 12.5)})
    registry = registry_of(lambda: standing, tmp_path)
    told = {
        (name, kind): registry.get_sample_value(name, {"kind": kind})
        for name in ("pynomaly_jobs_waiting", "pynomaly_jobs_running", "pynomaly_oldest_waiting_job_seconds")
        for kind in ("train", "detect")
    }
    assert told == {
        ("pynomaly_jobs_waiting", "train"): 3.0,
        ("pynomaly_jobs_running", "train"): 1.0,
        ("pynomaly_oldest_waiting_job_seconds", "train"): 12.5,
        ("pynomaly_jobs_waiting", "detect"): 0.0,
        ("pynomaly_jobs_running", "detect"): 0.0,
        ("pynomaly_oldest_waiting_job_seconds", "detect"): 0.0,
    }
    assert registry.get_sample_value("pynomaly_workers") == 2.0
    assert registry.get_sample_value("pynomaly_events_total") == 41.0
    assert registry.get_sample_value("pynomaly_database_up") == 1.0


def test_messages_on_their_way_are_told_by_kind_of_channel(tmp_path):
    standing = Standing(outgoing={"slack": Outgoing(4, 90.5)})
    registry = registry_of(lambda: standing, tmp_path, channel_kinds=["slack", "email"])
    told = [
        registry.get_sample_value(name, {"channel_kind": kind})
        for kind in ("slack", "email")
        for name in ("pynomaly_deliveries_waiting", "pynomaly_oldest_delivery_seconds")
    ]
    assert told == [4.0, 90.5, 0.0, 0.0]


def test_a_database_that_is_away_takes_its_figures_along_and_nothing_else(tmp_path):
    def away():
        raise Unavailable

    registry = registry_of(away, tmp_path)
    assert registry.get_sample_value("pynomaly_database_up") == 0.0
    assert registry.get_sample_value("pynomaly_workers") is None
    assert registry.get_sample_value("pynomaly_disk_free_bytes") > 0


def test_a_database_that_hangs_is_not_waited_for_and_is_asked_once(tmp_path):
    answers, n_asked = threading.Event(), []

    def hanging():
        n_asked.append(1)
        answers.wait(30)
        return Standing(5)

    registry = registry_of(hanging, tmp_path, patience_seconds=0.01)
    assert [registry.get_sample_value("pynomaly_database_up") for _ in range(3)] == [0.0] * 3
    assert len(n_asked) == 1
    answers.set()
    patient = registry_of(hanging, tmp_path)
    assert patient.get_sample_value("pynomaly_workers") == 5.0


def test_a_database_that_is_back_is_told_again(tmp_path):
    answers = [Unavailable(), Standing(1), Standing(1)]

    def read():
        found = answers.pop(0)
        if isinstance(found, Unavailable):
            raise found
        return found

    registry = registry_of(read, tmp_path)
    assert [registry.get_sample_value("pynomaly_database_up") for _ in range(2)] == [0.0, 1.0]


def test_a_home_that_is_away_is_left_out(tmp_path):
    registry = registry_of(Standing, tmp_path / "nowhere")
    assert registry.get_sample_value("pynomaly_disk_free_bytes") is None
    assert registry.get_sample_value("pynomaly_database_up") == 1.0


def test_registering_asks_nobody(tmp_path):
    registry_of(lambda: pytest.fail("the database was asked"), tmp_path)
