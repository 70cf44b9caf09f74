"""Reasons: how much each source column added to a row's score, with its value and what is usual."""

from collections.abc import Sequence

import numpy as np

from pynomaly.application.ports.algorithm import ExplainsItself
from pynomaly.application.ports.tables import Table
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.arrays import FloatMatrix
from pynomaly.domain.explanation import Reason, shapley_contributions

MAX_REASONS = 5  # more are read by nobody
SCORED_ROWS_PER_EXPLANATION = 2_000  # ten explanations then cost less than a second even at 40 microseconds a row
MAX_WALKS = 32  # forwards and backwards, so 64 steps are averaged per column


def explain(model: TrainedModel, table: Table, rows: Sequence[int]) -> list[tuple[Reason, ...]]:
    """Explain some rows of a table: per row the columns that raise its score most, at most five.

    The same row gets the same reasons in every table. A transductive model explains nothing.
    """
    return [strongest(reasons) for reasons in explain_in_full(model, table, rows)]


def explain_in_full(model: TrainedModel, table: Table, rows: Sequence[int]) -> list[tuple[Reason, ...]]:
    """Explain some rows of a table by all columns learned from, per row the one that adds most first.

    Contributions sum to the row's score minus that of unremarkable training rows. The same row gets the same in every
    table. A transductive model explains nothing.
    """
    if not rows or not model.is_inductive:
        return [() for _ in rows]
    chosen = table.take(rows)
    matrix = model.preparation.matrix(chosen).values
    groups = feature_groups(model.preparation.sources)
    cells = {name: chosen.cells(name, range(len(rows))) for name in groups}
    typical = {name: model.preparation.typical(name) for name in groups}
    names = list(groups)
    return [
        tuple(
            Reason(names[place], float(parts[place]), cells[names[place]][position], typical[names[place]])
            for place in np.argsort(-parts, kind="stable").tolist()
        )
        for position, parts in enumerate(_contributions(model, matrix, list(groups.values())))
    ]


def strongest(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons that raise a score most, at most five, of reasons that stand strongest first."""
    return tuple(reason for reason in reasons[:MAX_REASONS] if reason.contribution > 0)


def feature_groups(feature_sources: Sequence[str]) -> dict[str, list[int]]:
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
