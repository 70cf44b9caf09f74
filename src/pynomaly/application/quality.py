"""What to know about a table before looking for anomalies in it: findings, each with its effect on detection."""

import math
from collections.abc import Iterator, Sequence
from shlex import quote

from pynomaly.application.column_quality import column_findings
from pynomaly.application.ports.tables import Table
from pynomaly.application.profiling import ColumnProfile
from pynomaly.domain.explanation import Typical
from pynomaly.domain.quality import Gravity, QualityFinding, QualityKind, by_gravity

FEW_ROWS = 50
SOME_REPEATED, MANY_REPEATED = 0.01, 0.1
FEW_VALUES = 0.1  # of the rows: a column with more values has them from a range, and could hold any


def quality_of(table: Table, profiles: Sequence[ColumnProfile]) -> tuple[QualityFinding, ...]:
    """Return what was found in a table, what matters most first.

    profiles: of all its columns. Costs a look at every cell of the columns that are learned from.
    """
    learned = [one for one in profiles if one.column.is_feature and one.typical != Typical()]
    found = [*_of_rows(table, learned), *_of_columns(table, learned)]
    found += [finding for one in profiles for finding in column_findings(one)]
    return by_gravity(found)


def _of_rows(table: Table, learned: Sequence[ColumnProfile]) -> Iterator[QualityFinding]:
    if not learned or table.n_rows < 2:
        yield QualityFinding(
            QualityKind.NOTHING_TO_LEARN,
            Gravity.PROBLEM,
            None,
            "No column can be learned from." if not learned else "A single row cannot be learned from.",
            "A detector cannot be trained on this table.",
            "See what each column holds, and give columns another kind with --kind or use them with --feature.",
        )
    elif table.n_rows < FEW_ROWS:
        yield QualityFinding(
            QualityKind.TOO_FEW_ROWS,
            Gravity.WARNING,
            None,
            f"There are {table.n_rows} rows.",
            f"A p-value says how many of the rows learned from are as strange, so none is below 1/{table.n_rows + 1}; "
            "what is usual is known roughly.",
            "Train on more rows if there are any.",
        )
    if learned:
        yield from _repeated_rows(table, learned)


def _repeated_rows(table: Table, learned: Sequence[ColumnProfile]) -> Iterator[QualityFinding]:
    if _must_repeat(learned, table.n_rows):
        return
    n_repeated = table.n_repeated_rows([one.column.name for one in learned])
    share = n_repeated / max(table.n_rows, 1)
    if share >= SOME_REPEATED:
        yield QualityFinding(
            QualityKind.REPEATED_ROWS,
            Gravity.WARNING if share >= MANY_REPEATED else Gravity.NOTE,
            None,
            f"{n_repeated:,} of {table.n_rows:,} rows ({share:.1%}) hold in all columns learned from what an "
            "earlier row holds.",
            "Each counts as a row of its own: what is repeated looks usual, and an anomaly repeated often enough hides "
            "itself.",
            "If rows were loaded twice, leave out the copies.",
        )


def _must_repeat(learned: Sequence[ColumnProfile], n_rows: int) -> bool:
    """Whether there are no more combinations of values than rows: then rows are alike without being copies."""
    if any(one.n_distinct is None or one.n_distinct > FEW_VALUES * n_rows for one in learned):
        return False
    return math.prod(1 + (one.n_distinct or 0) for one in learned) <= n_rows


def _of_columns(table: Table, learned: Sequence[ColumnProfile]) -> Iterator[QualityFinding]:
    names = [one.column.name for one in learned]
    same = table.equal_columns(names)
    for first, *others in same:
        for other in others:
            yield _twice(QualityKind.SAME_COLUMNS, Gravity.WARNING, other, f"holds in every row what '{first}' holds")
    told = {other for _, *others in same for other in others}
    for first, other in table.columns_in_step([name for name in names if name not in told]):
        yield _twice(
            QualityKind.ALIKE_COLUMNS, Gravity.NOTE, other, f"rises and falls with '{first}' in nearly all rows"
        )


def _twice(kind: QualityKind, severity: Gravity, column: str, what: str) -> QualityFinding:
    return QualityFinding(
        kind,
        severity,
        column,
        f"Column '{column}' {what}.",
        "What both say counts twice, and reasons are divided between them.",
        f"Leave one of them out: --ignore {quote(column)}",
    )
