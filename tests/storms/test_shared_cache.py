"""Two real server processes that share a Redis server: what one changes the other knows; losing it fails no request."""

import json
import threading
import time
from dataclasses import dataclass, field

import pytest

from pynomaly.application.ports.asking import BY_LOCAL_USER, Asked
from pynomaly.application.ports.warm_models import FRESH_SECONDS
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.settings import Settings
from tests.private_redis import private_redis
from tests.service.furnished import rows
from tests.storms.honest_client import HonestClient
from tests.storms.installation import START_SECONDS, installed
from tests.storms.process_table import wait_until

pytestmark = pytest.mark.slow
QUESTION = {"columns": ["amount", "speed"], "rows": [[70.0, 0.1], [640.0, 11.5]]}


@dataclass
class Pair:
    """Two servers of one installation, a client of each, and what they share."""

    redis: object
    clients: list[HonestClient]
    workspace: object
    ports: tuple[int, ...]


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    with (
        private_redis() as redis,
        installed(folder, None, n_apis=2, more={"PYNOMALY_REDIS_URL": redis.url}) as installation,
    ):
        shared = adapters(Settings(home=installation.home, threads=1, origins={}))
        workspace = open_workspace(shared, BY_LOCAL_USER)
        workspace.register_dataset(source=rows().select(["amount", "speed"]), name="orders", source_name="")
        for name in ("watch", "gone soon"):
            workspace.create_detector(name=name, algorithm="isolation_forest", parameters={"n_trees": 10})
            for seed in (1, 2):
                workspace.train_detector(detector=name, dataset="orders", seed=seed)
        servers = [installation.start_api(port) for port in installation.ports]
        for one in servers:
            wait_until(lambda one=one: one.has_logged("server_listens"), START_SECONDS, f"{one.name} has started")
        clients = [HonestClient((port,)) for port in installation.ports]
        yield Pair(redis, clients, workspace, installation.ports)
        for client in clients:
            client.close()
        shared.transactions(Asked(LOCAL_TENANT, "the tests")).database.close()


def scored(client, detector):
    """Ask for scores; return when the request began, and the answer."""
    began = time.monotonic()
    return began, client.ask("POST", "/scores", {"detector": detector, **QUESTION})


def test_a_promotion_by_one_server_is_known_to_the_other_within_a_second(pair):
    here, there = pair.clients
    for promoted in (1, 2, 1, 2):
        scored(there, "watch")
        detector = pair.workspace.queries.detector("watch")[0].id
        assert here.ask("POST", f"/detectors/{detector}/promote", {"version": promoted}).status == 200
        known_at = time.monotonic()
        while True:
            began, answer = scored(there, "watch")
            assert answer.status == 200
            if answer.content["version"] == promoted:
                break
            assert began < known_at + FRESH_SECONDS, "a request that began more than a second later does not know it"
    assert pair.redis.client().info("commandstats")["cmdstat_getrange"]["calls"] > 4


def test_a_detector_that_was_deleted_elsewhere_is_gone_within_a_second(pair):
    for client in pair.clients:
        assert scored(client, "gone soon")[1].status == 200
    pair.workspace.remove_detector(detector="gone soon")
    known_at = time.monotonic()
    for client in pair.clients:
        while True:
            began, answer = scored(client, "gone soon")
            if answer.status == 404:
                break
            assert (answer.status, began < known_at + FRESH_SECONDS) == (200, True)


@dataclass
class Traffic:
    """Requests to one server, one after the other, until it is told to stop."""

    port: int
    names: tuple[str, ...]
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def flow(self) -> None:
        """Ask for scores, by every name in turn."""
        client = HonestClient((self.port,))
        while not self.is_over.is_set():
            for name in self.names:
                answer = client.ask("POST", "/scores", {"detector": name, **QUESTION})
                self.answers.append((answer.status, json.dumps(answer.content.get("scores")).encode()))
        self.answers.extend([(599, b"asked again")] * client.n_repeats)  # nothing may have to be asked twice
        client.close()


def _go_on(streams: list[Traffic]) -> None:
    """Wait until so much more is answered that what was remembered had to be read again, everywhere."""
    n_seen, began = [len(one.answers) for one in streams], time.monotonic()

    def is_enough() -> bool:
        is_late = time.monotonic() > began + 1.5 * FRESH_SECONDS
        return is_late and all(len(one.answers) > n + 20 for one, n in zip(streams, n_seen, strict=True))

    wait_until(is_enough, 60.0, "requests are answered")


def _spoil(redis):
    client = redis.client()
    for key in client.scan_iter():
        client.set(key, b"poison", px=5000)


def test_losing_the_shared_cache_in_the_middle_of_traffic_fails_no_request(pair):
    identifier = pair.workspace.queries.detector("watch")[0].id
    names = ("watch", identifier, identifier[:10], identifier[:12])
    streams = [Traffic(port, names) for port in pair.ports for _ in range(2)]
    threads = [threading.Thread(target=one.flow) for one in streams]
    for one in threads:
        one.start()
    redis = pair.redis
    try:
        for happening in (
            redis.freeze, redis.thaw, redis.kill, redis.start, redis.client().flushall, lambda: _spoil(redis),
        ):  # fmt: skip
            happening()
            _go_on(streams)
    finally:
        for stream in streams:
            stream.is_over.set()
        for one in threads:
            one.join(60)
    answers = [answer for stream in streams for answer in stream.answers]
    assert {status for status, _ in answers} == {200}
    assert len({scores for _, scores in answers}) == 1
