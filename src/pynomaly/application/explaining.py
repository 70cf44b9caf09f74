"""Reasons: how much each source column added to a row's score, with its value and what is usual."""

from collections.abc import Sequence

import numpy as np

from pynomaly.application.ports.algorithm import ExplainsItself
from pynomaly.application.ports.tables import Table
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.explanation import Reason, shapley_contributions

MAX_REASONS = 5  # more are read by nobody
SCORED_ROWS_PER_EXPLANATION = 2_000  # ten explanations then cost less than a second even at 40 microseconds a row
MAX_WALKS = 32  # forwards and backwards, so 64 steps are averaged per column


def explain(model: TrainedModel, table: Table, rows: Sequence[int]) -> list[tuple[Reason, ...]]:
    """Explain some rows of a table: per row the columns that raise its score most, at most five.

    Contributions of all columns together sum to the row's score minus that of unremarkable training rows.
    The same row gets the same reasons in every table. A transductive model explains nothing.
    """
    if not rows or not model.is_inductive:
        return [() for _ in rows]
    chosen = table.take(rows)
    matrix = model.preparation.matrix(chosen).values
    groups = _groups(model.preparation.sources)
    sources = list(groups)
    cells = {name: chosen.cells(name, range(len(rows))) for name in sources}
    contributions = _contributions(model, matrix, list(groups.values()))
    return [
        _strongest(model, sources, [cells[name][position] for name in sources], contributions[position])
        for position in range(len(rows))
    ]


def _groups(feature_sources: Sequence[str]) -> dict[str, list[int]]:
    """Return the features of every source column, columns in feature order."""
    groups: dict[str, list[int]] = {}
    for feature, source in enumerate(feature_sources):
        groups.setdefault(source, []).append(feature)
    return groups


def _contributions(model: TrainedModel, matrix: FloatMatrix, groups: list[list[int]]) -> FloatMatrix:
    if isinstance(model.fitted, ExplainsItself):
        usual = model.fitted.contributions(model.background).mean(axis=0)
        per_feature = model.fitted.contributions(matrix) - usual
        return np.stack([per_feature[:, group].sum(axis=1) for group in groups], axis=1)
    n_walks = int(np.clip(SCORED_ROWS_PER_EXPLANATION // (2 * (len(groups) + 1)), 1, MAX_WALKS))
    return np.stack(
        [
            shapley_contributions(
                model.fitted.score,
                row,
                model.background,
                groups,
                n_walks=n_walks,
                rng=np.random.default_rng(model.seed),
            )
            for row in matrix
        ]
    )


def _strongest(
    model: TrainedModel, sources: Sequence[str], values: Sequence[object], contributions: FloatVector
) -> tuple[Reason, ...]:
    order = [int(i) for i in np.argsort(-contributions, kind="stable") if contributions[i] > 0][:MAX_REASONS]
    return tuple(
        Reason(sources[i], float(contributions[i]), values[i], model.preparation.typical(sources[i])) for i in order
    )
