"""The table of all detection algorithms, by name; no algorithm is imported before it is created or restored.

A detector of our own is one row in `own_rows/` and one file beside this one: its class is called with every parameter
of its row by keyword, and has `fit(matrix, *, seed)` and a static `restore(state)`. PyOD's detectors are rows of
`pyod_adapter/table.py`. How another package brings a detector is told in `plugins.py`; it cannot take a name that
stands here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint

from pynomaly.application.ports.algorithm import Algorithm, FittedModel, ModelState
from pynomaly.domain.algorithm import AlgorithmDescription, Availability, Cost, ParameterValue
from pynomaly.domain.errors import ExtraNotInstalled, UnknownAlgorithm, did_you_mean
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.own_rows.ensemble_rows import ENSEMBLE_ROWS
from pynomaly.infrastructure.algorithms.own_rows.jax_rows import JAX_ROWS
from pynomaly.infrastructure.algorithms.own_rows.linear_rows import LINEAR_ROWS
from pynomaly.infrastructure.algorithms.own_rows.probabilistic_rows import PROBABILISTIC_ROWS
from pynomaly.infrastructure.algorithms.own_rows.proximity_rows import PROXIMITY_ROWS
from pynomaly.infrastructure.algorithms.own_rows.series_rows import SERIES_ROWS
from pynomaly.infrastructure.algorithms.own_rows.streaming_rows import STREAMING_ROWS
from pynomaly.infrastructure.algorithms.own_rows.torch_rows import TORCH_ROWS
from pynomaly.infrastructure.algorithms.plugins import installed_plugins, plugin_row
from pynomaly.infrastructure.algorithms.pyod_adapter.refused import REFUSED
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_TABLE

OWN_ROWS = (*ENSEMBLE_ROWS, *PROBABILISTIC_ROWS, *PROXIMITY_ROWS, *LINEAR_ROWS, *SERIES_ROWS, *STREAMING_ROWS)

ROWS_OF_EXTRAS = (*TORCH_ROWS, *JAX_ROWS)
"""Detectors of our own that learn with a package which not every installation has."""

PYOD_ADAPTER = "pynomaly.infrastructure.algorithms.pyod_adapter.algorithm:PyodAlgorithm"


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

    def cost(self, name: str, parameters: Mapping[str, ParameterValue], *, n_rows: int, n_features: int) -> Cost | None:
        """Return what learning from that many rows and scoring will take about; None where it was not measured.

        Raises UnknownAlgorithm, InvalidParameter.
        """
        row = self._row(name)
        if row.cost is None:
            return None
        return row.cost(n_rows, n_features, row.description.settings(parameters))

    def restore(self, name: str, state: ModelState) -> FittedModel:
        """Rebuild a fitted model, validating its state first.

        Raises UnknownAlgorithm, CorruptModel, NotStorable, ExtraNotInstalled.
        """
        row = self._row(name)
        return (row if row.scores_without_needs else _available(row)).restore(state)

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
        pyod = (
            CatalogRow(row.description, PYOD_ADAPTER, is_adapter=True, needs=("pyod", *row.needs))
            for row in PYOD_TABLE.values()
        )
        refused = (CatalogRow(known, PYOD_ADAPTER, problem=reason) for known, reason in REFUSED.items())
        return {row.description.name: row for row in (*OWN_ROWS, *ROWS_OF_EXTRAS, *pyod, *refused)}

    @cached_property
    def _plugin_rows(self) -> dict[str, CatalogRow]:
        others = (point for point in self.plugins if _spelling(point.name) not in self._by_standing_spelling)
        return {point.name: plugin_row(point) for point in others}

    @cached_property
    def _by_standing_spelling(self) -> dict[str, CatalogRow]:
        return dict(_spellings(self._standing_rows.values()))

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
