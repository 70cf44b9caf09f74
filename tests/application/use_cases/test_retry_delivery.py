import pytest

from pynomaly.application.use_cases.retry_delivery import RetryDelivery
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.errors import Conflict, NotFound
from tests.application.use_cases.told import events_of
from tests.infrastructure.persistence.examples import channel, delivery


def _posted(transactions, status):
    to = channel()
    one = delivery(to.id, status=status)
    with transactions.begin() as work:
        work.channels.add(to)
        work.deliveries.add(one)
        work.commit()
    return one


def test_what_failed_waits_again_under_the_same_id(transactions) -> None:
    failed = _posted(transactions, DeliveryStatus.FAILED)
    waiting = RetryDelivery(transactions.begin)(delivery=failed.id[:8])
    assert (waiting.id, waiting.status) == (failed.id, DeliveryStatus.WAITING)
    with transactions.begin_reading() as work:
        assert work.deliveries.get(failed.id) == waiting
    assert events_of(transactions) == [("DeliveryRetried", {"delivery_id": failed.id})]


def test_what_did_not_fail_is_left_alone(transactions) -> None:
    delivered = _posted(transactions, DeliveryStatus.DELIVERED)
    with pytest.raises(Conflict):
        RetryDelivery(transactions.begin)(delivery=delivered.id)
    with pytest.raises(NotFound):
        RetryDelivery(transactions.begin)(delivery="0" * 32)
