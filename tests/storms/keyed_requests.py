"""A thousand requests, each many times at once under its own key, while servers are killed under some of them."""

import threading
import uuid
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from tests.storms.customers import SMALL_ROWS, Customer
from tests.storms.duplicates import Duplicates, Keyed
from tests.storms.honest_client import HonestClient, Line
from tests.storms.installation import Installation, Running
from tests.storms.ledger import Action, Ledger, Promise

TRAINED_SHARE = 0.1  # the other requests create detectors; each training has to be done afterwards


@dataclass(slots=True)
class KeyedRequests:
    """Sends and counts; `prepare` first."""

    installation: Installation
    ledger: Ledger
    rng: np.random.Generator
    dataset: str = field(default="", init=False)
    _detector: str = field(default="", init=False)
    _client: HonestClient = field(init=False)
    _apis: list[Running] = field(init=False)
    _duplicates: Duplicates = field(init=False)

    @property
    def token(self) -> str:
        """Of the session."""
        return self._client.token

    @property
    def answers(self) -> Counter[str]:
        """How often each kind of answer came."""
        return self._duplicates.answers

    @property
    def faults(self) -> list[str]:
        """What was answered and should not have been."""
        return self._duplicates.faults

    def prepare(self, n_duplicates: int) -> None:
        """Start the servers, and make what the requests are about."""
        ports = self.installation.ports
        self._apis = [self.installation.start_api(port) for port in ports]
        self._client = HonestClient(ports)
        customer = Customer(self._client, self.ledger, self.rng)
        self.dataset, self._detector = customer.upload(SMALL_ROWS), customer.create("isolation_forest")
        self._wait_for_servers()
        lines = [Line(ports[number % len(ports)]) for number in range(n_duplicates)]
        self._duplicates = Duplicates(lines, self.token)

    def send(self, n_keys: int, n_kills: int) -> None:
        """Send everything; what was left without an answer by a kill is asked for again in the end."""
        struck = set(self.rng.choice(n_keys, size=n_kills, replace=False).tolist())
        unsure: list[tuple[Keyed, set[bytes]]] = []
        for number in range(n_keys):
            request = self._request()
            if number in struck:
                unsure.append((request, self._send_and_kill(request)))
            elif bodies := self._duplicates.send(request):
                self._duplicates.replay(request, bodies)
                self._promise(request, bodies)
            else:
                unsure.append((request, bodies))
        for request, bodies in unsure:
            self._settle(request, bodies)

    def close(self) -> None:
        """Hang up."""
        for line in (self._client, *self._duplicates.lines):
            line.close()

    def _request(self) -> Keyed:
        key = uuid.uuid4().hex
        if self.rng.random() < TRAINED_SHARE:
            path, content = f"/detectors/{self._detector}/train", {"dataset_id": self.dataset, "seed": 1}
            return Keyed(key, Action.TRAIN, path, content, self._detector)
        return Keyed(key, Action.CREATE, "/detectors", {"name": f"d-{key}", "algorithm": "ecod"})

    def _send_and_kill(self, request: Keyed) -> set[bytes]:
        """Kill a server while the duplicates are on their way, and start it again."""
        place = int(self.rng.integers(len(self._apis)))
        strike = threading.Timer(float(self.rng.uniform(0.0, 0.2)), self._apis[place].kill_group)
        strike.start()
        bodies = self._duplicates.send(request, may_be_silent=True)
        strike.join()
        self._apis[place] = self.installation.start_api(self.installation.ports[place])
        self._wait_for_servers()
        return bodies

    def _wait_for_servers(self) -> None:
        for port in self.installation.ports:
            with closing(HonestClient([port], self.token)) as client:
                client.ask("GET", "/health/ready")

    def _settle(self, request: Keyed, bodies: set[bytes]) -> None:
        """Ask until there is an answer; it has to be the one that others got."""
        answer = self._client.ask("POST", request.path, request.content, key=request.key)
        if answer.status != request.expected or (bodies and answer.body not in bodies):
            self.faults.append(f"key {request.key} after a kill: {answer.status} {answer.body[:200]!r}")
            return
        self._duplicates.replay(request, {answer.body})
        self._promise(request, {answer.body})

    def _promise(self, request: Keyed, bodies: set[bytes]) -> None:
        for body in bodies:
            made = str(self._duplicates.id_in(body))
            self.ledger.write(Promise(request.action, request.key, made, request.detector))
