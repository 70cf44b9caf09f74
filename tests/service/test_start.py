"""`pynomaly start` as a process: it prepares, serves, works, and ends when it is told to."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import fresh_postgres

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120.0
ENTRANCE = re.compile(r"  (http://127\.0\.0\.1:\d+)/enter\?ticket=([\w-]{43})&next=/detections/([0-9a-f]{32})\n")
KEY = "a key of the tests, which is long enough to sign tokens with"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Start:
    """One start as a process of its own, and what it has said so far."""

    def __init__(self, folder, *options, **more):
        self.log = folder / f"start-{time.monotonic_ns()}.log"
        self.port = free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYNOMALY_")}
        paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pynomaly", "start", "--port", str(self.port), "--progress", "none", *options],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, cwd=folder,
                env=inherited | {"PYNOMALY_HOME": str(folder / "home"), "PYTHONPATH": paths} | more,
            )  # fmt: skip

    @property
    def text(self):
        return self.log.read_text()

    def entrance(self):
        """Wait for the address it prints, and return its three parts."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at and self.process.poll() is None:
            if found := ENTRANCE.search(self.text):
                return found.groups()
            time.sleep(0.05)
        raise TimeoutError(self.text)

    def ended(self):
        """Wait for its end and return its exit code."""
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def started(folder, *options, **more):
    one = Start(folder, *options, **more)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.terminate()
        one.ended()


def is_live(address):
    with urllib.request.urlopen(f"{address}/api/v1/health/live", timeout=30) as answer:
        return json.loads(answer.read()), answer.status


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_it_serves_what_it_prepared_once_and_ends_when_it_is_told_to(tmp_path, number, code):
    detections = set()
    for _ in range(2):
        with started(tmp_path) as one:
            address, ticket, detection = one.entrance()
            assert address == f"http://127.0.0.1:{one.port}"
            assert is_live(address)[1] == 200
            detections.add(detection)
            one.process.send_signal(number)
            assert one.ended() == code, one.text
        assert "Traceback" not in one.text
        assert one.text.count(ticket) == 1
    assert len(detections) == 1


@pytest.mark.slow
def test_a_second_one_on_the_same_home_is_told_of_the_first(tmp_path):
    with started(tmp_path) as first:
        address, _, _ = first.entrance()
        with started(tmp_path) as second:
            assert second.ended() == 6
        assert f"home runs already, at {address}; stop it first" in second.text


def test_a_port_that_is_taken_is_told_before_anything_is_prepared(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started(tmp_path, "--port", str(port)) as one:
            assert one.ended() == 6
    assert f"port {port} of 127.0.0.1 is taken by another program; choose another one with --port" in one.text
    assert not (tmp_path / "home" / "workspace.db").exists()


@pytest.mark.slow
def test_beside_a_database_server_it_works_with_consent(tmp_path):
    with fresh_postgres() as url:
        there = {"PYNOMALY_DATABASE_URL": url, "PYNOMALY_SECRET_KEY": KEY}
        with started(tmp_path, **there) as refused:
            assert refused.ended() == 2
        assert "--local-user" in refused.text
        with started(tmp_path, "--local-user", **there) as one:
            address, _, _ = one.entrance()
            assert is_live(address)[1] == 200
