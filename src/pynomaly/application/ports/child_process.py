"""Disposable processes: work that may crash, leak or never end is done in one, and the process goes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from pynomaly.domain.algorithm import JsonValue


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The task returned; `result` is what it came to."""

    result: JsonValue


@dataclass(frozen=True, slots=True)
class Refused:
    """The task raised an error: the name of a class in domain.errors, or of any other exception, and its sentence."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """The process died; `reason` says of what, as far as anybody can tell ("out of memory", "deadline", ...)."""

    reason: str


Outcome: TypeAlias = Succeeded | Refused | Crashed
"""How a child ended."""


class ChildProcess(Protocol):
    """A running task. Leaving the `with` block ends the process, whatever it is doing."""

    def poll(self, timeout_seconds: float) -> Sequence[Mapping[str, JsonValue]]:
        """Wait at most so long and return the progress reports that came."""
        ...

    @property
    def outcome(self) -> Outcome | None:
        """How the child ended, None while it runs."""
        ...

    def terminate(self) -> None:
        """End the process at once."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
