"""A small storm of each kind, so that whatever the large ones rest on holds at every change."""

from contextlib import contextmanager

import pytest

from tests.databases import fresh_postgres
from tests.storms.arena import Arena
from tests.storms.kill_storm import storm
from tests.storms.private_postgres import NoServerPrograms, private_postgres
from tests.storms.storm_size import StormSize

SMALL = StormSize(
    n_workers=2,
    n_customers=1,
    n_worker_kills=4,
    n_api_kills=1,
    n_database_kills=1,
    n_zombies=1,
    part_seconds=60.0,
    reclaim_seconds=60.0,  # other tests run beside it
)


@contextmanager
def _on_sqlite(folder):
    yield Arena(folder)


@contextmanager
def _on_postgresql(folder):
    """A server of the storm's own, so that it can be killed too; else the one of all tests."""
    try:
        with private_postgres() as server:
            yield Arena(folder, server.url, server)
    except NoServerPrograms:
        with fresh_postgres() as url:
            yield Arena(folder, url)


@pytest.mark.slow
@pytest.mark.parametrize("ground", [_on_sqlite, _on_postgresql], ids=["sqlite", "postgresql"])
def test_no_promise_is_broken_whoever_is_killed_or_frozen(ground, tmp_path) -> None:
    with ground(tmp_path) as place:
        assert storm(place, seed=1, size=SMALL)
