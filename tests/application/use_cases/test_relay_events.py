from dataclasses import dataclass, field, replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.use_cases.relay_events import ENTRIES_AT_ONCE, RelayEvents
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.errors import Unavailable
from pynomaly.domain.events import AnomaliesDetected, DatasetRegistered, TrainingFailed
from pynomaly.domain.user import Tenant
from tests.infrastructure.persistence.examples import NOON


@dataclass
class Listener:
    """Writes down what it is told; answers no more after `patience` events."""

    channel: str = "log"
    patience: float = float("inf")
    told: list[AuditEntry] = field(default_factory=list)

    def tell(self, entry: AuditEntry) -> None:
        if len(self.told) >= self.patience:
            raise Unavailable("the channel does not answer")
        self.told.append(entry)


@pytest.fixture
def relay(transactions):
    """Relay what is new to a listener."""

    def begin_in(asked: Asked) -> UnitOfWork:
        return replace(transactions, asked=asked).begin()

    return lambda listener: RelayEvents(transactions.begin_reading, begin_in, [listener])()


def _record(transactions, *events):
    with transactions.begin() as work:
        for event in events:
            work.record(event)
        work.commit()


def _detected(number):
    return AnomaliesDetected(f"c{number}", 1000, number, "e", 80.0)


def test_routed_events_are_told_once_in_their_order(relay, transactions) -> None:
    listener = Listener()
    for start in (0, 5):
        _record(transactions, *(_detected(number) for number in range(start, start + 5)))
        assert relay(listener) == 5
        assert relay(listener) == 0
    assert [entry.payload["n_anomalies"] for entry in listener.told] == list(range(10))
    assert [entry.sequence for entry in listener.told] == list(range(1, 11))


def test_what_no_row_routes_to_a_channel_is_passed_over(relay, transactions) -> None:
    log, other = Listener(), Listener(channel="webhook")
    _record(transactions, DatasetRegistered("d", 3), TrainingFailed("e", "1 row"), DatasetRegistered("d", 3))
    assert (relay(log), relay(other)) == (1, 0)
    assert [entry.type for entry in log.told] == ["TrainingFailed"]
    _record(transactions, _detected(1))
    assert relay(log) == 1


def test_what_was_rolled_back_is_never_told(relay, transactions) -> None:
    listener = Listener()
    with transactions.begin() as work:
        work.record(_detected(1))
    assert relay(listener) == 0
    assert listener.told == []


def test_a_relay_that_dies_between_telling_and_remembering_tells_again_under_the_same_ids(relay, transactions) -> None:
    _record(transactions, *(_detected(number) for number in range(5)))
    dying, healthy = Listener(patience=3), Listener()
    with pytest.raises(Unavailable):
        relay(dying)
    assert relay(healthy) == 5
    assert [entry.id for entry in healthy.told[:3]] == [entry.id for entry in dying.told]
    assert relay(dying) == 0


def test_a_long_backlog_is_told_piece_by_piece_without_a_gap(relay, transactions) -> None:
    n_events = 2 * ENTRIES_AT_ONCE + 7
    _record(transactions, *(_detected(number) for number in range(n_events)))
    listener = Listener()
    while relay(listener):
        pass
    assert [entry.payload["n_anomalies"] for entry in listener.told] == list(range(n_events))


def test_every_workspace_is_relayed_from_its_own_place(relay, transactions) -> None:
    elsewhere = replace(transactions, asked=Asked("elsewhere", "bo"))
    with transactions.begin() as work:
        work.tenants.add(Tenant("elsewhere", "elsewhere", NOON))
        work.commit()
    _record(transactions, _detected(1))
    listener = Listener()
    assert relay(listener) == 1
    _record(elsewhere, _detected(2), _detected(3))
    assert relay(listener) == 2
    assert [(entry.tenant_id, entry.sequence) for entry in listener.told] == [
        ("local", 1),
        ("elsewhere", 1),
        ("elsewhere", 2),
    ]
