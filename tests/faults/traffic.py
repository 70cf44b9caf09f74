"""Clients that ask the same things again and again while something breaks, and write down every answer."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.storms.honest_client import Line

CUT_OFF = 0
"""The status of a request that got no answer at all."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one client asks.

    request: returns path and content of the next one.  expected: what it is answered if all is well.
    """

    name: str
    method: str
    request: Callable[[], tuple[str, object]]
    expected: int = 200
    pause_seconds: float = 0.05


@dataclass(frozen=True, slots=True)
class Answered:
    """One request: asked at a moment of `time.monotonic`, and what came of it. problem: the type, empty for none."""

    question: Question
    at: float
    seconds: float
    status: int
    problem: str

    @property
    def is_well(self) -> bool:
        """Whether it is the answer of a day on which nothing is broken."""
        return self.status == self.question.expected

    @property
    def until(self) -> float:
        """When the answer was there."""
        return self.at + self.seconds


@dataclass(slots=True)
class Traffic:
    """Asks every question over and over, each in a thread of its own."""

    ports: Sequence[int]
    token: str
    questions: Sequence[Question]
    answers: list[Answered] = field(default_factory=list, init=False)

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Let it flow until the block is left."""
        stop = threading.Event()
        threads = [
            threading.Thread(target=self._ask, args=(question, self.ports[place % len(self.ports)], stop), daemon=True)
            for place, question in enumerate(self.questions)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _ask(self, question: Question, port: int, stop: threading.Event) -> None:
        line = Line(port)
        while not stop.wait(question.pause_seconds):
            self.answers.append(self._once(question, line))
        line.close()

    def _once(self, question: Question, line: Line) -> Answered:
        at = time.monotonic()
        path, content = question.request()
        kind = "application/octet-stream" if isinstance(content, bytes) else "application/json"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        try:
            answer = line.ask(question.method, path, _written(content), headers)
        except (OSError, http.client.HTTPException) as error:
            return Answered(question, at, time.monotonic() - at, CUT_OFF, type(error).__name__)
        return Answered(question, at, time.monotonic() - at, answer.status, answer.problem)


def _written(content: object) -> bytes | None:
    return content if content is None or isinstance(content, bytes) else json.dumps(content).encode()
