"""Our deep detectors on PyTorch, and what they cost."""

from collections.abc import Callable, Mapping

from pynomaly.domain.algorithm import AlgorithmDescription, Cost, CostOf, Parameter, ParameterValue
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow

MODELS = "pynomaly.infrastructure.algorithms.torch_models"

IMPORT_SECONDS = 1.0
"""What the first fit of a process takes to import torch."""

STEP_SECONDS, PRODUCT_SECONDS, SCORE_SECONDS = 7e-4, 2e-10, 1.5e-10
"""Measured on one core of a server with AVX2: one step of training; one row times one weight in training, there and
back, and in scoring."""

Weights = Callable[[int, Mapping[str, ParameterValue]], float]

HIDDEN = Parameter("hidden_size", "int", 64, "units of a hidden layer", 1, 4096)
WIDER_HIDDEN = Parameter("hidden_size", "int", 128, "units of a hidden layer", 1, 4096)
CORE = Parameter(
    "core_share", "float", 0.7, "share of every batch, the best fitted rows, that is learned from", 0.5, 1.0
)
SECOND_CORE = Parameter(
    "core_share", "float", 0.7, "share of the training rows, the least strange, learned from a second time", 0.5, 1.0
)
TRAINING = (
    Parameter(
        "epochs",
        "int",
        None,
        "times the training rows are gone through at most; by their number unless given",
        1,
        10_000,
        is_optional=True,
    ),
    Parameter(
        "batch_size",
        "int",
        None,
        "rows learned from at once; by the number of rows unless given",
        32,
        65_536,
        is_optional=True,
    ),
    Parameter("learning_rate", "float", 0.003, "size of the first steps of learning", 1e-6, 0.1),
    Parameter(
        "device", "choice", "auto", "where to learn: CUDA if there is a device, or never", choices=("auto", "cpu")
    ),
)
"""Demanding CUDA is no choice: auto takes it where it is, and elsewhere it would only be an error."""


def _latent(default: int | None, description: str) -> Parameter:
    return Parameter("latent_size", "int", default, description, 1, 1024, is_optional=default is None)


def _row(
    name: str,
    title: str,
    target: str,
    summary: str,
    reference: str,
    parameters: tuple[Parameter, ...],
    cost: CostOf,
    aliases: tuple[str, ...] = (),
    *,
    learns_from_labels: bool = False,
) -> CatalogRow:
    description = AlgorithmDescription(
        name=f"torch.{name}",
        title=title,
        family="deep",
        summary=summary,
        reference=reference,
        parameters=(*parameters, *TRAINING),
        aliases=aliases,
        min_rows=10,
        learns_from_labels=learns_from_labels,
        extra="torch",
    )
    return CatalogRow(description, f"{MODELS}.{target}", needs=("torch",), scores_without_needs=True, cost=cost)


def _cost(
    weights_of: Weights,
    *,
    trainings: float = 1.0,
    epochs_share: float = 1.0,
    parts_of: Callable[[int], float] = lambda _: 1.0,
) -> CostOf:
    """Return the cost of a detector from how many weights it has.

    trainings: how often a fit trains on all rows.  epochs_share: of the usual epochs.  parts_of: how often a network
    is asked for one row.
    """

    def cost(n_rows: int, n_features: int, settings: Mapping[str, ParameterValue]) -> Cost:
        weights, parts = weights_of(n_features, settings), parts_of(n_features)
        usual = epochs_share * max(20.0 * n_rows, min(100.0 * n_rows, 1e6))
        rows_seen = usual if settings["epochs"] is None else n_rows * _number(settings, "epochs", 0)
        batch = _number(settings, "batch_size", max(32.0, min(512.0, n_rows / 8)))
        training = STEP_SECONDS * rows_seen / min(batch, n_rows) + PRODUCT_SECONDS * rows_seen * parts * weights
        return Cost(
            fit_seconds=IMPORT_SECONDS + trainings * training,
            score_seconds_per_row=3e-8 * n_features + SCORE_SECONDS * parts * weights,
            fit_bytes=int(250e6 + 40 * n_rows * n_features + 40 * batch * parts * (n_features + 500)),
            model_bytes=int(16 * n_features + 8 * weights),
        )

    return cost


def _number(settings: Mapping[str, ParameterValue], name: str, otherwise: float) -> float:
    """Return a setting as a number, another one where it was left open."""
    value = settings[name]
    return otherwise if value is None else float(value)


