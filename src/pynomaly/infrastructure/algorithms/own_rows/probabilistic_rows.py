"""Our detectors that estimate how likely values are: tails, histograms, densities."""

from collections.abc import Mapping
from math import log
from typing import cast

from pynomaly.domain.algorithm import AlgorithmDescription, Cost, Parameter, ParameterValue
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.own_rows.proximity_costs import kde_cost
from pynomaly.infrastructure.algorithms.own_rows.shared_parameters import MAX_REFERENCE_ROWS


def _tails_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:  # noqa: ARG001
    """Sorting dominates the fit; tables of many columns do not stay in the cache."""
    n_knots = min(n_rows, 220 * (1 + log(max(1.0, n_rows / 200))))
    model_bytes = int(n_features * (64 * n_knots + 25_000))
    return Cost(
        fit_seconds=n_features * (1e-4 + 2.8e-8 * n_rows),
        score_seconds_per_row=7e-9 * n_features * (1 + min(n_features, 500) / 125),
        fit_bytes=n_rows * n_features + 32 * n_rows + model_bytes,
        model_bytes=model_bytes,
    )


def _hbos_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    n_bins = cast(int, settings["n_bins"]) if settings["n_bins"] else min(2048.0, 3 * n_rows ** (1 / 3))
    return Cost(
        fit_seconds=n_features * (3e-4 + 4.5e-8 * n_rows),
        score_seconds_per_row=3e-9 * n_features,
        fit_bytes=n_rows * n_features + 40 * n_rows,
        model_bytes=int(n_features * (16 * n_bins + 64)),
    )


def _mad_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:  # noqa: ARG001
    return Cost(
        fit_seconds=2e-4 + 4.5e-8 * n_rows * n_features,
        score_seconds_per_row=7e-8 + 5e-9 * n_features,
        fit_bytes=17 * n_rows * n_features,
        model_bytes=16 * n_features,
    )


PROBABILISTIC_ROWS = (
    CatalogRow(
        AlgorithmDescription(
            name="copod",
            title="COPOD",
            family="probabilistic",
            summary="Adds up how far out in the longer tails of its columns a row lies; fast, exact reasons.",
            reference="Li, Zhao, Botta, Ionescu and Hu (2020), COPOD: copula-based outlier detection, ICDM",
            parameters=(
                Parameter(
                    "aggregation",
                    "choice",
                    "each_column",
                    "one sum of what each column says, or the largest of three sums over columns (the paper)",
                    choices=("each_column", "largest_sum"),
                ),
            ),
            aliases=("COPOD",),
        ),
        "pynomaly.infrastructure.algorithms.copod:Copod",
        cost=_tails_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="ecod",
            title="ECOD",
            family="probabilistic",
            summary="Adds up how far out in the tails of its columns a row lies; fast, exact reasons.",
            reference="Li et al. (2023), ECOD: unsupervised outlier detection using empirical CDFs, TKDE 35(12)",
            parameters=(
                Parameter(
                    "aggregation",
                    "choice",
                    "each_column",
                    "one sum of each column's rarer tail, or the largest of three sums over columns (the paper)",
                    choices=("each_column", "largest_sum"),
                ),
            ),
            aliases=("ECOD",),
        ),
        "pynomaly.infrastructure.algorithms.ecod:Ecod",
        cost=_tails_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="hbos",
            title="Histogram-based outlier score",
            family="probabilistic",
            summary="Adds up how rare each value is in its column's histogram; the fastest, exact reasons.",
            reference="Goldstein and Dengel (2012), Histogram-based outlier score (HBOS), KI",
            parameters=(
                Parameter(
                    "n_bins",
                    "int",
                    None,
                    "bins per column; chosen from the number of rows unless given",
                    2,
                    4096,
                    is_optional=True,
                ),
            ),
            aliases=("HBOS",),
        ),
        "pynomaly.infrastructure.algorithms.hbos:Hbos",
        cost=_hbos_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="mad",
            title="Median absolute deviation",
            family="probabilistic",
            summary="Measures how many robust standard deviations a row's strangest value is from its column's median.",
            reference="Iglewicz and Hoaglin (1993), How to detect and handle outliers, ASQC",
            aliases=("MAD",),
        ),
        "pynomaly.infrastructure.algorithms.mad:MedianDeviation",
        cost=_mad_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="kde",
            title="Kernel density",
            family="probabilistic",
            summary="Estimates how densely the training rows lie around a row; for few columns.",
            reference="Parzen (1962), Annals of Mathematical Statistics 33; Latecki et al. (2007), MLDM",
            parameters=(
                Parameter(
                    "bandwidth",
                    "float",
                    None,
                    "width of the Gaussian around each row; chosen by the rule unless given",
                    1e-3,
                    1e3,
                    is_optional=True,
                ),
                Parameter(
                    "rule",
                    "choice",
                    "neighbours",
                    "how the width follows from the distances, or the spread, of the training rows",
                    choices=("neighbours", "scott", "silverman"),
                ),
                MAX_REFERENCE_ROWS,
            ),
            aliases=("KDE",),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.kernel_density:KernelDensity",
        cost=kde_cost,
    ),
)
