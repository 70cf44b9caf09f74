"""What to know about one column: rules over its profile, each true of how columns are prepared."""

from collections.abc import Callable, Iterator
from shlex import quote
from typing import TypeAlias

from pynomaly.application.profiling import ColumnProfile
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.explanation import Typical
from pynomaly.domain.histogram import NumberBins, TimeBins
from pynomaly.domain.quality import Gravity, QualityFinding, QualityKind

MANY_MISSING, MOSTLY_MISSING, NEARLY_ALL_MISSING = 0.2, 0.5, 0.95
MAX_WORDS = 5_000
"""How many words of a column are told apart: as many as a category's step keeps."""
FAR = 10.0  # usual ranges beyond the usual range: there, detectors that measure distances have taken to logarithms
MOSTLY_ONCE = 2 / 3  # of the rows: with so many different values, those of a third of the rows come once at least
ENOUGH_WORDS = 20  # fewer different words are no flood of them
SOME_UNREADABLE = 0.01

_Rule: TypeAlias = Callable[[ColumnProfile], QualityFinding | None]


def column_findings(profile: ColumnProfile) -> Iterator[QualityFinding]:
    """Yield what there is to know about a column; nothing about one that somebody chose to ignore."""
    for rule in _RULES:
        finding = rule(profile)
        if finding is not None:
            yield finding


def _found(
    kind: QualityKind, severity: Gravity, profile: ColumnProfile, sentence: str, effect: str, advice: str = ""
) -> QualityFinding:
    return QualityFinding(
        kind, severity, profile.column.name, f"Column '{profile.column.name}' {sentence}.", effect, advice
    )


def _is_learned(profile: ColumnProfile) -> bool:
    return profile.column.is_feature and profile.typical != Typical()


def _n_present(profile: ColumnProfile) -> int:
    return profile.n_rows - profile.n_missing


def _missing(profile: ColumnProfile) -> QualityFinding | None:
    share = profile.missing_share
    if not _is_learned(profile) or share < MANY_MISSING:
        return None
    return _found(
        QualityKind.MISSING,
        Gravity.WARNING if share >= MOSTLY_MISSING else Gravity.NOTE,
        profile,
        f"is missing in {profile.n_missing:,} of {profile.n_rows:,} rows ({share:.0%})",
        _effect_of_missing(profile),
        f"If it says little, leave it out: --ignore {quote(profile.column.name)}",
    )


def _effect_of_missing(profile: ColumnProfile) -> str:
    kind = profile.column.kind
    if kind is ColumnKind.TIME:
        return "A missing time counts as equally far from all hours and weekdays."
    if kind is ColumnKind.TEXT:
        return "A missing text counts as an empty one."
    if profile.typical.median is None and kind is not ColumnKind.BOOLEAN:
        return "Missing counts as a word of its own, and as a frequent one it is nothing strange."
    if profile.n_distinct == 1 and profile.typical.median is not None:
        return "There is one value only, so all that is learned is whether a cell holds it."
    filled = (
        "half way between yes and no" if kind is ColumnKind.BOOLEAN else "the median, so by itself it looks ordinary"
    )
    if profile.missing_share >= NEARLY_ALL_MISSING:
        return f"A missing cell counts as {filled}; that one holds anything is a feature of its own, and a rare one."
    return f"A missing cell counts as {filled}; so many are missing that being so says nothing."


