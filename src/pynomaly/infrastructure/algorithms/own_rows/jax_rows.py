"""Our detectors on JAX; they need the extra `jax`."""

from collections.abc import Mapping

from pynomaly.domain.algorithm import AlgorithmDescription, Cost, Parameter, ParameterValue
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.own_rows.shared_parameters import MAX_REFERENCE_ROWS, N_NEIGHBORS

NEEDS = ("jax", "equinox", "optax")

MODELS = "pynomaly.infrastructure.algorithms.jax_models"

COMPILATION_SECONDS = 4.0
"""What the first fit in a process waits for its compiled program, on one core."""

COMPILER_BYTES = 300 << 20
"""What JAX, its compiler and its programs hold."""

MAX_TRAINING_ROWS = 100_000

EPOCHS = Parameter(
    "n_epochs", "int", None, "times the rows are seen; 20 within bounds unless given", 1, 1000, is_optional=True
)


def _number(value: ParameterValue, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def _training(
    n_rows: int, epochs: ParameterValue, *, batch_rows: int, most_steps: int, flops_per_row: float, overhead: float
) -> float:
    """Seconds of a training run: batches at `overhead` seconds each, and the arithmetic of their rows."""
    seen = min(n_rows, MAX_TRAINING_ROWS)
    steps = -(-seen // batch_rows) * _number(epochs, 20)
    steps = steps if epochs is not None else min(max(steps, 200), most_steps)
    return COMPILATION_SECONDS + steps * (overhead + batch_rows * flops_per_row * 1e-10)


def _ensemble_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    members = _number(settings["n_members"], 32)
    hidden = _number(settings["n_hidden"], min(max(n_features / 2, 4), 16))
    weights = members * 2 * n_features * hidden
    fit = _training(
        n_rows,
        settings["n_epochs"],
        batch_rows=16,
        most_steps=2500,
        flops_per_row=6 * weights,
        overhead=4e-5 + 1e-8 * weights,
    )
    held = int(min(n_rows, MAX_TRAINING_ROWS) * (16 * n_features + 8 * members))
    model = int(4 * weights + 8 * weights + 16 * n_features)
    score = 3e-6 + members * n_features * 6e-9 + weights * 3e-10
    return Cost(fit, score, COMPILER_BYTES + held + 10 * model, model)


def _score_matching_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    levels, hidden = _number(settings["n_levels"], 3), _number(settings["n_hidden"], 16)
    weights = levels * n_features * (n_features + 2 * hidden)
    fit = _training(
        n_rows,
        settings["n_epochs"],
        batch_rows=64,
        most_steps=2000,
        flops_per_row=6 * weights,
        overhead=1e-4 + 5e-9 * weights,
    )
    held = int(min(n_rows, MAX_TRAINING_ROWS) * 16 * n_features)
    model = int(12 * weights + 16 * n_features)
    return Cost(fit, 2e-6 + weights * 3e-10 + levels * hidden * 5e-9, COMPILER_BYTES + held + 10 * model, model)


def _flow_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    layers, hidden = _number(settings["n_layers"], 4), _number(settings["n_hidden"], 16)
    weights = layers * 3 * n_features * hidden
    fit = _training(
        n_rows,
        settings["n_epochs"],
        batch_rows=64,
        most_steps=2000,
        flops_per_row=6 * weights,
        overhead=1e-4 + 3e-5 * layers,
    )
    held = int(min(n_rows, MAX_TRAINING_ROWS) * 24 * n_features)
    model = int(12 * weights + 16 * n_features)
    score = 2e-6 + weights * 3e-10 + layers * n_features * 2e-8
    return Cost(fit, score, COMPILER_BYTES + held + 10 * model, model)


def _neighbours_cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
    kept = min(n_rows, int(_number(settings["max_reference_rows"], 2000)))
    fit = 0.05 + 1e-8 * n_rows * n_features
    held = COMPILER_BYTES + 8 * n_rows * n_features + 32 * kept * n_features
    return Cost(fit, kept * (3e-8 + n_features * 1e-9), held, 20 * kept * n_features)


JAX_ROWS = (
    CatalogRow(
        AlgorithmDescription(
            name="jax.autoencoder_ensemble",
            title="Autoencoder ensemble",
            family="deep",
            summary="Many small autoencoders trained at once; how unusually badly most of them repeat a row.",
            reference="Chen, Sathe, Aggarwal and Turaga (2017), Outlier detection with autoencoder ensembles, SDM",
            parameters=(
                Parameter("n_members", "int", 32, "number of autoencoders; more make scores steadier", 1, 512),
                Parameter(
                    "n_hidden",
                    "int",
                    None,
                    "units each squeezes the columns through; chosen from their number unless given",
                    1,
                    256,
                    is_optional=True,
                ),
                EPOCHS,
            ),
            aliases=("RandNet",),
            extra="jax",
        ),
        f"{MODELS}.autoencoder_ensemble:AutoencoderEnsemble",
        needs=NEEDS,
        scores_without_needs=True,
        cost=_ensemble_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="jax.score_matching",
            title="Denoising score matching",
            family="deep",
            summary="Learns to tell noise added to rows; how steeply the density rises from where a row lies.",
            reference="Vincent (2011), A connection between score matching and denoising autoencoders, "
            "Neural Computation 23(7)",
            parameters=(
                Parameter("noise", "float", 1.0, "largest noise level, in standard deviations of a column", 0.05, 5.0),
                Parameter("n_levels", "int", 3, "number of noise levels, each half the one before", 1, 16),
                Parameter("n_hidden", "int", 16, "units of each level's network", 1, 512),
                EPOCHS,
            ),
            extra="jax",
        ),
        f"{MODELS}.score_matching:ScoreMatching",
        needs=NEEDS,
        scores_without_needs=True,
        cost=_score_matching_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="jax.normalizing_flow",
            title="Normalising flow",
            family="deep",
            summary="Bends a Gaussian density to fit the rows; how unlikely a row is under it, exactly.",
            reference="Dinh, Sohl-Dickstein and Bengio (2017), Density estimation using Real NVP, ICLR",
            parameters=(
                Parameter("n_layers", "int", 4, "coupling layers, each bends half of the columns", 1, 32),
                Parameter("n_hidden", "int", 16, "units of each layer's network", 1, 512),
                EPOCHS,
            ),
            aliases=("RealNVP",),
            extra="jax",
        ),
        f"{MODELS}.normalizing_flow:NormalizingFlow",
        needs=NEEDS,
        scores_without_needs=True,
        cost=_flow_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="jax.knn",
            title="k nearest neighbours on JAX",
            family="proximity",
            summary="Measures how far away a row's nearest reference rows are, in blocks that suit a GPU.",
            reference="Ramaswamy, Rastogi and Shim (2000), SIGMOD; Angiulli and Pizzuti (2002), PKDD",
            parameters=(
                N_NEIGHBORS,
                Parameter(
                    "method",
                    "choice",
                    "mean",
                    "which of the neighbours' distances counts",
                    choices=("mean", "largest", "median"),
                ),
                MAX_REFERENCE_ROWS,
            ),
            dtype="float32",
            needs_scaling=True,
            extra="jax",
        ),
        f"{MODELS}.knn:JaxNearestNeighbours",
        needs=NEEDS,
        cost=_neighbours_cost,
    ),
    CatalogRow(
        AlgorithmDescription(
            name="jax.dte_np",
            title="Diffusion time from neighbours on JAX",
            family="proximity",
            summary="Estimates how much noise would have moved a row here; good where training data is clean.",
            reference="Livernoche, Jain, Hezaveh and Ravanbakhsh (2024), On diffusion modeling for anomaly detection, "
            "ICLR",
            parameters=(
                N_NEIGHBORS,
                MAX_REFERENCE_ROWS,
            ),
            dtype="float32",
            needs_scaling=True,
            extra="jax",
        ),
        f"{MODELS}.dte_np:JaxDiffusionTime",
        needs=NEEDS,
        cost=_neighbours_cost,
    ),
)
