"""What came of a fuzz run: how many requests, what was answered, what was wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schemathesis.engine import events

MOST_SHOWN = 40


@dataclass
class Tally:
    """Counts of one role, and one example of each kind of failure."""

    role: str
    by_phase: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    failures: dict[tuple[str, ...], str] = field(default_factory=dict)
    operations: set[str] = field(default_factory=set)
    succeeded: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def n_cases(self) -> int:
        """How many requests were answered."""
        return self.by_status.total()

    def take(self, event: Any) -> None:
        """Take one event of the engine in."""
        if isinstance(event, events.ScenarioFinished):
            self._take_scenario(event)
        elif isinstance(event, events.NonFatalError):
            self.failures[(event.label, "error of the engine", repr(event.value)[:200])] = ""
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.EngineFinished):
            self.seconds += event.running_time

    def lines(self) -> Iterator[str]:
        """Yield what there is to read."""
        classes = Counter(f"{status // 100}xx" for status in self.by_status.elements())
        told = "  ".join(f"{name} {classes[name]}" for name in sorted(classes))
        phases = ", ".join(f"{name} {count}" for name, count in self.by_phase.items())
        yield f"{self.role:<9}{self.n_cases:>7} cases ({phases}) in {self.seconds:.0f} s:  {told}"
        for kind, example in list(self.failures.items())[:MOST_SHOWN]:
            yield "  FAILED " + " | ".join(kind)
            yield "         " + example

    def _take_scenario(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        self.operations.update(node.value.operation.label for node in recorder.cases.values())
        for case_id, interaction in recorder.interactions.items():
            status = interaction.response.status_code if interaction.response else 0
            self.by_phase[event.phase.value] += 1
            self.by_status[status] += 1
            self.succeeded[recorder.cases[case_id].value.operation.label] += 200 <= status < 300
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    self._fail(check.name, check.failure_info, recorder.interactions[case_id].response)

    def _fail(self, check: str, info: Any, response: Any) -> None:
        failure = info.failure
        said = failure.message.split("\n\n")[0].replace("\n", " ")[:160]
        status = str(response.status_code) if response is not None else "no answer"
        body = response.content[:300].decode("utf-8", "replace") if response is not None else ""
        self.failures.setdefault(
            (str(failure.operation), check, status, said), f"{info.code_sample[:600]}\n         {body}"
        )