def _constant(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.kind is not ColumnKind.CONSTANT:
        return None
    said = "holds nothing" if profile.n_missing == profile.n_rows else "holds the same in every row"
    return _found(
        QualityKind.CONSTANT,
        Gravity.NOTE,
        profile,
        said,
        "It is not learned from: another value in a later row is not noticed.",
        "If it can change, train on rows in which it does.",
    )


def _identifier(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.kind is not ColumnKind.IDENTIFIER or profile.column.is_feature:
        return None
    return _found(
        QualityKind.IDENTIFIER,
        Gravity.NOTE,
        profile,
        "names rows: (nearly) every row has its own value",
        "It is shown with results and not learned from.",
        f"If it measures something, use it: --feature {quote(profile.column.name)}",
    )


def _numbers_as_text(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.kind is not ColumnKind.NUMBER_TEXT or not isinstance(profile.shape, NumberBins):
        return None
    shape = profile.shape
    n_unreadable = _n_present(profile) - sum(shape.counts) - shape.n_below - shape.n_above
    is_much = n_unreadable >= SOME_UNREADABLE * max(1, _n_present(profile))
    unreadable = f"; {n_unreadable:,} cells are none" if n_unreadable > 0 else ""
    return _found(
        QualityKind.NUMBERS_AS_TEXT,
        Gravity.WARNING if is_much else Gravity.NOTE,
        profile,
        f"holds numbers written as text{unreadable}",
        "They are read as numbers; cells that are none count as missing.",
        "See whether those cells mean something of their own, such as 'n/a'." if n_unreadable > 0 else "",
    )


def _far_values(profile: ColumnProfile) -> QualityFinding | None:
    shape, low, high = profile.shape, profile.typical.low, profile.typical.high
    if not _is_learned(profile) or not isinstance(shape, NumberBins) or low is None or high is None or low >= high:
        return None
    far = shape.greatest if shape.greatest - high >= low - shape.least else shape.least
    times = max(shape.greatest - high, low - shape.least) / (high - low)
    if times < FAR:
        return None
    return _found(
        QualityKind.FAR_VALUES,
        Gravity.NOTE,
        profile,
        f"reaches to {far:,.6g}, {times:,.0f} times the usual range ({low:,.6g} to {high:,.6g}) beyond it",
        "Detectors that measure distances weigh how far that is, by its logarithm. isolation_forest and those that "
        "count tails see only that nothing is larger, so that one such cell alone need not be flagged.",
    )


def _nothing_repeats(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.kind is not ColumnKind.CATEGORY or not profile.column.is_feature or _is_learned(profile):
        return None
    return _found(
        QualityKind.NOTHING_REPEATS,
        Gravity.WARNING,
        profile,
        "holds no value twice",
        "Nothing is learned from it: each value would be as rare as any other.",
        f"If it names rows, say so: --id {quote(profile.column.name)}",
    )


def _rare_words(profile: ColumnProfile) -> QualityFinding | None:
    n_words, n_present = profile.n_distinct or 0, _n_present(profile)
    if profile.column.kind is not ColumnKind.CATEGORY or not _is_learned(profile):
        return None
    if n_words <= MAX_WORDS and (n_words < ENOUGH_WORDS or n_words < MOSTLY_ONCE * n_present):
        return None
    if n_words >= MOSTLY_ONCE * n_present:
        effect = "So many values come once that one which does, or was never seen, is nothing strange."
    else:
        effect = f"The {MAX_WORDS:,} most frequent values are told apart; all others count as one."
    return _found(
        QualityKind.RARE_WORDS,
        Gravity.WARNING,
        profile,
        f"holds {n_words:,} different values in {n_present:,} rows",
        effect,
        "A coarser column says more: a region instead of a postcode, a type instead of a name.",
    )


def _prose(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.kind is not ColumnKind.TEXT or not profile.column.is_feature:
        return None
    return _found(
        QualityKind.PROSE,
        Gravity.NOTE,
        profile,
        "holds texts",
        "Learned are their length, their words' number and their shares of digits, capitals and punctuation, not what "
        "they say.",
    )


def _nested(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.kind is not ColumnKind.NESTED:
        return None
    return _found(
        QualityKind.NESTED,
        Gravity.NOTE,
        profile,
        "holds lists, structs or bytes",
        "It is carried along and not learned from.",
        "Write what matters in it as columns of its own.",
    )


def _label(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.role is not ColumnRole.LABEL:
        return None
    return _found(
        QualityKind.LABEL,
        Gravity.NOTE,
        profile,
        "holds known answers",
        "It is not learned from. Results are held against it, and with ten answers of each kind scores become "
        "probabilities where that helps.",
        f"If it is no answer, use it: --feature {quote(profile.column.name)}",
    )


def _times(profile: ColumnProfile) -> QualityFinding | None:
    if profile.column.kind is not ColumnKind.TIME or not _is_learned(profile):
        return None
    return _found(
        QualityKind.TIMES,
        Gravity.NOTE,
        profile,
        "holds times",
        "Learned are the time of day and the day of the week, as far as it has them, never how long ago: being new is "
        "not strange, and gaps and trends are not seen.",
    )


def _ordered(profile: ColumnProfile) -> QualityFinding | None:
    shape = profile.shape
    if profile.column.role is not ColumnRole.TIME or not isinstance(shape, TimeBins) or not shape.is_ascending:
        return None
    return _found(
        QualityKind.ORDERED,
        Gravity.NOTE,
        profile,
        "is in order: rows come one after the other in time",
        "Each row is judged by itself, whatever came before it. p-values take rows for exchangeable; where they change "
        "with time, later rows look stranger than they are.",
        "Where what is usual changes, train anew from time to time.",
    )


_RULES: tuple[_Rule, ...] = (
    _constant,
    _identifier,
    _nested,
    _label,
    _numbers_as_text,
    _missing,
    _nothing_repeats,
    _rare_words,
    _far_values,
    _prose,
    _times,
    _ordered,
)
