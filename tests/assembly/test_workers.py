"""A crew of workers: each shows its metrics at a port of its own."""

import pytest

from pynomaly.assembly.workers import crew_of
from pynomaly.domain.errors import InvalidRequest


def test_each_worker_of_a_crew_shows_its_metrics_at_the_next_port():
    crew = crew_of(3, 9464)
    assert [crew.environment(place)["PYNOMALY_METRICS_PORT"] for place in range(3)] == ["9464", "9465", "9466"]


def test_a_crew_without_metrics_is_told_of_no_port(monkeypatch):
    monkeypatch.delenv("PYNOMALY_METRICS_PORT", raising=False)
    assert "PYNOMALY_METRICS_PORT" not in crew_of(2).environment(0)


def test_more_workers_than_ports_are_refused():
    with pytest.raises(InvalidRequest, match="PYNOMALY_METRICS_PORT"):
        crew_of(2, 65_535)
    assert crew_of(1, 65_535).size == 1
