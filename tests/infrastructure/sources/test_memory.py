"""What reading takes does not grow with the rows; `make bench` prints how much five million take."""

import sys
from collections.abc import Iterator

import pytest

from tests.databases import fresh_postgres
from tests.infrastructure.sources.object_store import object_store
from tests.infrastructure.sources.readings import Reading, postgres_readings, sqlite_readings, store_readings

FEW, MANY = 300_000, 1_500_000  # 60 MB of rows more, beside a hundred that the libraries take
GROWTH = 1.3

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from /proc"),
]


def _growths(readings: Iterator[Reading], folder) -> dict[str, float]:
    peaks: dict[str, list[int]] = {}
    for reading in readings:
        peaks.setdefault(reading.title, []).append(reading.peak(folder))
    return {title: large / small for title, (small, large) in peaks.items()}


def test_a_table_of_postgresql_is_read_in_bounded_memory(tmp_path) -> None:
    with fresh_postgres() as url:
        growths = _growths(postgres_readings(url, [FEW, MANY]), tmp_path)
    assert growths["postgresql"] < GROWTH


def test_objects_are_read_in_bounded_memory(tmp_path) -> None:
    with object_store() as store:
        growths = _growths(store_readings(store, [FEW, MANY]), tmp_path)
    assert len(growths) == 3
    assert max(growths.values()) < GROWTH, growths


def test_a_file_of_sqlite_is_read_in_bounded_memory(tmp_path) -> None:
    growths = _growths(sqlite_readings(tmp_path, [FEW, MANY]), tmp_path)
    assert growths["sqlite"] < GROWTH
