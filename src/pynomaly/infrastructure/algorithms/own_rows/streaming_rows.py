"""Our detectors that go on learning, row by row, in bounded memory."""

from collections.abc import Mapping
from math import ceil, sqrt
from typing import cast

from pynomaly.domain.algorithm import AlgorithmDescription, Cost, Parameter, ParameterValue
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow


def _half_space_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    """Halving the space dominates; of the rows only the last two windows are walked."""
    n_trees, depth = cast(int, settings["n_trees"]), cast(int, settings["max_depth"])
    n_walked, n_slots = min(n_rows, 2 * cast(int, settings["window_size"])), n_trees << depth
    return Cost(
        fit_seconds=n_slots * (6e-7 + 4e-9 * n_features)
        + 1e-8 * n_walked * n_trees * depth
        + 4e-9 * n_rows * n_features,
        score_seconds_per_row=1.6e-9 * n_trees * depth + 2e-9 * n_features,
        fit_bytes=56 * n_slots + (16 * n_features << depth) + 16 * n_rows * n_features,
        model_bytes=28 * n_slots,
    )


def _loda_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    n_directions, n_columns = cast(int, settings["n_random_cuts"]), ceil(sqrt(n_features))
    n_bins = cast(int, settings["n_bins"]) if settings["n_bins"] else max(10.0, 2 * n_rows ** (1 / 3))
    return Cost(
        fit_seconds=n_directions * (5e-5 + n_rows * (1e-8 + 1.2e-8 * n_columns)),
        score_seconds_per_row=1.4e-9 * n_directions * n_columns,
        fit_bytes=8 * n_rows * n_features + 60 * n_rows,
        model_bytes=int(n_directions * (12 * n_columns + 16 * n_bins + 60)),
    )


def _ewma_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:  # noqa: ARG001
    return Cost(
        fit_seconds=2e-4 + n_rows * (1.6e-5 + 8e-8 * n_features),
        score_seconds_per_row=4e-8 + 1.4e-8 * n_features,
        fit_bytes=17 * n_rows * n_features,
        model_bytes=16 * n_features,
    )


STREAMING_ROWS = (
    CatalogRow(
        AlgorithmDescription(
            name="half_space_trees",
            title="Half-space trees",
            family="streaming",
            summary="Counts how few rows of a recent window fell into the same parts of the space; learns online.",
            reference="Tan, Ting and Liu (2011), Fast anomaly detection for streaming data, IJCAI",
            parameters=(
                Parameter("n_trees", "int", 50, "number of trees; more make scores steadier", 1, 1000),
                Parameter("max_depth", "int", 10, "how often each tree halves the space", 5, 15),
                Parameter("window_size", "int", 250, "rows of a window; the last whole one scores", 10, 65536),
            ),
            aliases=("HalfSpaceTrees", "HSTrees"),
            learns_online=True,
            dtype="float32",
        ),
        "pynomaly.infrastructure.algorithms.half_space_trees:HalfSpaceTrees",
        cost=_half_space_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="loda",
            title="LODA",
            family="streaming",
            summary="Looks along many random directions and says how rare a row is in their histograms; learns online.",
            reference="Pevny (2016), Loda: lightweight on-line detector of anomalies, Machine Learning 102",
            parameters=(
                Parameter("n_random_cuts", "int", 100, "number of random directions", 1, 1000),
                Parameter(
                    "n_bins",
                    "int",
                    None,
                    "bins along each direction; chosen from the number of rows unless given",
                    2,
                    1024,
                    is_optional=True,
                ),
            ),
            aliases=("LODA",),
            learns_online=True,
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.loda:Loda",
        cost=_loda_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="robust_ewma",
            title="Robust EWMA",
            family="streaming",
            summary="Measures how far a row is from where its columns lately were, robustly; learns online.",
            reference="Roberts (1959), Control chart tests based on geometric moving averages, Technometrics 1(3)",
            parameters=(Parameter("half_life", "float", 200.0, "rows after which a row counts half", 1, 1e9),),
            aliases=("EWMA",),
            learns_online=True,
        ),
        "pynomaly.infrastructure.algorithms.robust_ewma:RobustEwma",
        cost=_ewma_cost,
    ),
)
