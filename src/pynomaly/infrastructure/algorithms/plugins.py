"""Algorithms that other installed packages bring, found by entry point.

    [project.entry-points."pynomaly.algorithms"]
    my_detector = "my_package.my_module:MyDetector"

The entry point's name is the algorithm's name. It leads to a class that

- carries its row as a class attribute `description: AlgorithmDescription`, under the same name;
- is called with every parameter of that row by keyword;
- has `fit(matrix, *, seed)` and a static `restore(state)`, as in the port `Algorithm`.
"""

from importlib.metadata import EntryPoint, entry_points

from pynomaly.domain.algorithm import AlgorithmDescription
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow

PLUGIN_GROUP = "pynomaly.algorithms"


def installed_plugins() -> tuple[EntryPoint, ...]:
    """Return the entry points of this environment; nothing is imported."""
    return tuple(entry_points(group=PLUGIN_GROUP))


def plugin_row(point: EntryPoint) -> CatalogRow:
    """Import what an entry point leads to and return its row.

    A package that is broken must not take the catalogue down with it: its row says what is wrong instead.
    """
    try:
        description = point.load().description
    except (ImportError, AttributeError) as error:
        return _broken_row(point, f"the entry point {point.value} cannot be loaded: {error}")
    if not isinstance(description, AlgorithmDescription) or description.name != point.name:
        return _broken_row(point, f"{point.value} must carry a `description` of the algorithm '{point.name}'")
    return CatalogRow(description, point.value)


def _broken_row(point: EntryPoint, problem: str) -> CatalogRow:
    description = AlgorithmDescription(point.name, point.name, "unknown", f"Not usable: {problem}", reference="")
    return CatalogRow(description, point.value, problem=f"{problem}; update or remove the package that brings it")
