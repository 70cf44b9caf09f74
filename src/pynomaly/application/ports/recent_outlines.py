"""Outlines of scores that were drawn a moment ago: whoever moves a line asks again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from pynomaly.domain.identifiers import ModelDigest, ScoresDigest
from pynomaly.domain.score_outline import ScoreOutline


class NoEstimate(StrEnum):
    """Why nothing can be said about false alarms."""

    TRAINING_ROWS = "training_rows"  # these rows were learned from, and would be compared with themselves
    RANK_ONLY = "rank_only"  # the training rows' own scores are all there is to compare with
    DETECTOR_GONE = "detector_gone"  # and with it what rows would be compared with


@dataclass(frozen=True, slots=True, eq=False)
class Outlined:
    """The outline of a detection's scores. no_estimate: why it has no expected false alarms, None where it has."""

    scores: ScoreOutline
    no_estimate: NoEstimate | None


OutlineKey: TypeAlias = tuple[ScoresDigest, ModelDigest | None, str]
"""All that an outline depends on: the scores, the model if it is still there, the fingerprint of the rows."""


class RecentOutlines(Protocol):
    """Outlines at hand. Digests stand for one content for ever, so what is kept is never out of date."""

    def get(self, key: OutlineKey, draw: Callable[[], Outlined]) -> Outlined:
        """Return an outline, drawing it where it is not at hand. Raises what `draw` raises."""
        ...
