from datetime import timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from pynomaly.domain.errors import AlreadyExists, NotFound
from tests.infrastructure.persistence.examples import NOON, dataset


def test_a_dataset_comes_back_as_it_was(work) -> None:
    stored = dataset()
    work.datasets.add(stored)
    assert work.datasets.get("cards") == stored


def test_times_come_back_in_utc_whatever_zone_they_came_in(work) -> None:
    berlin = NOON.astimezone(timezone(timedelta(hours=1)))
    work.datasets.add(dataset(created_at=berlin))
    found = work.datasets.get("cards").created_at
    assert found == berlin
    assert found.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(work) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        work.datasets.add(dataset(created_at=NOON.replace(tzinfo=None)))


def test_a_taken_name_is_refused(work) -> None:
    work.datasets.add(dataset())
    with pytest.raises(AlreadyExists, match="'cards'"):
        work.datasets.add(dataset())


def test_the_newest_comes_first_and_of_equals_the_later_stored(work) -> None:
    work.datasets.add(dataset("middle", created_at=NOON))
    work.datasets.add(dataset("middle, stored later", created_at=NOON))
    work.datasets.add(dataset("old", created_at=NOON - timedelta(days=1)))
    work.datasets.add(dataset("new", created_at=NOON + timedelta(microseconds=1)))
    assert [found.name for found in work.datasets.all()] == ["new", "middle, stored later", "middle", "old"]


def test_a_removed_dataset_is_gone_and_its_name_free(work) -> None:
    stored = dataset()
    work.datasets.add(stored)
    work.datasets.remove(stored)
    with pytest.raises(NotFound, match="gone already"):
        work.datasets.remove(stored)
    work.datasets.add(dataset())


def test_a_source_with_undecodable_characters_is_stored_readably(work) -> None:
    work.datasets.add(dataset(source="caf\udce9\0.csv"))
    assert work.datasets.get("cards").source == "caf\\udce9\\x00.csv"


def test_names_that_look_like_sql_or_patterns_are_only_names(work) -> None:
    for name in ("'; DROP TABLE datasets; --", "%", "cards_%", "日本 ☂", '"'):
        work.datasets.add(dataset(name))
        assert work.datasets.get(name).name == name
    with pytest.raises(NotFound):
        work.datasets.get("%" * 8)
