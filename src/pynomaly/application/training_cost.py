"""How long training will take about, from what the algorithm declares."""

from collections.abc import Mapping

from pynomaly.application.cross_fitting import MAX_REFERENCE_ROWS, folds_for
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.domain.algorithm import ParameterValue

PREPARING_SECONDS_PER_CELL = 1e-7
"""Of one server core, by tests/benchmarks/training_cost.py: what training takes beside fitting and scoring."""


def training_seconds(
    catalog: AlgorithmCatalog,
    algorithm: str,
    parameters: Mapping[str, ParameterValue],
    *,
    n_rows: int,
    n_features: int,
) -> float | None:
    """Return about how many seconds of one core a training takes; None where the algorithm declares no cost.

    Counted are the preparation, the fit, the scores of the training rows, and the cross-fitting: as many fits again as
    there are folds, each on the rows outside its fold. Raises UnknownAlgorithm, InvalidParameter.
    """
    n_folds = folds_for(n_rows)
    whole = catalog.cost(algorithm, parameters, n_rows=n_rows, n_features=n_features)
    part = catalog.cost(algorithm, parameters, n_rows=n_rows - n_rows // n_folds, n_features=n_features)
    if whole is None or part is None:
        return None
    n_scored = n_rows + min(n_rows, MAX_REFERENCE_ROWS)
    preparing = PREPARING_SECONDS_PER_CELL * n_rows * n_features
    return preparing + whole.fit_seconds + n_folds * part.fit_seconds + n_scored * whole.score_seconds_per_row
