"""What about a table may surprise whoever looks for anomalies in it, and what detection makes of it."""

from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """How much a finding matters."""

    NOTE = "note"  # good to know
    WARNING = "warning"  # results may be worse, or other than expected
    PROBLEM = "problem"  # nothing can be learned


class QualityKind(StrEnum):
    """What was found."""

    NOTHING_TO_LEARN = "nothing_to_learn"
    TOO_FEW_ROWS = "too_few_rows"
    REPEATED_ROWS = "repeated_rows"
    SAME_COLUMNS = "same_columns"
    ALIKE_COLUMNS = "alike_columns"
    MISSING = "missing"
    CONSTANT = "constant"
    IDENTIFIER = "identifier"
    NUMBERS_AS_TEXT = "numbers_as_text"
    FAR_VALUES = "far_values"
    NOTHING_REPEATS = "nothing_repeats"
    RARE_WORDS = "rare_words"
    PROSE = "prose"
    NESTED = "nested"
    LABEL = "label"
    TIMES = "times"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """One finding.

    column: the one it is about, None where it is about the table.  effect: what it does to detection.  advice: what
    can be done, empty where there is nothing to do.
    """

    kind: QualityKind
    severity: Gravity
    column: str | None
    sentence: str
    effect: str
    advice: str = ""


def by_gravity(findings: list[QualityFinding]) -> tuple[QualityFinding, ...]:
    """Return findings, problems first and notes last, otherwise in the order given."""
    return tuple(sorted(findings, key=lambda finding: -list(Gravity).index(finding.severity)))
