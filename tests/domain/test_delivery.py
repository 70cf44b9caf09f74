from dataclasses import replace

import pytest

from pynomaly.domain.delivery import DeliveryStatus, wait_seconds
from pynomaly.domain.errors import Conflict
from tests.infrastructure.persistence.examples import NOON, delivery


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_seconds(n, 1.0) for n in range(1, 13)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert wait_seconds(10_000, 1.0) == 900.0


def test_waits_are_spread_between_a_half_and_all() -> None:
    assert [wait_seconds(5, drawn) for drawn in (0.0, 0.5, 1.0)] == [8.0, 12.0, 16.0]


@pytest.mark.parametrize(
    ("asked", "waited"), [(None, 4.0), (0.0, 4.0), (-5.0, 4.0), (3.0, 4.0), (120.0, 120.0), (1e9, 3600.0)]
)
def test_a_receiver_may_ask_for_more_but_not_for_more_than_an_hour(asked, waited) -> None:
    assert wait_seconds(3, 1.0, asked) == waited


def test_only_what_failed_is_retried_and_with_a_clean_record() -> None:
    failed = delivery("c", status=DeliveryStatus.FAILED, attempt=9, failures=9, last_error="gone", ended_at=NOON)
    assert failed.retried() == replace(failed, status=DeliveryStatus.WAITING, failures=0, ended_at=None)
    for status in (DeliveryStatus.WAITING, DeliveryStatus.SENDING, DeliveryStatus.DELIVERED):
        with pytest.raises(Conflict, match="only one that failed"):
            replace(failed, status=status).retried()


def test_what_is_delivered_or_failed_is_over() -> None:
    assert [status.value for status in DeliveryStatus if status.is_final] == ["delivered", "failed"]
