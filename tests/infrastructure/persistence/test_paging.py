"""Lists in pieces: whoever walks to the end saw everything that was there at the beginning, once."""

import pytest

from pynomaly.application.ports.paging import Piece
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.job import JobKind, JobStatus
from tests.infrastructure.persistence.examples import (
    api_key,
    dataset,
    detection,
    detector,
    job,
    schedule,
    user,
    version,
)

MAKERS = {
    "datasets": lambda number: dataset(f"dataset {number}"),
    "detectors": lambda number: detector(f"detector {number}").with_version(version()),
    "detections": lambda number: detection(),
    "jobs": lambda number: job(),
    "schedules": lambda number: schedule(f"schedule {number}"),
    "users": lambda number: user(f"user{number}@example.org"),
    "api_keys": lambda number: api_key(f"key {number}"),
}


def _add(transactions, repository, numbers):
    made = [MAKERS[repository](number) for number in numbers]
    with transactions.begin() as work:
        for thing in made:
            getattr(work, repository).add(thing)
        work.commit()
    return made


def _walk(transactions, repository, piece, between=lambda: None):
    """Yield everything a client finds by following one page to the next."""
    while True:
        with transactions.begin_reading() as work:
            page = getattr(work, repository).page(piece)
        assert 0 < len(page.items) <= piece.limit
        yield from page.items
        if page.next_after is None:
            return
        piece = Piece(piece.limit, page.next_after, piece.is_oldest_first)
        between()


@pytest.mark.parametrize("repository", MAKERS)
@pytest.mark.parametrize("is_oldest_first", [False, True])
@pytest.mark.parametrize("limit", [1, 3, 6, 7, 8])
def test_pages_of_any_size_make_up_the_list(transactions, repository, is_oldest_first, limit) -> None:
    made = _add(transactions, repository, range(7))
    found = list(_walk(transactions, repository, Piece(limit, is_oldest_first=is_oldest_first)))
    assert found == (made if is_oldest_first else made[::-1])


@pytest.mark.parametrize("repository", MAKERS)
@pytest.mark.parametrize("is_oldest_first", [False, True])
def test_no_row_is_skipped_or_repeated_while_rows_are_added(
    transactions, elsewhere, repository, is_oldest_first
) -> None:
    made = _add(transactions, repository, range(10))
    numbers = iter(range(10, 10_000))

    def add_more() -> None:
        if len(everything) < 16:
            everything.extend(_add(transactions, repository, [next(numbers)]))
            _add(elsewhere, repository, [next(numbers)])

    everything = list(made)
    found = list(_walk(transactions, repository, Piece(3, is_oldest_first=is_oldest_first), add_more))
    assert found == (everything if is_oldest_first else made[::-1])


def test_an_empty_list_is_one_empty_page(transactions) -> None:
    with transactions.begin_reading() as work:
        page = work.datasets.page(Piece(5))
    assert (page.items, page.next_after) == ([], None)


def test_a_removed_row_disturbs_nobody_who_stands_on_it(transactions) -> None:
    made = _add(transactions, "datasets", range(6))
    with transactions.begin() as work:
        first = work.datasets.page(Piece(2))
        work.datasets.remove(first.items[-1])
        rest = work.datasets.page(Piece(10, first.next_after))
    assert [*first.items, *rest.items] == made[::-1]


def test_jobs_are_listed_by_status_and_kind(transactions) -> None:
    made = [job(kind=kind, status=status) for _ in range(3) for status in JobStatus for kind in JobKind]
    with transactions.begin() as work:
        for one in made:
            work.jobs.add(one)
        work.commit()
    with transactions.begin_reading() as work:
        for status in JobStatus:
            for kind in JobKind:
                wanted = [one for one in made[::-1] if (one.status, one.kind) == (status, kind)]
                assert work.jobs.page(Piece(50), status=status, kind=kind).items == wanted


def test_detections_are_listed_by_detector(transactions) -> None:
    made = [detection(detector_id=f"detector-{number % 3}") for number in range(9)]
    with transactions.begin() as work:
        for one in made:
            work.detections.add(one)
        work.commit()
    with transactions.begin_reading() as work:
        first = work.detections.page(Piece(2), detector_id="detector-1")
        rest = work.detections.page(Piece(2, first.next_after), detector_id="detector-1")
    assert [*first.items, *rest.items] == [made[7], made[4], made[1]]
    assert rest.next_after is None


def test_the_audit_log_is_paged_by_sequence_both_ways(transactions) -> None:
    for number in range(5):
        with transactions.begin() as work:
            work.record(DatasetRegistered(f"d{number}", number))
            work.commit()
    with transactions.begin_reading() as work:
        newest = work.audit_log.page(Piece(2))
        older = work.audit_log.page(Piece(9, newest.next_after))
        oldest = work.audit_log.page(Piece(4, 0, is_oldest_first=True))
    assert [entry.sequence for entry in (*newest.items, *older.items)] == [5, 4, 3, 2, 1]
    assert (oldest.next_after, older.next_after) == (4, None)


@pytest.mark.parametrize("repository", [*MAKERS, "audit_log"])
def test_beyond_the_end_there_is_nothing_however_far(transactions, repository) -> None:
    with transactions.begin_reading() as work:
        page = getattr(work, repository).page(Piece(3, after=2**53, is_oldest_first=True))
    assert (page.items, page.next_after) == ([], None)
