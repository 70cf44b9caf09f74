"""A detector that has learned nothing yet: what it is made of, and what it is called where nobody said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.domain.algorithm import ParameterValue
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import NotStorable
from pynomaly.domain.identifiers import DetectorId
from pynomaly.domain.model_selection import AUTOMATIC, choose_algorithm

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Recipe:
    """An algorithm by one of its names, and the parameters that shall differ from their defaults."""

    algorithm: str
    parameters: Mapping[str, ParameterValue]


def recipe_for(dataset: Dataset, algorithm: str, parameters: Mapping[str, ParameterValue]) -> Recipe:
    """Return what was asked for; where the choice is left to us, the automatic one with what was said of it."""
    if algorithm != AUTOMATIC:
        return Recipe(algorithm, parameters)
    choice = choose_algorithm(dataset.n_rows, sum(column.is_feature for column in dataset.columns))
    return Recipe(choice.algorithm, {**choice.parameters, **parameters})


def draft_of(recipe: Recipe, catalog: AlgorithmCatalog, *, detector_id: str, name: str, at: datetime) -> Detector:
    """Return a draft that could be trained.

    Raises UnknownAlgorithm, InvalidParameter, ExtraNotInstalled, InvalidRequest for a name that is none, and
    NotStorable for an algorithm whose models cannot be kept.
    """
    description = catalog.describe(recipe.algorithm)
    settings = description.settings(recipe.parameters)
    if not description.is_storable:
        raise NotStorable(
            f"{description.name} cannot be kept as a detector: {description.not_storable_because}. "
            f"It works in one go: `pynomaly detect DATA --algorithm {description.name}`"
        )
    catalog.create(description.name, settings)
    return Detector(DetectorId(detector_id), name, description.name, settings, at)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name that nothing has yet, made from a wanted one.

    >>> free_name("orders", []), free_name("orders", ["orders", "orders 2"])
    ('orders', 'orders 3')
    """
    used, free, number = set(taken), wanted, 1
    while free in used:
        number += 1
        ending = f" {number}"
        free = wanted[: _LONGEST_NAME - len(ending)].rstrip() + ending
    return free
