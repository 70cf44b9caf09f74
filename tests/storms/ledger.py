"""What the clients were promised, written down outside of the installation."""

import json
import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path


class Action(StrEnum):
    """What was asked for."""

    UPLOAD = "upload"
    CREATE = "create"
    TRAIN = "train"
    DETECT = "detect"
    DETECT_AT_ONCE = "detect at once"


JOBS = (Action.TRAIN, Action.DETECT)


@dataclass(frozen=True, slots=True)
class Promise:
    """An answer of 201 or 202: the id of the job or thing, and the detector it is about."""

    action: Action
    key: str
    id: str
    detector: str = ""


@dataclass(slots=True)
class Ledger:
    """Promises in a file and in memory, from any thread."""

    path: Path
    promises: list[Promise] = field(default_factory=list, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def write(self, promise: Promise) -> None:
        """Write a promise down before anybody acts on it."""
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(promise)) + "\n")
            self.promises.append(promise)

    def ids(self, *actions: Action) -> list[str]:
        """Return what was promised of some kinds."""
        with self._lock:
            return [one.id for one in self.promises if one.action in actions]

    @property
    def counts(self) -> Counter[str]:
        """How many promises of each kind there are."""
        with self._lock:
            return Counter(one.action.value for one in self.promises)
