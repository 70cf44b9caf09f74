"""What clients saw of a fault: whether each answer was one that is allowed, and how soon all was well again."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.traffic import Answered
from tests.storms.storm_report import say

MOST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Broken:
    """One fault. name: for people.  from_, until: moments of `time.monotonic` between which something was broken.

    named: the problems that may be answered meanwhile, besides what is answered on a good day.
    """

    name: str
    from_: float
    until: float
    named: Collection[str]


def faults_of(broken: Broken, answers: Sequence[Answered]) -> Iterator[str]:
    """Say in figures what happened, and yield what should not have."""
    meant = [one for one in answers if one.until >= broken.from_]
    bad = [one for one in meant if not one.is_well]
    seen = Counter(f"{one.question.name}: {one.status} {one.problem}".strip() for one in bad)
    recovery = max((one.until - broken.until for one in bad), default=0.0)
    worst = max((one.seconds for one in meant), default=0.0)
    say(
        f"{broken.name}: broken for {broken.until - broken.from_:.1f} s, {len(meant)} requests, {len(bad)} told that "
        f"something is wrong {dict(seen)}, slowest answer {worst:.2f} s, well again after {max(0.0, recovery):.2f} s"
    )
    for one in bad:
        if one.problem not in broken.named:
            yield f"{broken.name}: {one.question.name} was answered {one.status} {one.problem}"
    if recovery > MOST_SECONDS:
        yield f"{broken.name}: it took {recovery:.1f} s until all was well again"
    asked = {one.question.name for one in answers}
    well = {one.question.name for one in answers if one.is_well and one.at >= broken.until}
    for name in sorted(asked - well):
        yield f"{broken.name}: {name} was never answered well afterwards"
