"""Break what the program leans on, under traffic, and see that everybody is told what is wrong and all is well soon.

Usage: python -m tests.faults.faults [--seed N] [--size small|full] [--fault NAME]

The database server is restarted, Redis is flushed, frozen and killed, the disk is filled to the last byte, the receiver
of a channel hangs. Prints what clients saw; exits 1 unless every answer was one of a good day or named what is wrong,
and all was well again within ten seconds.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.faults.notified import WEBHOOK_SECRET, Notified
from tests.faults.questions import furnish, questions
from tests.faults.recovery import Broken, faults_of
from tests.faults.small_disk import NoSmallDisk, small_disk
from tests.faults.traffic import Traffic
from tests.private_redis import NoRedisProgram, running_redis
from tests.storms.customers import Customer
from tests.storms.flapping_receiver import FlappingReceiver
from tests.storms.honest_client import HonestClient
from tests.storms.installation import Installation, installed, wait_for_start
from tests.storms.ledger import Ledger
from tests.storms.private_postgres import NoServerPrograms, private_postgres
from tests.storms.storm_report import say, verdict, versions

UNAVAILABLE, FULL = "/problems/unavailable", "/problems/storage-full"
DISK_MEGABYTES = 64
CALM_SECONDS = 2.0
AFTER_SECONDS = 6.0


@dataclass(slots=True)
class Scene:
    """An installation under traffic. broken: what was broken so far."""

    installation: Installation
    traffic: Traffic
    customer: Customer
    rng: np.random.Generator
    broken: list[Broken]

    @contextmanager
    def breaking(self, name: str, *named: str) -> Iterator[None]:
        """Note that something is broken within the block; look on for a while afterwards."""
        time.sleep(CALM_SECONDS)
        from_ = time.monotonic()
        yield
        self.broken.append(Broken(name, from_, time.monotonic(), named))
        time.sleep(AFTER_SECONDS)

    def pause(self) -> None:
        """Leave it broken for some seconds."""
        time.sleep(float(self.rng.uniform(2.0, 4.0)))


@contextmanager
def _scene(folder: Path, url: str | None, seed: int, more: Mapping[str, str]) -> Iterator[Scene]:
    rng = np.random.default_rng(seed)
    with installed(folder, url, n_apis=2, more=more) as installation, ExitStack() as leaving:
        say(versions(url))
        for port in installation.ports:
            installation.start_api(port)
        wait_for_start([installation.start_worker() for _ in range(2)])
        client = leaving.enter_context(closing(HonestClient(installation.ports)))
        customer = Customer(client, Ledger(folder / "ledger.jsonl"), rng)
        about = furnish(customer)
        traffic = Traffic(installation.ports, client.token, questions(about, rng))
        yield Scene(installation, traffic, customer, rng, [])


def _judged(scene: Scene) -> Iterator[str]:
    """Judge each fault by the answers from its beginning to that of the next one, then see every job end well."""
    beginnings = [one.from_ for one in scene.broken] + [float("inf")]
    for broken, next_one in zip(scene.broken, beginnings[1:], strict=True):
        answers = [one for one in scene.traffic.answers if one.at < next_one]
        yield from faults_of(broken, [one for one in answers if one.until >= broken.from_ - CALM_SECONDS])
    yield from _faults_of_jobs(scene.customer.client)


def _faults_of_jobs(client: HonestClient) -> Iterator[str]:
    give_up_at = time.monotonic() + 90.0
    while True:
        states = [job["status"] for job in _all_jobs(client)]
        if set(states) <= {"succeeded"}:
            say(f"jobs: all {len(states)} that were taken are done")
            return
        if time.monotonic() > give_up_at:
            yield f"jobs: {[one for one in states if one != 'succeeded']} of {len(states)} did not succeed"
            return
        time.sleep(0.5)


def _all_jobs(client: HonestClient) -> Iterator[dict[str, object]]:
    cursor = ""
    while True:
        page = client.ask("GET", f"/jobs?limit=200{cursor}").content
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={page['next_cursor']}"


def database_restarted(folder: Path, seed: int, n_times: int) -> Iterator[str]:
    """Kill the database server, leave it dead for some seconds, start it again."""
    with private_postgres() as server, _scene(folder, server.url, seed, {}) as scene:
        with scene.traffic.flowing():
            for number in range(n_times):
                with scene.breaking(f"database restarted {number + 1}", UNAVAILABLE):
                    server.kill()
                    scene.pause()
                    server.start()
        yield from _judged(scene)


def redis_lost(folder: Path, seed: int, n_times: int) -> Iterator[str]:
    """Flush, freeze and kill Redis: nobody may notice."""
    with ExitStack() as leaving:
        server, database = leaving.enter_context(running_redis()), leaving.enter_context(private_postgres())
        more = {"PYNOMALY_REDIS_URL": server.url}
        scene = leaving.enter_context(_scene(folder, database.url, seed, more))
        with scene.traffic.flowing():
            for number in range(n_times):
                with scene.breaking(f"Redis flushed {number + 1}"), server.client() as client:
                    client.flushall()
                with scene.breaking(f"Redis frozen {number + 1}"):
                    server.freeze()
                    scene.pause()
                    server.thaw()
                with scene.breaking(f"Redis killed {number + 1}"):
                    server.kill()
                    scene.pause()
                    server.start()
        yield from _judged(scene)


def disk_full(folder: Path, seed: int, n_times: int) -> Iterator[str]:
    """Fill the disk with home and database to the last byte, then make room."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    with small_disk(home, DISK_MEGABYTES) as disk, _scene(folder, None, seed, {}) as scene:
        with scene.traffic.flowing():
            for number in range(n_times):
                with scene.breaking(f"disk full {number + 1}", FULL, UNAVAILABLE):
                    disk.fill()
                    scene.pause()
                    disk.empty()
        yield from _judged(scene)


