import pytest

from pynomaly.application.training_cost import PREPARING_SECONDS_PER_CELL, training_seconds
from pynomaly.domain.algorithm import Cost
from pynomaly.infrastructure.algorithms.catalog import Catalog


class CatalogOfOneCost:
    """Declares a fit of a second for every thousand rows, and a microsecond a row for scoring."""

    def cost(self, name: str, parameters: dict, *, n_rows: int, n_features: int) -> Cost | None:
        return Cost(n_rows / 1000, 1e-6, 0, 0) if name == "known" else None


def test_a_training_is_a_fit_its_folds_and_the_scores_of_both() -> None:
    seconds = training_seconds(CatalogOfOneCost(), "known", {}, n_rows=10_000, n_features=20)
    preparing = PREPARING_SECONDS_PER_CELL * 200_000
    assert seconds == pytest.approx(preparing + 10 + 5 * 8 + 20_000e-6)


def test_long_tables_are_divided_in_two_and_scored_in_part() -> None:
    seconds = training_seconds(CatalogOfOneCost(), "known", {}, n_rows=1_000_000, n_features=1)
    assert seconds == pytest.approx(0.1 + 1000 + 2 * 500 + 1.1)


def test_of_an_algorithm_that_declares_no_cost_nothing_is_said() -> None:
    assert training_seconds(CatalogOfOneCost(), "unknown", {}, n_rows=10, n_features=2) is None
    assert training_seconds(Catalog(plugins=()), "pyod.lof", {}, n_rows=10, n_features=2) is None
