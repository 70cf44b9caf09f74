import pytest

from pynomaly.domain.errors import InvalidRequest, NotFound
from tests.infrastructure.persistence.examples import dataset


def test_by_id_and_by_the_start_of_an_id(work) -> None:
    stored = dataset(id="0123456789abcdef0123456789abcdef")
    work.datasets.add(stored)
    assert work.datasets.get(stored.id) == stored
    assert work.datasets.get("01234567") == stored
    assert work.datasets.get("0123456789ABCDEF") == stored


def test_seven_characters_of_an_id_are_too_few(work) -> None:
    work.datasets.add(dataset(id="0123456789abcdef0123456789abcdef"))
    with pytest.raises(NotFound):
        work.datasets.get("0123456")


def test_a_name_wins_over_an_id(work) -> None:
    first = dataset("one")
    named_like_it = dataset(first.id)
    work.datasets.add(first)
    work.datasets.add(named_like_it)
    assert work.datasets.get(first.id) == named_like_it


def test_a_prefix_that_fits_several_lists_them(work) -> None:
    for end in "12":
        work.datasets.add(dataset(f"table {end}", id="abcdefab" + end * 24))
    with pytest.raises(InvalidRequest, match=r"fits 2 datasets: abcdefab1{24}, abcdefab2{24}"):
        work.datasets.get("abcdefab")
    assert work.datasets.get("abcdefab1").name == "table 1"


def test_an_unknown_name_names_the_closest(work) -> None:
    work.datasets.add(dataset("transactions"))
    with pytest.raises(NotFound, match=r"no dataset 'transactoins'; did you mean 'transactions'\?"):
        work.datasets.get("transactoins")


def test_a_name_like_nothing_says_where_to_look(work) -> None:
    with pytest.raises(NotFound, match="pynomaly dataset list"):
        work.datasets.get("zzz")
