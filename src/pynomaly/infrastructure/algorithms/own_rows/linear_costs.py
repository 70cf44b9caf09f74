"""What our detectors by a centre, directions, mixtures or a boundary cost, as measured on one core with AVX2.

The coefficients are seconds for each row, cell or product of cells, fitted to runs of tests/benchmarks/costs.py.
"""

from collections.abc import Mapping

from pynomaly.domain.algorithm import Cost, ParameterValue

COMPILED_COLUMNS = 64
"""Widest rows that the compiled quadratic form takes."""

SVM_CACHE_BYTES = 200_000_000
"""What libsvm keeps of the kernel matrix at most, as scikit-learn sets it."""


def squared_distance_seconds(n_features: int) -> float:
    """Return what one squared distance under a covariance takes."""
    beyond_compiled = 3e-9 * n_features if n_features > COMPILED_COLUMNS else 0.0
    return 8e-9 + 0.5e-9 * n_features + 0.07e-9 * n_features**2 + beyond_compiled


def pca_cost(n_rows: int, n_features: int, _settings: Mapping[str, ParameterValue]) -> Cost:
    """Return the cost of principal components: four covariances of at most 100 000 rows."""
    n_learned, squares = min(n_rows, 100_000), n_features**2
    return Cost(
        fit_seconds=1e-3 + n_learned * (120e-9 + 25e-9 * n_features + 0.5e-9 * squares) + 4e-9 * n_features**3,
        score_seconds_per_row=squared_distance_seconds(n_features),
        fit_bytes=20 * n_learned * n_features + 24 * (n_learned + squares),
        model_bytes=16 * (squares + 2 * n_features),
    )


def mcd_cost(n_rows: int, n_features: int, _settings: Mapping[str, ParameterValue]) -> Cost:
    """Return the cost of the minimum covariance determinant: starts on 10 000 rows, then steps on at most 100 000."""
    n_learned, n_started, squares = min(n_rows, 100_000), min(n_rows, 10_000), n_features**2
    starts = n_started * (1.5e-6 + 0.35e-6 * n_features + 4e-9 * squares)
    steps = n_learned * (0.15e-6 + 0.05e-6 * n_features + 2e-9 * squares)
    return Cost(
        fit_seconds=4e-3 + starts + steps + 4e-9 * n_features**3,
        score_seconds_per_row=squared_distance_seconds(n_features),
        fit_bytes=40 * (n_learned * n_features + squares),
        model_bytes=16 * (squares + n_features),
    )


def gmm_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    """Return the cost of a Gaussian mixture; with several components, of about six times as many steps for each."""
    n_components = _number(settings, "n_components")
    n_learned, squares = min(n_rows, 20_000), n_features**2
    one = 2e-3 + n_learned * (0.3e-6 + 0.05e-6 * n_features + 0.8e-9 * squares) + 4e-9 * n_features**3
    mixing = 30e-9 * n_components if n_components > 1 else 0.0
    return Cost(
        fit_seconds=one * (6 * n_components if n_components > 1 else 1),
        score_seconds_per_row=n_components * squared_distance_seconds(n_features) + mixing,
        fit_bytes=int(40 * n_learned * n_features + 24 * n_components * (n_learned + squares)),
        model_bytes=int(16 * n_components * (squares + n_features)),
    )


def ocsvm_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    """Return the cost of the exact one-class support vector machine."""
    n_learned = min(n_rows, _number(settings, "max_training_rows"))
    n_support = max(1.0, _number(settings, "nu") * n_learned)
    return Cost(
        fit_seconds=2e-3 + n_learned**2 * (30e-9 + 0.3e-9 * n_features),
        score_seconds_per_row=0.2e-6 + n_support * (9.5e-9 + 0.08e-9 * n_features),
        fit_bytes=int(24 * n_learned * n_features + min(SVM_CACHE_BYTES, 8 * n_learned**2)),
        model_bytes=int(n_support * (8 * n_features + 8)),
    )


def ocsvm_nystroem_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    """Return the cost of the approximated one-class support vector machine: kernels of at most 10 000 rows."""
    n_learned, n_landmarks = min(n_rows, 10_000), min(n_rows, _number(settings, "n_landmarks"))
    kernels = n_learned * n_landmarks * (45e-9 + 0.05e-9 * n_features + 0.05e-9 * n_landmarks)
    return Cost(
        fit_seconds=5e-3 + kernels + 1e-9 * n_landmarks**3,
        score_seconds_per_row=0.2e-6 + n_landmarks * (9.5e-9 + 0.06e-9 * n_features),
        fit_bytes=int(16 * n_learned * n_landmarks + 24 * (n_learned * n_features + n_landmarks**2)),
        model_bytes=int(n_landmarks * (8 * n_features + 8)),
    )


def _number(settings: Mapping[str, ParameterValue], name: str) -> float:
    return float(settings[name] or 0.0)
