"""Requests that arrive many times at once under one idempotency key, and what each of them is answered."""

import http.client
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.at_once import at_once
from tests.storms.honest_client import TRY_AGAIN, Answer, Line
from tests.storms.ledger import Action

SILENCE = "no answer"
REUSED = "/problems/idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request with its key. expected: the status of its success."""

    key: str
    action: Action
    path: str
    content: Mapping[str, object]
    detector: str = ""

    @property
    def expected(self) -> int:
        """The status of success."""
        return 201 if self.action is Action.CREATE else 202


@dataclass(slots=True)
class Duplicates:
    """Sends duplicates, each over a line of its own, and counts what came back.

    Answers have to be the same one success, or say that another attempt is at work.
    """

    lines: Sequence[Line]
    token: str
    answers: Counter[str] = field(default_factory=Counter, init=False)
    faults: list[str] = field(default_factory=list, init=False)

    def send(self, request: Keyed, *, may_be_silent: bool = False) -> set[bytes]:
        """Send it on all lines at once; return the different bodies of success.

        may_be_silent: whether a server is about to be killed, so that there may be no answer.
        """
        found = at_once(len(self.lines), lambda number: self.ask(self.lines[number], request))
        bodies = {one.body for one in found if isinstance(one, Answer) and one.status == request.expected}
        words = [self._word(one, request) for one in found]
        self.answers.update(words)
        if SILENCE in words and not may_be_silent:
            self.faults.append(f"key {request.key} was not answered {words.count(SILENCE)} times")
        if len(bodies) > 1:
            self.faults.append(f"key {request.key} was answered in {len(bodies)} ways")
        return bodies

    def replay(self, request: Keyed, bodies: set[bytes]) -> None:
        """Send it once more, which has to be answered as before; then with other content, which has to be refused."""
        again = self.ask(self.lines[0], request)
        self.answers[f"replay {again.status}"] += 1
        if again.body not in bodies or again.headers.get("idempotent-replayed") != "true":
            self.faults.append(f"key {request.key} was not replayed: {again.status} {again.body[:200]!r}")
        other = Keyed(request.key, request.action, request.path, {**request.content, **OTHER[request.action]})
        refused = self.ask(self.lines[-1], other)
        self.answers[f"other content {refused.status}"] += 1
        if refused.status != 422 or refused.problem != REUSED:
            self.faults.append(f"key {request.key} with other content: {refused.status} {refused.body[:200]!r}")

    def ask(self, line: Line, request: Keyed) -> Answer:
        """Send it on one line. Raises OSError, http.client.HTTPException."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = json.dumps(request.content).encode()
        return line.ask("POST", request.path, body, headers | {"Idempotency-Key": request.key})

    def id_in(self, body: bytes) -> object:
        """Return the id of what an answer says was made."""
        return json.loads(body)["id"]

    def _word(self, found: object, request: Keyed) -> str:
        match found:
            case Answer() if found.status == request.expected:
                return "replay" if "idempotent-replayed" in found.headers else "success"
            case Answer() if found.problem in TRY_AGAIN:
                return found.problem.rpartition("/")[2]
            case Answer():
                self.faults.append(f"key {request.key}: {found.status} {found.body[:200]!r}")
                return str(found.status)
            case OSError() | http.client.HTTPException():
                return SILENCE
            case _:
                self.faults.append(f"key {request.key}: {found!r}")
                return "a mistake of the storm"


OTHER: Mapping[Action, Mapping[str, object]] = {Action.CREATE: {"algorithm": "hbos"}, Action.TRAIN: {"seed": 4711}}
"""What makes the content of a request another one."""
