import threading

import pytest

from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.persistence import Begin, BeginReading, UnitOfWork
from pynomaly.domain.errors import Conflict
from pynomaly.domain.events import AnomaliesDetected, DatasetRegistered, DetectorTrained, TrainingFailed
from tests.infrastructure.persistence.examples import NOON, dataset


def test_it_fits_the_ports(transactions) -> None:
    begin: Begin = transactions.begin
    begin_reading: BeginReading = transactions.begin_reading
    work: UnitOfWork = begin()
    with work, begin_reading() as reading:
        assert list(reading.datasets.all()) == []


def test_what_is_committed_is_found_by_the_next_transaction(transactions) -> None:
    stored = dataset()
    with transactions.begin() as work:
        work.datasets.add(stored)
        work.commit()
    with transactions.begin_reading() as work:
        assert work.datasets.all() == [stored]


def test_what_is_not_committed_is_undone(transactions) -> None:
    with transactions.begin() as work:
        work.datasets.add(dataset())
        work.record(DatasetRegistered("d", 3))
    with transactions.begin_reading() as work:
        assert list(work.datasets.all()) == []
        assert _messages(work) == []


def test_an_error_undoes_everything_and_frees_the_workspace(transactions) -> None:
    def fail() -> None:
        with transactions.begin() as work:
            work.datasets.add(dataset())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transactions.begin() as work:
        assert list(work.datasets.all()) == []


def test_events_are_kept_in_order_with_time_and_payload(transactions) -> None:
    events = [
        DatasetRegistered("d", 3),
        DetectorTrained("t", 1),
        TrainingFailed("t", "too few rows"),
        AnomaliesDetected("a", 1000, 3, "e", 80.0),
    ]
    with transactions.begin() as work:
        for event in events:
            work.record(event)
        work.commit()
    with transactions.begin_reading() as work:
        messages = _messages(work)
    assert [message.type for message in messages] == [type(event).__name__ for event in events]
    assert messages[2].payload == {"detector_id": "t", "reason": "too few rows"}
    assert messages[0].at == NOON
    assert [message.sequence for message in messages] == [1, 2, 3, 4]
    assert len({message.id for message in messages}) == 4


def test_a_reading_transaction_cannot_write(transactions) -> None:
    with transactions.begin_reading() as work, pytest.raises(Conflict, match="readonly"):
        work.datasets.add(dataset())
    with transactions.begin() as work:
        work.datasets.add(dataset())
        work.commit()


def test_a_reader_does_not_wait_for_a_writer_and_sees_the_state_before_it(transactions) -> None:
    with transactions.begin() as writing:
        writing.datasets.add(dataset())
        with transactions.begin_reading() as reading:
            assert list(reading.datasets.all()) == []
            writing.commit()
            assert list(reading.datasets.all()) == []


def test_threads_share_one_workspace(transactions) -> None:
    failures: list[BaseException] = []

    def add(name: str) -> None:
        try:
            with transactions.begin() as work:
                work.datasets.add(dataset(name))
                work.commit()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=add, args=(f"table {number}",)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with transactions.begin_reading() as work:
        assert len(work.datasets.all()) == 20


def test_a_unit_of_work_outside_its_with_block_is_a_mistake_that_shows(transactions) -> None:
    with pytest.raises(RuntimeError, match="with"):
        transactions.begin().datasets.all()


def _messages(work):
    return work.audit_log.page(Piece(100, 0, is_oldest_first=True)).items
