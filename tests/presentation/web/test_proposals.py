import pytest

from pynomaly.domain.columns import Column, ColumnKind
from pynomaly.domain.dataset import Dataset
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.presentation.web.proposals import INTENTS, Intent, all_algorithms, intent_of, proposals
from tests.fakes.today import NOON

CATALOG = Catalog()


def rows_of(n_rows: int, n_columns: int) -> Dataset:
    columns = tuple(Column(f"c{number}", ColumnKind.NUMBER) for number in range(n_columns))
    return Dataset("d1", "orders", "f" * 64, "", n_rows, columns, NOON)


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.word)
def test_each_intent_proposes_three_that_the_catalogue_has_with_parameters_they_take(intent: Intent) -> None:
    found = proposals(CATALOG, intent, rows_of(5000, 8))
    assert len(found) == 3
    for one in found:
        assert one.reason
        assert one.description.is_storable
        one.description.settings(one.parameters)


@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.word)
def test_the_first_proposal_is_of_our_own_so_that_it_can_always_be_taken(intent: Intent) -> None:
    first = proposals(CATALOG, intent, rows_of(5000, 8))[0]
    assert first.description.extra is None
    assert not first.obstacle
    assert first.seconds is not None


def test_what_stands_against_an_algorithm_is_said() -> None:
    obstacles = {one.description.name: one.obstacle for one in all_algorithms(CATALOG, INTENTS[0], rows_of(30_000, 2))}
    assert obstacles["isolation_forest"] == ""
    assert "at most 20,000 rows" in obstacles["pyod.kde"] or "pip install" in obstacles["pyod.kde"]
    assert "at most 1 columns" in obstacles["pyod.mad"] or "pip install" in obstacles["pyod.mad"]
    assert obstacles["pyod.copod"]


def test_where_all_rows_are_held_to_be_normal_no_algorithm_leaves_any_out() -> None:
    found = {
        one.description.name: one.parameters for one in all_algorithms(CATALOG, intent_of("novelty"), rows_of(9, 2))
    }
    leave_out = {one.name for one in CATALOG.descriptions() if "core_share" in [each.name for each in one.parameters]}
    assert {"pca", "gmm", "torch.vae", "torch.icl"} <= leave_out
    assert {name for name, parameters in found.items() if parameters == {"core_share": 1.0}} == leave_out
    assert not any(one.parameters for one in all_algorithms(CATALOG, INTENTS[0], rows_of(9, 2)))


def test_a_word_that_is_no_intent_means_the_first() -> None:
    assert intent_of("nonsense") is INTENTS[0]
    assert intent_of("peers").word == "peers"
