"""Our detectors for series: their rows are windows, oldest value first."""

from collections.abc import Mapping

from pynomaly.domain.algorithm import AlgorithmDescription, Cost, Parameter, ParameterValue
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.own_rows.linear_costs import squared_distance_seconds


def _ar_residual_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    n_channels, n_learned = int(settings["n_channels"] or 1), min(n_rows, 20_000)
    steps = n_learned * (0.6e-6 + 0.07e-6 * n_features + 0.8e-9 * n_features**2) + 20e-9 * n_features**3
    return Cost(
        fit_seconds=2e-3 + n_channels * steps,
        score_seconds_per_row=0.1e-6 + 6e-9 * n_features + n_channels * (20e-9 + 1e-9 * n_features),
        fit_bytes=40 * n_learned * n_features + 32 * n_features**2,
        model_bytes=8 * (2 + n_channels) * (n_features + 1),
    )


def _sub_pca_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    n_learned, squares = min(n_rows, 100_000), n_features**2
    normalising = 15e-9 * n_features if settings["z_normalised"] else 0.0
    seconds = 20e-9 + 8e-9 * n_features + 0.03e-9 * squares + normalising
    return Cost(
        fit_seconds=0.3e-3 + n_learned * seconds + 5e-9 * n_features**3,
        score_seconds_per_row=squared_distance_seconds(n_features) + normalising,
        fit_bytes=16 * n_learned * n_features + 32 * squares,
        model_bytes=16 * (squares + n_features),
    )


_N_CHANNELS = Parameter("n_channels", "int", 1, "series side by side in a window", 1, 1000)

SERIES_ROWS = (
    CatalogRow(
        AlgorithmDescription(
            name="ar_residual",
            title="Autoregressive residual",
            family="series",
            summary="Measures how far the newest value of a window lies from its forecast; for odd points in series.",
            reference="Denby and Martin (1979), Robust estimation of the first-order autoregressive parameter, "
            "JASA 74; Huber (1981), Robust Statistics",
            parameters=(_N_CHANNELS,),
        ),
        "pynomaly.infrastructure.algorithms.ar_residual:AutoregressiveResidual",
        cost=_ar_residual_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="sub_pca",
            title="Sub-sequence principal components",
            family="series",
            summary="Measures how far a window lies from the shapes windows usually have; for oddities that last.",
            reference="Liu and Paparrizos (2024), The elephant in the room, NeurIPS; Tipping and Bishop (1999), "
            "Probabilistic principal component analysis, JRSS-B 61(3)",
            parameters=(
                Parameter(
                    "explained_share",
                    "float",
                    0.9,
                    "share of the variance that the leading components explain",
                    0.1,
                    0.999,
                ),
                Parameter("z_normalised", "bool", False, "whether only a window's shape counts, not level and size"),
                _N_CHANNELS,
            ),
            aliases=("SubPCA",),
        ),
        "pynomaly.infrastructure.algorithms.sub_pca:SubsequenceComponents",
        cost=_sub_pca_cost,
    ),
)
