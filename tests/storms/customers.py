"""Load: people who upload, create, train and detect all the time, and keep a ledger of what they were promised."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from tests.storms.honest_client import HonestClient
from tests.storms.ledger import JOBS, Action, Ledger, Promise

SMALL_ROWS, LARGE_ROWS = 300, 10_400  # up to 10 000 rows are scored while the caller waits, more by a job
N_COLUMNS = 4
SETTLE_SECONDS = 180.0
ALGORITHMS = ("isolation_forest", "ecod", "knn")  # the last one takes its time: most of a second for the large rows
_DETECTOR_SHARES = (0.45, 0.45, 0.1)
_SHARES = {Action.TRAIN: 0.5, Action.DETECT: 0.3, Action.DETECT_AT_ONCE: 0.14, Action.CREATE: 0.04, Action.UPLOAD: 0.02}


class BrokenPromise(Exception):
    """A server answered something that the documentation does not allow."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What the customers work with: the ids of two datasets, and of detectors that are trained, the slowest last."""

    small: str
    large: str
    detectors: tuple[str, ...]

    @property
    def slowest(self) -> str:
        """The detector whose jobs take longest."""
        return self.detectors[-1]


@dataclass(slots=True)
class Customer:
    """One client. waiting: the jobs it has yet to see ended; backlog: of how many it asks for no more."""

    client: HonestClient
    ledger: Ledger
    rng: np.random.Generator
    backlog: int = 4
    waiting: list[str] = field(default_factory=list)

    def stock_up(self) -> Stock:
        """Upload the datasets and create the detectors; each is trained once, by whoever works."""
        small, large = self.upload(SMALL_ROWS), self.upload(LARGE_ROWS)
        detectors = tuple(self.create(algorithm) for algorithm in ALGORITHMS)
        for detector in detectors:
            self.train(detector, small)
        self.wait_for_all()
        return Stock(small, large, detectors)

    def act_slowly(self, stock: Stock) -> None:
        """Ask for a job that takes most of a second."""
        self.train(stock.slowest, stock.large)

    def act(self, stock: Stock) -> None:
        """Do one of the things that people do."""
        action = Action(str(self.rng.choice(list(_SHARES), p=list(_SHARES.values()))))
        detector = str(self.rng.choice(stock.detectors, p=_DETECTOR_SHARES))
        match action:
            case Action.TRAIN:
                self.train(detector, stock.small if self.rng.random() < 0.5 else stock.large)
            case Action.DETECT | Action.DETECT_AT_ONCE:
                self.detect(detector, stock.large if action is Action.DETECT else stock.small, action)
            case Action.CREATE:
                self.create(ALGORITHMS[0])
            case Action.UPLOAD:
                self.upload(int(self.rng.integers(50, 100)))

    def upload(self, n_rows: int) -> str:
        """Upload random rows; no two tables are the same."""
        rows = self.rng.normal(size=(n_rows, N_COLUMNS))
        lines = [",".join("abcdefgh"[:N_COLUMNS]), *(",".join(f"{cell:.6f}" for cell in row) for row in rows)]
        return self._promised(Action.UPLOAD, f"/datasets?name=rows-{uuid.uuid4().hex}", "\n".join(lines).encode())

    def create(self, algorithm: str) -> str:
        """Create a detector."""
        return self._promised(Action.CREATE, "/detectors", {"name": f"d-{uuid.uuid4().hex}", "algorithm": algorithm})

    def train(self, detector: str, dataset: str) -> str:
        """Submit a training."""
        content = {"dataset_id": dataset, "seed": int(self.rng.integers(2**31))}
        return self._promised(Action.TRAIN, f"/detectors/{detector}/train", content, detector)

    def detect(self, detector: str, dataset: str, action: Action) -> str:
        """Run or submit a detection, whichever the size of the dataset asks for."""
        return self._promised(action, "/detections", {"detector_id": detector, "dataset_id": dataset}, detector)

    def wait_for_all(self) -> None:
        """Wait until every job of this customer has ended, or for so long that none is coming."""
        give_up_at = time.monotonic() + SETTLE_SECONDS
        while self.waiting and time.monotonic() < give_up_at:
            self.look()

    def look(self) -> None:
        """Strike the jobs that have ended off the list."""
        job = self.waiting.pop(0)
        answer = self.client.ask("GET", f"/jobs/{job}")
        if answer.status != 200:
            raise BrokenPromise(f"job {job} was promised, and now: {answer.status} {answer.body[:300]!r}")
        if answer.content["status"] in ("queued", "running", "cancelling"):
            self.waiting.append(job)
            time.sleep(0.1)

    @property
    def is_waiting_for_enough(self) -> bool:
        """Whether it has more jobs open than it wants."""
        return len(self.waiting) >= self.backlog

    def _promised(self, action: Action, path: str, content: object, detector: str = "") -> str:
        key = uuid.uuid4().hex
        answer = self.client.ask("POST", path, content, key=key)
        if answer.status != (202 if action in JOBS else 201):
            raise BrokenPromise(f"{action} was answered {answer.status}: {answer.body[:300]!r}")
        made = str(answer.content["id"])
        self.ledger.write(Promise(action, key, made, detector))
        if action in JOBS:
            self.waiting.append(made)
        return made


@contextmanager
def customers_at_work(customers: Sequence[Customer], act: Callable[[Customer], object]) -> Iterator[None]:
    """Let customers act again and again, in threads, until the block is left. Raises what any of them raised."""
    stop = threading.Event()

    def work(customer: Customer) -> None:
        while not stop.is_set():
            if customer.is_waiting_for_enough:
                customer.look()
            else:
                act(customer)

    with ThreadPoolExecutor(len(customers), "customer") as threads:
        working = [threads.submit(work, customer) for customer in customers]
        try:
            yield
        finally:
            stop.set()
    for one in working:
        one.result()
