"""The rules of keys are those of `request_key_rows`; here it is their transactions that count."""

import pytest

from pynomaly.application.ports.asking import KeyClaim, Reply, RequestKey
from pynomaly.application.use_cases.reserve_request_key import ReleaseRequestKey, ReserveRequestKey
from pynomaly.domain.errors import StillRunning

KEY = RequestKey("user:ada", "POST /jobs", "k")


def _claim(token):
    return KeyClaim(KEY, token, lambda _: Reply(201, (), b""))


def test_a_reservation_lasts_beyond_its_transaction_and_so_does_giving_it_back(transactions) -> None:
    reserve, release = ReserveRequestKey(transactions.begin), ReleaseRequestKey(transactions.begin)
    assert reserve(claim=_claim("a"), digest="d") is None
    with pytest.raises(StillRunning):
        reserve(claim=_claim("b"), digest="d")
    release(claim=_claim("b"))
    with pytest.raises(StillRunning):
        reserve(claim=_claim("b"), digest="d")
    release(claim=_claim("a"))
    assert reserve(claim=_claim("b"), digest="d") is None
