"""One row of the catalogue: what is known of an algorithm, and how its class is found and called."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pynomaly.application.ports.algorithm import Algorithm, FittedModel, ModelState
from pynomaly.domain.algorithm import AlgorithmDescription, Availability, CostOf, ParameterValue


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """An algorithm before anything of it is imported.

    target: where its class is, "module:Class".
    is_adapter: the class stands for many algorithms and is told which one; it is called with (description, settings)
    and `restore(description, state)` where a class of its own is called with (**settings) and `restore(state)`.
    needs: the packages its extra brings, by import name.
    scores_without_needs: whether these packages are needed to learn only, and a fitted model is restored without them.
    problem: why it cannot be used whatever is installed, empty if it can.
    cost: what it takes, from numbers of rows and columns and its settings; None where that was not measured.
    """

    description: AlgorithmDescription
    target: str
    is_adapter: bool = False
    needs: tuple[str, ...] = ()
    scores_without_needs: bool = False
    problem: str = ""
    cost: CostOf | None = None

    def availability(self) -> Availability:
        """Say whether it can be created here; its packages are looked for, not imported."""
        if self.problem:
            return Availability(False, self.problem)
        missing = tuple(package for package in self.needs if find_spec(package) is None)
        if not missing:
            return Availability(True)
        distribution = f"pynomaly-platform[{self.description.extra}]"
        hint = f"install `{distribution}` to use {self.description.name}: pip install '{distribution}'"
        return Availability(False, hint, missing)

    def create(self, settings: Mapping[str, ParameterValue]) -> Algorithm:
        """Return the algorithm with settings that were checked."""
        algorithm: Algorithm = self._load()(self.description, settings) if self.is_adapter else self._load()(**settings)
        return algorithm

    def restore(self, state: ModelState) -> FittedModel:
        """Rebuild a fitted model. Raises CorruptModel, NotStorable."""
        model: FittedModel = (
            self._load().restore(self.description, state) if self.is_adapter else self._load().restore(state)
        )
        return model

    def _load(self) -> Any:
        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)