def _coder(n_features: int, settings: Mapping[str, ParameterValue]) -> float:
    return 2 * _number(settings, "hidden_size", 64) * (n_features + _number(settings, "latent_size", 8))


def _classifier(n_features: int, settings: Mapping[str, ParameterValue]) -> float:
    hidden = _number(settings, "hidden_size", 128)
    return hidden * (n_features + 2 * hidden + _number(settings, "n_levels", 7))


def _field(n_features: int, settings: Mapping[str, ParameterValue]) -> float:
    hidden = _number(settings, "hidden_size", 128)
    return hidden * (2 * n_features + hidden + 2)


def _contrast(n_features: int, settings: Mapping[str, ParameterValue]) -> float:
    return _number(settings, "hidden_size", 64) * (n_features + 2 * _number(settings, "latent_size", 32))


def _windows(n_features: int) -> float:
    return max(1.0, min(24.0, n_features - 1))


TORCH_ROWS = (
    _row(
        "autoencoder",
        "Autoencoder",
        "autoencoder:Autoencoder",
        "Measures how badly a row is rebuilt after it went through few units; for columns that depend on each other.",
        "Hawkins, He, Williams and Baxter (2002), Outlier detection using replicator neural networks, DaWaK",
        (_latent(None, "units a row is squeezed through; by the number of columns unless given"), HIDDEN, CORE),
        _cost(_coder),
        ("AutoEncoder",),
    ),
    _row(
        "vae",
        "Variational autoencoder",
        "variational_autoencoder:VariationalAutoencoder",
        "Measures how unlikely a row is under a model of few hidden numbers and noise.",
        "Kingma and Welling (2014), Auto-encoding variational Bayes, ICLR; An and Cho (2015)",
        (_latent(None, "hidden numbers of a row; by the number of columns unless given"), HIDDEN, CORE),
        _cost(_coder, trainings=2.5),
        ("VAE",),
    ),
    _row(
        "dte_c",
        "Diffusion time, classified",
        "diffusion_time:DiffusionTime",
        "Lets a network guess how much noise was added to a row; finds about what nearest neighbours find.",
        "Livernoche, Jain, Hezaveh and Ravanbakhsh (2024), On diffusion modeling for anomaly detection, ICLR",
        (Parameter("n_levels", "int", 7, "levels of noise told apart", 2, 100), WIDER_HIDDEN, SECOND_CORE),
        _cost(_classifier, trainings=1.7),
        ("DTE-C",),
    ),
    _row(
        "score_matching",
        "Score matching",
        "score_matching:ScoreMatching",
        "Measures how strongly a learned field pulls a row back to where rows are dense.",
        "Vincent (2011), A connection between score matching and denoising autoencoders, Neural Computation 23",
        (WIDER_HIDDEN, SECOND_CORE),
        _cost(_field, trainings=1.7),
    ),
    _row(
        "icl",
        "Internal contrastive learning",
        "internal_contrast:InternalContrast",
        "Measures how hard it is to tell which columns of a row belong together; for clean training data.",
        "Shenkar and Wolf (2022), Anomaly detection for tabular data with internal contrastive learning, ICLR",
        (
            Parameter(
                "window",
                "int",
                None,
                "columns that are told from the rest; by the number of columns unless given",
                1,
                1000,
                is_optional=True,
            ),
            _latent(32, "units of an image that is compared"),
            HIDDEN,
            SECOND_CORE,
        ),
        _cost(_contrast, trainings=3.0, epochs_share=0.5, parts_of=_windows),
        ("ICL",),
    ),
    _row(
        "deep_sad",
        "Deep SAD",
        "deep_sad:DeepSad",
        "Learns from known anomalies which kinds to look for: distance to a centre that they are pushed away from.",
        "Ruff et al. (2020), Deep semi-supervised anomaly detection, ICLR",
        (
            _latent(None, "coordinates of a row's image; by the number of columns unless given"),
            HIDDEN,
            Parameter(
                "core_share",
                "float",
                0.7,
                "share of every batch beyond which rows without label are left out",
                0.5,
                1.0,
            ),
            Parameter("label_weight", "float", 10.0, "how much a labelled row counts beside others", 0.0, 1000.0),
        ),
        _cost(_coder, trainings=5.0, epochs_share=0.1),
        ("DeepSAD",),
        learns_from_labels=True,
    ),
)
