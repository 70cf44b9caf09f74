"""Send events through couriers that are killed to a receiver that flaps, and count what arrived.

Usage: python -m tests.storms.event_storm [--seed N] [--size small|full|EVENTS] [--database sqlite|postgresql|both]

Prints counts and a verdict; exits 1 unless every committed event arrived under one id of its own, none that was rolled
back did, each detector's events came in their order, and an independent implementation accepted every signature.
"""

import base64
import sys
import time
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from tests.storms.arena import Arena
from tests.storms.command_line import run
from tests.storms.event_judgement import faults_of_events
from tests.storms.event_source import EventSource
from tests.storms.flapping_receiver import FlappingReceiver
from tests.storms.honest_client import HonestClient
from tests.storms.installation import Installation, Running, installed, wait_for_start
from tests.storms.process_table import wait_until
from tests.storms.storm_report import say, verdict, versions

ARRIVAL_SECONDS = 900.0
MEAN_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class EventStormSize:
    """How many events through how many channels, each with detectors of its own; how many couriers' processes."""

    n_events: int
    n_channels: int
    n_detectors_each: int
    n_workers: int
    n_kills: int

    @staticmethod
    def of(text: str) -> "EventStormSize":
        """Read `small`, `full` or a number of events. Raises ValueError."""
        if text == "small":
            return EventStormSize(240, 3, 2, 2, 2)
        n_events = 10_000 if text == "full" else int(text)
        return EventStormSize(n_events, 8, 5, 3, max(2, n_events // 400))


def storm(place: Arena, seed: int, size: EventStormSize) -> bool:
    """Storm an installation in an arena; whether everything was as promised."""
    say(f"event storm  seed {seed}  {size}  in {place.folder}")
    say(versions(place.url))
    drawn, flapping = np.random.default_rng(seed).spawn(2)
    receiver = FlappingReceiver(_secret(drawn), flapping)
    with (
        receiver.listening(),
        installed(place.folder, place.url, n_apis=1, more={"PYNOMALY_OUTBOUND_ALLOW": "127.0.0.1"}) as installation,
        closing(HonestClient(installation.ports)) as client,
    ):
        installation.start_api(installation.ports[0])
        detectors = _furnish(client, receiver, size)
        source = EventSource(installation, detectors, drawn)
        began = time.monotonic()
        _kill_while_events_flow(installation, source, receiver, drawn, size)
        say(f"killing is over after {time.monotonic() - began:.0f} s: {len(receiver.received)} arrived by then")
        receiver.heal()
        faults = _faults_of_waiting(client)
        say(f"all settled after {time.monotonic() - began:.0f} s; the receiver did {dict(receiver.ways)}")
        faults += installation.stop()
    return verdict([*faults, *faults_of_events(source.committed, source.undone, receiver)])


def _secret(rng: np.random.Generator) -> str:
    return "whsec_" + base64.b64encode(rng.bytes(32)).decode()


def _furnish(client: HonestClient, receiver: FlappingReceiver, size: EventStormSize) -> list[str]:
    """Make channels, and for each of its detectors a rule; return the detectors."""
    detectors = []
    for number in range(size.n_channels):
        secrets = {"url": f"http://127.0.0.1:{receiver.port}/{number}", "secret": receiver.secret}
        channel = _made(client, "/channels", {"name": f"channel {number}", "kind": "webhook", "secrets": secrets})
        for place in range(size.n_detectors_each):
            detector = _made(client, "/detectors", {"name": f"detector {number}.{place}"})
            rule = {"occasion": "anomalies_found", "channel_ids": [channel], "detector_id": detector}
            _made(client, "/notification-rules", {"name": f"rule {number}.{place}"} | rule)
            detectors.append(detector)
    return detectors


def _made(client: HonestClient, path: str, content: dict[str, object]) -> str:
    answer = client.ask("POST", path, content)
    if answer.status != 201:
        raise AssertionError(f"POST {path}: {answer.status} {answer.body!r}")
    return str(answer.content["id"])


def _kill_while_events_flow(
    installation: Installation,
    source: EventSource,
    receiver: FlappingReceiver,
    rng: np.random.Generator,
    size: EventStormSize,
) -> None:
    """Kill a worker each time another part of the events has arrived, so that there is always something on its way."""
    workers = [installation.start_worker() for _ in range(size.n_workers)]
    wait_for_start(workers)
    with source.flowing(size.n_events):
        for number in range(1, size.n_kills + 1):
            n_enough = size.n_events * number // (size.n_kills + 1)
            wait_until(lambda n=n_enough: len(receiver.received) >= n, ARRIVAL_SECONDS, "messages arrive")
            time.sleep(float(rng.exponential(MEAN_PAUSE_SECONDS)))
            _replace(installation, workers, int(rng.integers(len(workers))))


def _replace(installation: Installation, workers: list[Running], place: int) -> None:
    workers[place].kill_group()
    workers[place] = installation.start_worker()


def _faults_of_waiting(client: HonestClient) -> list[str]:
    """Wait until no delivery is on its way any more."""
    give_up_at = time.monotonic() + ARRIVAL_SECONDS
    idle_since = None
    while time.monotonic() < give_up_at:
        open_ones = [one for status in ("waiting", "sending") for one in _deliveries(client, status)]
        idle_since = (idle_since or time.monotonic()) if not open_ones else None
        if idle_since is not None and time.monotonic() - idle_since > 5.0:  # also nothing that is yet to be routed
            return [f"given up: {one['title']}: {one['last_error']}" for one in _deliveries(client, "failed")]
        time.sleep(1.0)
    return ["deliveries are still on their way"]


def _deliveries(client: HonestClient, status: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = client.ask("GET", f"/deliveries?status={status}&limit=5").content["items"]
    return items


if __name__ == "__main__":
    sys.exit(run(storm, __doc__, EventStormSize.of))
