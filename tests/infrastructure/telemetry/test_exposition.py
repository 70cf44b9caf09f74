"""The port that metrics are read at."""

import socket
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pynomaly.domain.errors import Conflict
from pynomaly.infrastructure.telemetry.exposition import exposed
from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry
from tests.storms.private_postgres import free_port


def test_metrics_are_shown_while_the_block_lasts():
    telemetry, port = PrometheusTelemetry(), free_port()
    telemetry.expect_jobs(["train"])
    with (
        exposed(telemetry.registry, "127.0.0.1", port),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        names = {family.name for family in text_string_to_metric_families(answer.read().decode())}
    assert "pynomaly_job_attempts" in names
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 2.0)


def test_a_port_that_is_taken_is_told_by_its_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(Conflict, match="PYNOMALY_METRICS_PORT"),
            exposed(PrometheusTelemetry().registry, "127.0.0.1", port),
        ):
            pass


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Conflict), exposed(PrometheusTelemetry().registry, "192.0.2.1", free_port()):
        pass
