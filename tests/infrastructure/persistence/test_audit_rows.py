"""The audit log as it is written: one gapless chain per workspace, however many write at once."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.use_cases.relay_events import RelayEvents
from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.domain.audit import ChainHead
from pynomaly.domain.events import DatasetRegistered, TrainingFailed
from pynomaly.infrastructure.persistence.unit_of_work import SqlTransactions
from tests.at_once import at_once
from tests.databases import on_postgresql_alone
from tests.infrastructure.persistence.examples import dataset

OLDEST_FIRST = Piece(1000, 0, is_oldest_first=True)


def _record(transactions, *events):
    with transactions.begin() as work:
        for event in events:
            work.record(event)
        work.commit()


def _entries(transactions):
    with transactions.begin_reading() as work:
        return work.audit_log.page(OLDEST_FIRST).items


def _asking(transactions, *who):
    return SqlTransactions(transactions.database, transactions.clock, transactions.new_id, Asked(*who))


def test_an_entry_says_who_did_what_by_which_request(transactions) -> None:
    _record(_asking(transactions, "local", "user:ada", "req-7"), DatasetRegistered("d", 3))
    (entry,) = _entries(transactions)
    assert (entry.actor, entry.request_id, entry.type) == ("user:ada", "req-7", "DatasetRegistered")
    assert entry.payload == {"dataset_id": "d", "n_rows": 3}
    assert entry.hash == entry.digest()


def test_the_end_of_the_chain_is_kept_beside_it(transactions) -> None:
    with transactions.begin_reading() as work:
        assert work.audit_log.head() == ChainHead()
    _record(transactions, *(DatasetRegistered(f"d{number}", number) for number in range(3)))
    with transactions.begin_reading() as work:
        assert work.audit_log.head() == ChainHead(3, work.audit_log.page(OLDEST_FIRST).items[-1].hash)


def test_a_reason_made_of_anything_is_hashed_as_it_is_stored(transactions) -> None:
    reason = "\0 \ud800 ☂ \n" + "x" * 100_000
    _record(_asking(transactions, "local", "user:☂"), TrainingFailed("d", reason))
    assert _entries(transactions)[0].payload["reason"] == reason
    assert VerifyAudit(transactions.begin_reading)().is_intact


def test_what_is_not_committed_leaves_no_gap(transactions) -> None:
    for number in range(6):
        with transactions.begin() as work:
            work.record(DatasetRegistered(f"d{number}", number))
            if number % 2:
                work.commit()
    assert [(entry.sequence, entry.payload["n_rows"]) for entry in _entries(transactions)] == [(1, 1), (2, 3), (3, 5)]


@pytest.mark.slow
def test_many_writers_at_once_make_one_chain_without_gaps_in_the_order_of_their_commits(
    transactions, elsewhere
) -> None:
    def write(number: int) -> None:
        here = (transactions, elsewhere)[number % 2]
        for step in range(8):
            with here.begin() as work:
                work.record(DatasetRegistered(f"{number}", 2 * step))
                work.datasets.add(dataset(f"{number} {step}"))
                work.record(DatasetRegistered(f"{number}", 2 * step + 1))
                work.commit()

    assert at_once(8, write) == [None] * 8
    for here, writers in ((transactions, "0246"), (elsewhere, "1357")):
        entries = _entries(here)
        assert [entry.sequence for entry in entries] == list(range(1, 65))
        for writer in writers:
            steps = [entry.payload["n_rows"] for entry in entries if entry.payload["dataset_id"] == writer]
            assert steps == list(range(16))
        pairs = [(entry.payload["dataset_id"], entry.payload["n_rows"] // 2) for entry in entries]
        assert pairs[::2] == pairs[1::2]  # what one transaction recorded stands together
        assert VerifyAudit(here.begin_reading)().is_intact


def test_a_channel_remembers_what_it_was_told(transactions) -> None:
    with transactions.begin() as work:
        assert work.audit_log.cursor("log") == 0
        work.audit_log.move_cursor("log", 5)
        work.audit_log.move_cursor("log", 7)
        work.audit_log.move_cursor("webhook", 1)
        work.commit()
    with transactions.begin() as work:
        assert (work.audit_log.cursor("log"), work.audit_log.cursor("webhook")) == (7, 1)


@on_postgresql_alone
def test_two_relays_do_not_tell_the_same_channel_at_once(transactions) -> None:
    with transactions.begin() as first, transactions.begin() as second:
        assert first.audit_log.cursor("log") == 0
        assert second.audit_log.cursor("log") is None
        assert second.audit_log.cursor("webhook") == 0
    with transactions.begin() as work:
        assert work.audit_log.cursor("log") == 0


class Listener:
    """Writes down what it is told."""

    channel = "log"

    def __init__(self) -> None:
        self.told = []

    def tell(self, entry) -> None:
        self.told.append(entry.sequence)


@pytest.mark.slow
def test_relays_that_run_at_once_tell_everything_once_and_in_order_while_more_happens(transactions) -> None:
    listener, n_events = Listener(), 40

    def begin_in(asked: Asked) -> UnitOfWork:
        return replace(transactions, asked=asked).begin()

    relay = RelayEvents(transactions.begin_reading, begin_in, [listener])

    def relay_or_write(number: int) -> None:
        for _ in range(n_events):
            if number:
                relay()
            else:
                _record(transactions, TrainingFailed("e", "1 row"))

    assert at_once(4, relay_or_write) == [None] * 4
    relay_or_write(1)
    assert listener.told == list(range(1, n_events + 1))


def test_the_log_is_narrowed_to_one_type_and_one_actor(transactions) -> None:
    ada, bo = (_asking(transactions, "local", f"user:{name}") for name in ("ada", "bo"))
    _record(ada, DatasetRegistered("d", 3), TrainingFailed("e", "too few rows"))
    _record(bo, DatasetRegistered("f", 4))
    with transactions.begin_reading() as work:
        of_type = work.audit_log.page(Piece(10), type="DatasetRegistered")
        of_both = work.audit_log.page(Piece(10), type="DatasetRegistered", actor="user:ada")
        first = work.audit_log.page(Piece(1), type="DatasetRegistered")
    assert [entry.sequence for entry in of_type.items] == [3, 1]
    assert [entry.sequence for entry in of_both.items] == [1]
    assert first.next_after == 3
