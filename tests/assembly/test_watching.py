"""Real processes that are watched: what a server and a worker show at their ports, write to their logs, send as traces.

One server and one worker of each database do a little of everything; the tests look at what was left behind.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.telemetry.metrics import METRICS, OF_THE_PROCESS
from tests.databases import KINDS, fresh_url
from tests.fakes.collector import collecting
from tests.presentation.web.page_addresses import page_routes
from tests.service.furnished import as_csv, rows
from tests.service.operations import OPERATIONS
from tests.storms.private_postgres import free_port

EMAIL, PASSWORD = "watch@example.org", "correct horse battery staple"
PLANTED = "planted-secret-4711"
GIVE_UP_SECONDS = 60.0


@dataclass
class Process:
    """One process, what it shows and what it wrote."""

    popen: "subprocess.Popen[bytes]"
    log: Path
    metrics_port: int

    def stop(self) -> int:
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(GIVE_UP_SECONDS)

    def scrape(self) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        """Return every sample that it shows."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics") as answer:
            families = text_string_to_metric_families(answer.read().decode())
        return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@dataclass
class Watched:
    """A server, a worker, and what was seen of them before and after they ended."""

    server: Process
    worker: Process
    server_samples: dict[Any, float] = field(default_factory=dict)
    worker_samples: dict[Any, float] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    codes: tuple[int, int] = (0, 0)
    spans: list[Any] = field(default_factory=list)


