"""Finding things by a part of their name, on every database."""

import pytest

from pynomaly.application.ports.names import NOUNS, Name
from tests.infrastructure.persistence.examples import dataset, detector


def like(transactions, text, nouns=NOUNS, limit=5):
    with transactions.begin_reading() as work:
        return work.names.like(text, nouns, limit=limit)


@pytest.fixture
def stocked(transactions, elsewhere):
    """Two datasets and a detector, and a dataset of another workspace."""
    orders, returns, watch = dataset(name="Big Orders 50%"), dataset(name="returns_2026"), detector(name="order watch")
    with transactions.begin() as work:
        work.datasets.add(orders)
        work.datasets.add(returns)
        work.detectors.add(watch)
        work.commit()
    with elsewhere.begin() as work:
        work.datasets.add(dataset(name="orders of others"))
        work.commit()
    return orders, returns, watch


def test_a_part_of_a_name_finds_things_of_several_kinds_whatever_the_case(transactions, stocked) -> None:
    orders, _, watch = stocked
    assert like(transactions, "ORDER") == [
        Name("dataset", orders.id, "Big Orders 50%"),
        Name("detector", watch.id, "order watch"),
    ]


def test_signs_that_mean_something_to_a_database_mean_themselves(transactions, stocked) -> None:
    orders, returns, _ = stocked
    assert [found.id for found in like(transactions, "50%")] == [orders.id]
    assert [found.id for found in like(transactions, "s_2")] == [returns.id]
    assert like(transactions, "%") == [Name("dataset", orders.id, orders.name)]
    assert like(transactions, "\\") == []


def test_the_beginning_of_an_id_finds_it(transactions, stocked) -> None:
    _, returns, _ = stocked
    assert [found.id for found in like(transactions, returns.id[:10].upper())] == [returns.id]


def test_only_the_kinds_that_are_asked_for_are_looked_at(transactions, stocked) -> None:
    assert [found.noun for found in like(transactions, "order", ["detector"])] == ["detector"]
    assert like(transactions, "order", []) == []


def test_of_each_kind_the_newest_few_are_found(transactions, stocked) -> None:
    with transactions.begin() as work:
        for number in range(7):
            work.datasets.add(dataset(name=f"order {number}"))
        work.commit()
    assert [found.name for found in like(transactions, "order ", ["dataset"], 3)] == ["order 6", "order 5", "order 4"]


def test_another_workspace_is_not_looked_at(elsewhere, stocked) -> None:
    assert [found.name for found in like(elsewhere, "order")] == ["orders of others"]
