"""The table of all detection algorithms, by name; no algorithm is imported before it is created or restored.

A detector of our own is one row in `OWN_ROWS` and one file beside this one: its class is called with every parameter
of its row by keyword, and has `fit(matrix, *, seed)` and a static `restore(state)`. PyOD's detectors are rows of
`pyod_adapter/table.py`. How another package brings a detector is told in `plugins.py`; it cannot take a name that
stands here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint

from pynomaly.application.ports.algorithm import Algorithm, FittedModel, ModelState
from pynomaly.domain.algorithm import AlgorithmDescription, Availability, Parameter, ParameterValue
from pynomaly.domain.errors import ExtraNotInstalled, UnknownAlgorithm, did_you_mean
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.plugins import installed_plugins, plugin_row
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_ROWS

OWN_ROWS = (
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
    ),
    CatalogRow(
        AlgorithmDescription(
            name="knn",
            title="k nearest neighbours",
            family="proximity",
            summary="Measures how far away a row's nearest reference rows are; best for local and combined oddities.",
            reference="Ramaswamy, Rastogi and Shim (2000), SIGMOD; Angiulli and Pizzuti (2002), PKDD",
            parameters=(
                Parameter(
                    "n_neighbors",
                    "int",
                    None,
                    "neighbours looked at; 5 % of the reference rows unless given",
                    1,
                    10_000,
                    is_optional=True,
                ),
                Parameter(
                    "method",
                    "choice",
                    "mean",
                    "which of the neighbours' distances counts",
                    choices=("mean", "largest", "median"),
                ),
                Parameter("max_reference_rows", "int", 2000, "training rows kept to compare with", 10, 50_000),
            ),
            aliases=("KNN",),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.k_nearest_neighbours:KNearestNeighbours",
    ),
    CatalogRow(
        AlgorithmDescription(
            name="pca",
            title="Principal components",
            family="linear",
            summary="Measures how far a row lies from the centre along the directions the columns vary in together.",
            reference="Shyu, Chen, Sarinnapakorn and Chang (2003), A novel anomaly detection scheme based on "
            "principal component classifier, ICDM workshops",
            parameters=(
                Parameter(
                    "core_share",
                    "float",
                    0.75,
                    "share of the training rows, the least strange, it learns from",
                    0.5,
                    1.0,
                ),
            ),
            aliases=("PCA",),
            needs_scaling=True,
        ),
        "pynomaly.infrastructure.algorithms.pca:PrincipalComponents",
    ),
)

PYOD_ADAPTER = "pynomaly.infrastructure.algorithms.pyod_adapter.algorithm:PyodAlgorithm"

FAMILIAR_NAMES = {"LOF": "pyod.lof", "OneClassSVM": "pyod.ocsvm", "OCSVM": "pyod.ocsvm"}
"""Names the field writes for algorithms that are no detector of our own."""


@dataclass(frozen=True)
class Catalog:
    """All algorithms of this installation; implements the port AlgorithmCatalog.

    plugins: the entry points of other packages, those of the environment unless given; they are imported only when
    all algorithms are listed or a name is asked for that stands nowhere else.
    """

    plugins: Iterable[EntryPoint] = field(default_factory=installed_plugins)

    def descriptions(self) -> tuple[AlgorithmDescription, ...]:
        """Return every row: our own, PyOD's, then other packages', available here or not."""
        return tuple(row.description for rows in (self._standing_rows, self._plugin_rows) for row in rows.values())

    def describe(self, name: str) -> AlgorithmDescription:
        """Return one row by name or alias, whatever its case, hyphens and underscores. Raises UnknownAlgorithm."""
        return self._row(name).description

    def availability(self, name: str) -> Availability:
        """Say whether the algorithm can be created here, and what to type if not. Raises UnknownAlgorithm."""
        return self._row(name).availability()

    def create(self, name: str, parameters: Mapping[str, ParameterValue]) -> Algorithm:
        """Return the algorithm with checked parameters, defaults where none is given.

        Raises UnknownAlgorithm, InvalidParameter, ExtraNotInstalled.
        """
        row = self._row(name)
        settings = row.description.settings(parameters)
        return _available(row).create(settings)

    def restore(self, name: str, state: ModelState) -> FittedModel:
        """Rebuild a fitted model, validating its state first.

        Raises UnknownAlgorithm, CorruptModel, NotStorable, ExtraNotInstalled.
        """
        return _available(self._row(name)).restore(state)

    def _row(self, name: str) -> CatalogRow:
        spelling = _spelling(name)
        row = self._by_standing_spelling.get(spelling) or self._by_plugin_spelling.get(spelling)
        if row is not None:
            return row
        known = (word.lower() for row in self.descriptions() for word in (row.name, *row.aliases))
        guess = did_you_mean(name.lower(), known) or "."
        raise UnknownAlgorithm(f"there is no algorithm '{name}'{guess} See `pynomaly detector algorithms`.")

    @cached_property
    def _standing_rows(self) -> dict[str, CatalogRow]:
        pyod = (CatalogRow(description, PYOD_ADAPTER, is_adapter=True, needs=("pyod",)) for description in PYOD_ROWS)
        return {row.description.name: row for row in (*OWN_ROWS, *pyod)}

    @cached_property
    def _plugin_rows(self) -> dict[str, CatalogRow]:
        others = (point for point in self.plugins if _spelling(point.name) not in self._by_standing_spelling)
        return {point.name: plugin_row(point) for point in others}

    @cached_property
    def _by_standing_spelling(self) -> dict[str, CatalogRow]:
        familiar = {_spelling(word): self._standing_rows[name] for word, name in FAMILIAR_NAMES.items()}
        return familiar | dict(_spellings(self._standing_rows.values()))

    @cached_property
    def _by_plugin_spelling(self) -> dict[str, CatalogRow]:
        return dict(_spellings(self._plugin_rows.values()))


def _available(row: CatalogRow) -> CatalogRow:
    availability = row.availability()
    if not availability.is_available:
        raise ExtraNotInstalled(availability.hint)
    return row


def _spellings(rows: Iterable[CatalogRow]) -> Iterator[tuple[str, CatalogRow]]:
    """Yield every way to write each row; names come last, so that no alias hides one."""
    rows = tuple(rows)
    for row in rows:
        yield from ((_spelling(alias), row) for alias in row.description.aliases)
    for row in rows:
        yield _spelling(row.description.name), row


def _spelling(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
