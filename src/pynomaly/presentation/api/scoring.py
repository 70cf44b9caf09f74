"""What `/scores` works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.ports.tables import RowReader
from pynomaly.application.use_cases.score_rows import ScoreRows
from pynomaly.domain.identifiers import TenantId
from pynomaly.presentation.api.score_bodies import ScoreBodies

AsArrow: TypeAlias = Callable[[ScoredRows, Mapping[str, str]], bytes]
"""Writes a result as an Arrow stream, with what it is about."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """score_rows_of: the use case of one workspace.  unfold: turns a file of any format into an Arrow body."""

    bodies: ScoreBodies
    reader: RowReader
    score_rows_of: Callable[[TenantId], ScoreRows]
    as_arrow: AsArrow
    unfold: Callable[[Path], bytes]
