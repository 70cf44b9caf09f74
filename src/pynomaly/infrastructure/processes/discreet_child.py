"""A child that was told secrets: whatever it says of an error, they are not in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from pynomaly.application.ports.child_process import ChildProcess, Outcome, Refused
from pynomaly.application.redaction import redacted
from pynomaly.domain.algorithm import JsonValue


@dataclass(frozen=True, slots=True)
class DiscreetChild:
    """Passes on what a child says; libraries may quote in their errors what they were called with."""

    child: ChildProcess
    secrets: Collection[str] = field(repr=False)

    def poll(self, timeout_seconds: float) -> Sequence[Mapping[str, JsonValue]]:
        """Wait at most so long and return the progress reports that came."""
        return self.child.poll(timeout_seconds)

    @property
    def outcome(self) -> Outcome | None:
        """How the child ended, None while it runs."""
        found = self.child.outcome
        return None if found is None else discreet_outcome(found, self.secrets)

    def terminate(self) -> None:
        """End the process at once."""
        self.child.terminate()

    def __enter__(self) -> Self:
        self.child.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.__exit__(kind, error, trace)


def discreet_outcome(outcome: Outcome, secrets: Collection[str]) -> Outcome:
    """Return how a child ended, without secrets in what it said."""
    if isinstance(outcome, Refused) and secrets:
        return Refused(outcome.kind, redacted(outcome.detail, secrets))
    return outcome