def receiver_hangs(folder: Path, seed: int, n_times: int) -> Iterator[str]:
    """Let the receiver of a channel hang: nobody may notice but whoever looks at the deliveries."""
    receiver = FlappingReceiver(WEBHOOK_SECRET, np.random.default_rng(seed))
    receiver.heal()
    with ExitStack() as leaving:
        leaving.enter_context(receiver.listening())
        scene = leaving.enter_context(_scene(folder, None, seed, {"PYNOMALY_OUTBOUND_ALLOW": "127.0.0.1"}))
        watch = Notified(scene.customer.client, receiver)
        watch.tell_of_findings()
        with scene.traffic.flowing():
            for number in range(n_times):
                with scene.breaking(f"receiver hangs {number + 1}"):
                    receiver.hang()
                    yield from watch.faults_while_it_hangs()
                    receiver.heal()
                    yield from watch.faults_afterwards()
        yield from _judged(scene)


FAULTS: Mapping[str, Callable[[Path, int, int], Iterator[str]]] = {
    "database": database_restarted,
    "redis": redis_lost,
    "disk": disk_full,
    "receiver": receiver_hangs,
}
"""THE TABLE of what is broken."""


def broken(name: str, seed: int, n_times: int) -> list[str]:
    """Break one thing in an installation of its own, and return what should not have happened."""
    say(f"fault {name}  seed {seed}  {n_times} times")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        try:
            return list(FAULTS[name](Path(folder), seed, n_times))
        except (NoServerPrograms, NoRedisProgram, NoSmallDisk) as reason:
            return [f"NOT BROKEN: {name}: {reason}"]


def main() -> int:
    """Break what the command line asks for; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--size", choices=("small", "full"), default="small")
    options.add_argument("--fault", choices=FAULTS, action="append")
    asked = options.parse_args()
    n_times = 1 if asked.size == "small" else 5
    found = [fault for name in asked.fault or FAULTS for fault in broken(name, asked.seed, n_times)]
    return 0 if verdict(found) else 1


if __name__ == "__main__":
    sys.exit(main())