@pytest.fixture(scope="module", params=KINDS)
def watched(request, tmp_path_factory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp(request.param)
    with fresh_url(request.param) as url, collecting() as collector, ExitStack() as leaving:
        environment = _environment(folder, url, collector.server_port)
        command = [sys.executable, "-m", "pynomaly"]
        user = [*command, "admin", "create-user", EMAIL, "--role", "admin", "--password-stdin"]
        subprocess.run(user, input=PASSWORD.encode(), env=environment, check=True, capture_output=True)
        port = free_port()
        serving = [*command, "serve", "--port", str(port), "--workers", "0"]
        server = leaving.enter_context(_running(serving, folder / "server.log", environment))
        worker = leaving.enter_context(_running([*command, "worker"], folder / "worker.log", environment))
        seen = Watched(server, worker)
        _wait_for(lambda: _is_there(f"http://127.0.0.1:{port}/api/v1/health/ready"))
        _use(seen, f"http://127.0.0.1:{port}/api/v1")
        stream = {"route": "/api/v1/events", "method": "GET"}  # left by its client, which is noticed a moment later
        _wait_for(lambda: _total(server.scrape(), "pynomaly_http_requests_total", **stream) == 1)
        seen.server_samples, seen.worker_samples = server.scrape(), worker.scrape()
        seen.codes = (server.stop(), worker.stop())
        seen.spans = list(collector.spans)
        yield seen


def _till(folder: Path) -> Path:
    """Make a folder with a database that may be a source."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "till.db")) as till:
        till.execute("CREATE TABLE orders (amount REAL)")
        till.executemany("INSERT INTO orders VALUES (?)", [(amount / 3,) for amount in range(20)])
        till.commit()
    return folder


def _environment(folder: Path, url: str | None, collector_port: int) -> dict[str, str]:
    told = {name: text for name, text in os.environ.items() if not name.startswith(("PYNOMALY_", "OTEL_"))}
    told |= {
        "HOME": str(folder),
        "PYNOMALY_HOME": str(folder / "home"),
        "PYNOMALY_SECRET_KEY": "a key of the tests, which is long enough to sign their tokens",
        "PYNOMALY_LOG_FORMAT": "json",
        "PYNOMALY_SQLITE_FOLDER": str(_till(folder / "sources")),
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector_port}",
        "OMP_NUM_THREADS": "1",
    }
    return told if url is None else told | {"PYNOMALY_DATABASE_URL": url}


@contextmanager
def _running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[Process]:
    port = free_port()
    with log.open("wb") as stream:
        own = environment | {"PYNOMALY_METRICS_PORT": str(port)}
        process = subprocess.Popen(command, env=own, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL)
    try:
        yield Process(process, log, port)
    finally:
        process.kill()
        process.wait()


def _is_there(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


def _wait_for(condition: Any) -> None:
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen"
        time.sleep(0.05)


@dataclass
class Client:
    """Somebody who asks and is answered."""

    base: str
    token: str = ""

    def ask(self, method: str, path: str, content: Any = None, **headers: str) -> Any:
        body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        kind = "application/octet-stream" if isinstance(content, bytes) else "application/json"
        told = {"Authorization": f"Bearer {self.token}", "Content-Type": kind} | headers
        request = urllib.request.Request(self.base + path, body, told, method=method)
        try:
            with urllib.request.urlopen(request, timeout=GIVE_UP_SECONDS) as answer:
                is_stream = answer.headers.get("Content-Type", "").startswith("text/event-stream")
                return None if is_stream else json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return {"refused": error.code, "text": error.read()}


def _use(seen: Watched, base: str) -> None:
    """Ask every route once, have a job of each kind done, and say secrets where none belong."""
    client = Client(base)
    client.token = client.ask("POST", "/sessions", {"email": EMAIL, "password": PASSWORD})["access_token"]
    dataset = client.ask("POST", "/datasets?name=orders&identifier=order&label=odd", as_csv(rows()))["id"]
    detector = client.ask("POST", "/detectors", {"name": "watch", "algorithm": "isolation_forest"})["id"]
    seen.jobs["train"] = _done(client, client.ask("POST", f"/detectors/{detector}/train", {"dataset_id": dataset}))
    many = client.ask("POST", "/datasets?name=many&identifier=order&label=odd", as_csv(rows(n_rows=10_400)))["id"]
    asked = {"detector_id": detector, "dataset_id": many}
    seen.jobs["detect"] = _done(client, client.ask("POST", "/detections", asked, **{"X-Request-ID": "the-detection"}))
    source = client.ask("POST", "/sources", {"name": "till", "kind": "sqlite", "settings": {"path": "till.db"}})["id"]
    pulled = client.ask("POST", f"/sources/{source}/pull", {"selection": {"table": "orders"}, "name": "from the till"})
    seen.jobs["pull"] = _done(client, pulled)
    question = {"detector": "watch", "columns": ["amount", "speed", "device"], "rows": [[70.0, 0.1, "ios"]]}
    assert [client.ask("POST", "/scores", question)["version"] for _ in range(3)] == [1, 1, 1]
    ids = {operation.path.split("/")[3]: PLANTED for operation in OPERATIONS if operation.is_about_a_thing}
    for operation in sorted(OPERATIONS, key=lambda one: one.name == "sign_out"):
        content = None if operation.method in ("GET", "DELETE") else {"password": PLANTED, "name": PLANTED}
        client.ask(operation.method, operation.address(ids).removeprefix("/api/v1"), content)
    for secret in ("/nowhere/" + PLANTED, f"/jobs?cursor={PLANTED}", f"/jobs/{PLANTED}%0Aforged"):
        client.ask("GET", secret)
    Client(base, PLANTED).ask("GET", "/me")


def _done(client: Client, job: Any) -> str:
    assert "id" in job, job
    _wait_for(lambda: client.ask("GET", f"/jobs/{job['id']}")["status"] in ("succeeded", "failed"))
    return str(job["id"])


def _total(samples: dict[Any, float], name: str, **labels: str) -> float:
    return sum(
        value for (found, told), value in samples.items() if found == name and labels.items() <= dict(told).items()
    )


def test_every_route_has_been_counted_and_measured_by_its_template(watched) -> None:
    for operation in OPERATIONS:
        where = {"route": operation.path, "method": operation.method}
        assert _total(watched.server_samples, "pynomaly_http_requests_total", **where) >= 1, operation.name
        assert _total(watched.server_samples, "pynomaly_http_request_seconds_count", **where) >= 1, operation.name


def test_no_label_is_of_a_clients_making(watched) -> None:
    templates = {operation.path for operation in OPERATIONS} | {"unmatched", "/api/openapi.json"}
    templates |= {"/api/docs", "/api/docs/page.css"} | {path for path, _ in page_routes()}
    routes = {dict(labels)["route"] for _, labels in watched.server_samples if "route" in dict(labels)}
    assert routes <= templates
    assert PLANTED not in repr(watched.server_samples)


@pytest.mark.parametrize("kind", JobKind)
def test_every_kind_of_job_has_been_counted_where_it_was_done(watched, kind) -> None:
    assert _total(watched.worker_samples, "pynomaly_job_attempts_total", kind=kind, outcome="succeeded") >= 1
    assert _total(watched.worker_samples, "pynomaly_job_attempt_seconds_count", kind=kind) >= 1


@pytest.mark.parametrize("kind", JobKind)
def test_both_show_every_queue(watched, kind) -> None:
    for samples in (watched.server_samples, watched.worker_samples):
        for name in ("pynomaly_jobs_waiting", "pynomaly_jobs_running", "pynomaly_oldest_waiting_job_seconds"):
            assert (name, frozenset({("kind", kind.value)})) in samples


def test_every_level_of_every_cache_and_every_kind_of_channel_has_its_figures(watched) -> None:
    for cache in ("detector", "model"):
        looks = [
            _total(watched.server_samples, "pynomaly_cache_requests_total", cache=cache, level=level, outcome=outcome)
            for level, outcome in (("memory", "hit"), ("store", "hit"), ("redis", "hit"))
        ]
        assert looks[0] >= 1
        assert looks[1] >= 1
        assert looks[2] == 0  # there is none here
    for samples in (watched.server_samples, watched.worker_samples):
        kinds = {dict(labels).get("channel_kind") for name, labels in samples if name == "pynomaly_deliveries_waiting"}
        assert kinds == {"slack", "email", "webhook"}
        counted = {dict(labels)["channel_kind"] for name, labels in samples if name.startswith("pynomaly_delivery_a")}
        assert counted == kinds


def test_the_worker_is_seen_the_events_are_counted_and_the_database_is_up(watched) -> None:
    for samples in (watched.server_samples, watched.worker_samples):
        assert _total(samples, "pynomaly_workers") == 1
        assert _total(samples, "pynomaly_events_total") >= 5
        assert _total(samples, "pynomaly_database_up") == 1
        assert 0 < _total(samples, "pynomaly_disk_free_bytes") <= _total(samples, "pynomaly_disk_size_bytes")


def test_nothing_is_shown_that_the_table_does_not_name(watched) -> None:
    named = {sample for row in METRICS for sample in row.samples}
    shown = {name for samples in (watched.server_samples, watched.worker_samples) for name, _ in samples}
    assert shown <= named
    if sys.platform == "linux":
        assert {row.name for row in OF_THE_PROCESS} <= shown


def test_metrics_are_not_on_the_port_of_the_api(watched) -> None:
    assert _total(watched.server_samples, "pynomaly_http_requests_total", route="unmatched") >= 1
    assert all("/metrics" not in operation.path for operation in OPERATIONS)


def test_every_line_is_an_object_and_says_when_where_and_what(watched) -> None:
    for process in (watched.server, watched.worker):
        lines = process.lines
        assert lines
        assert all({"at", "level", "logger", "event"} <= line.keys() for line in lines)


def test_every_request_has_a_line_with_its_id_and_who_asked(watched) -> None:
    lines = [line for line in watched.server.lines if line["logger"] == "pynomaly.access"]
    assert len(lines) == _total(watched.server_samples, "pynomaly_http_requests_total")
    (detection,) = [line for line in lines if line["request_id"] == "the-detection"]
    assert (detection["method"], detection["route"], detection["status"]) == ("POST", "/api/v1/detections", 202)
    assert detection["actor"].startswith("user:")
    assert detection["tenant_id"]


def test_lines_about_a_job_carry_its_id(watched) -> None:
    events = {(line["event"], line.get("job_id")) for line in watched.worker.lines}
    for job_id in watched.jobs.values():
        assert {("job_taken", job_id), ("job_succeeded", job_id)} <= events


def test_requests_and_jobs_are_sent_as_spans(watched) -> None:
    names = {span.name for span in watched.spans}
    assert {"POST /api/v1/detections", "job train", "job detect"} <= names


def test_no_secret_is_in_logs_metrics_or_spans(watched) -> None:
    for secret in (PLANTED, PASSWORD, "A-00007"):
        for text in (watched.server.log.read_text(), watched.worker.log.read_text(), repr(watched.spans)):
            assert secret not in text


def test_both_end_when_told_to(watched) -> None:
    assert watched.codes[0] in (0, -signal.SIGTERM)
    assert watched.codes[1] == 0
