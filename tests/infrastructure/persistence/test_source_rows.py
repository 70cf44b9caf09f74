from dataclasses import replace

import pytest

from pynomaly.application.ports.paging import Piece
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from tests.infrastructure.persistence.examples import data_source


def test_a_source_comes_back_as_it_was_by_name_and_id(work) -> None:
    odd = {"host": "bücher.example", "port": 1, "is_slow": True, "query": "'\"\\"}
    for stored in (data_source("shop"), data_source("ledger", settings=odd, secret_names=())):
        work.sources.add(stored)
        assert work.sources.get(stored.name) == work.sources.get(stored.id) == stored


def test_sources_are_listed_newest_first_and_in_pieces(work) -> None:
    stored = [data_source(f"s{number}") for number in range(3)]
    for source in stored:
        work.sources.add(source)
    assert work.sources.all() == stored[::-1]
    first = work.sources.page(Piece(2))
    assert first.items == stored[:0:-1]
    assert work.sources.page(Piece(2, first.next_after)).items == stored[:1]


def test_a_taken_name_is_refused_for_a_new_and_for_a_renamed_source(work) -> None:
    work.sources.add(data_source("one"))
    other = data_source("other")
    work.sources.add(other)
    with pytest.raises(AlreadyExists, match="'one'"):
        work.sources.add(data_source("one"))
    with pytest.raises(AlreadyExists, match="'one'"):
        work.sources.save(replace(other, name="one"))


def test_two_who_change_a_source_notice_each_other(work) -> None:
    stored = data_source()
    work.sources.add(stored)
    work.sources.save(replace(stored, settings={"host": "elsewhere"}))
    assert work.sources.get(stored.id) == replace(stored, settings={"host": "elsewhere"}, revision=1)
    with pytest.raises(StaleWrite, match="changed or deleted meanwhile"):
        work.sources.save(stored)


def test_a_removed_source_is_gone(work) -> None:
    stored = data_source()
    work.sources.add(stored)
    work.sources.remove(stored)
    for action in (work.sources.remove, work.sources.save):
        with pytest.raises((NotFound, StaleWrite)):
            action(stored)
