"""Our detectors made of many random parts: trees, projections, balls."""

from collections.abc import Mapping
from math import ceil, log2
from typing import cast

from pynomaly.domain.algorithm import AlgorithmDescription, Cost, Parameter, ParameterValue
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.own_rows.proximity_costs import inne_cost


def _forest_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    """Trees see max_samples rows each, whatever the number of rows is; every cell is looked at once."""
    n_trees, max_samples = cast(int, settings["n_trees"]), min(cast(int, settings["max_samples"]), max(n_rows, 2))
    levels = ceil(log2(max_samples))
    n_drawn = n_trees * max_samples
    return Cost(
        fit_seconds=n_drawn * (6e-9 * levels + 3.3e-9 * n_features) + 2e-9 * n_rows * n_features,
        score_seconds_per_row=1.2e-9 * n_trees * levels + 2e-9 * n_features,
        fit_bytes=28 * n_drawn + n_rows * n_features,
        model_bytes=24 * n_drawn,
    )


def _extended_forest_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    n_trees, max_samples = cast(int, settings["n_trees"]), min(cast(int, settings["max_samples"]), max(n_rows, 2))
    level = settings["extension_level"]
    levels, n_components = ceil(log2(max_samples)), min(3 if level is None else cast(int, level) + 1, n_features)
    model_bytes = 8 * (n_trees << levels) * (n_components + 1)
    return Cost(
        fit_seconds=6e-9 * n_trees * max_samples * levels * n_components + 2e-9 * n_rows * n_features,
        score_seconds_per_row=1.7e-9 * n_trees * levels * n_components + 1e-8 * n_features,
        fit_bytes=model_bytes + n_rows * n_features,
        model_bytes=model_bytes,
    )


ENSEMBLE_ROWS = (
    CatalogRow(
        AlgorithmDescription(
            name="isolation_forest",
            title="Isolation forest",
            family="ensemble",
            summary="Counts how few random cuts isolate a row; a good first choice for most tables.",
            reference="Liu, Ting and Zhou (2008), Isolation forest, ICDM",
            parameters=(
                Parameter("n_trees", "int", 100, "number of trees; more make scores steadier", 1, 2000),
                Parameter("max_samples", "int", 256, "training rows each tree sees", 2, 65536),
            ),
            aliases=("IsolationForest", "IForest"),
            dtype="float32",
        ),
        "pynomaly.infrastructure.algorithms.isolation_forest:IsolationForest",
        cost=_forest_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="extended_isolation_forest",
            title="Extended isolation forest",
            family="ensemble",
            summary="Counts how few random slanted cuts isolate a row; sees clusters and correlated columns better.",
            reference="Hariri, Carrasco Kind and Brunner (2021), Extended isolation forest, TKDE 33(4)",
            parameters=(
                Parameter("n_trees", "int", 100, "number of trees; more make scores steadier", 1, 2000),
                Parameter("max_samples", "int", 256, "training rows each tree sees", 2, 65536),
                Parameter(
                    "extension_level",
                    "int",
                    None,
                    "columns in a cut less one; 2 unless given",
                    0,
                    1000,
                    is_optional=True,
                ),
            ),
            aliases=("ExtendedIsolationForest", "EIF"),
            dtype="float32",
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.extended_isolation_forest:ExtendedIsolationForest",
        cost=_extended_forest_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="inne",
            title="Isolation by nearest neighbours",
            family="ensemble",
            summary="Asks how large the smallest random ball is that a row falls into; fast, sees local oddities.",
            reference="Bandaragoda et al. (2018), Isolation-based anomaly detection using nearest-neighbor ensembles, "
            "Computational Intelligence 34(4)",
            parameters=(
                Parameter("n_estimators", "int", 200, "sets of balls; more make scores steadier", 1, 2000),
                Parameter("max_samples", "int", 4, "centres of a set", 2, 1024),
            ),
            aliases=("INNE",),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.isolating_balls:IsolatingBalls",
        cost=inne_cost,
    ),
)
