"""Idempotency keys: a request has one effect however often it arrives, whoever overtakes whom."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import update

from pynomaly.application.ports.asking import KeyClaim, Reply, RequestKey
from pynomaly.domain.errors import InvalidRequest, LeaseLost, StillRunning
from pynomaly.infrastructure.persistence.work_tables import request_keys
from tests.at_once import at_once
from tests.infrastructure.persistence.examples import dataset, new_id

KEY = RequestKey("user:ada", "POST /api/v1/datasets", "key")


def _reply(subject: object) -> Reply:
    return Reply(201, (("content-type", "application/json"), ("location", "/x")), f"made {subject} \0".encode())


def _claim(key: RequestKey = KEY) -> KeyClaim:
    return KeyClaim(key, new_id(), _reply)


def _under(transactions, claim):
    return replace(transactions, asked=replace(transactions.asked, claim=claim))


def _reserve(transactions, claim, digest="d"):
    with transactions.begin() as work:
        reply = work.request_keys.reserve(claim, digest=digest)
        work.commit()
    return reply


def _release(transactions, claim):
    with transactions.begin() as work:
        work.request_keys.release(claim)
        work.commit()


def _answer(transactions, claim, name="cards"):
    with _under(transactions, claim).begin() as work:
        work.datasets.add(dataset(name))
        work.conclude(name)
        work.commit()


def _let_expire(transactions):
    with transactions.database.engine().begin() as connection:
        connection.execute(update(request_keys).values(expires_at=0.0))


def _names(transactions):
    with transactions.begin_reading() as work:
        return [stored.name for stored in work.datasets.all()]


def test_a_repetition_gets_the_answer_that_was_stored_with_the_effect(transactions) -> None:
    claim = _claim()
    assert _reserve(transactions, claim) is None
    _answer(transactions, claim)
    for _ in range(2):
        assert _reserve(transactions, _claim()) == _reply("cards")
    assert _names(transactions) == ["cards"]


def test_a_repetition_that_comes_too_early_is_told_so(transactions) -> None:
    _reserve(transactions, _claim())
    with pytest.raises(StillRunning):
        _reserve(transactions, _claim())


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_key_cannot_be_used_for_another_request(transactions, is_answered) -> None:
    claim = _claim()
    _reserve(transactions, claim)
    if is_answered:
        _answer(transactions, claim)
    with pytest.raises(InvalidRequest, match="came with another request before"):
        _reserve(transactions, _claim(), digest="other")


@pytest.mark.parametrize("part", ["principal", "route", "key"])
def test_a_key_is_one_callers_for_one_route(transactions, part) -> None:
    _reserve(transactions, _claim())
    assert _reserve(transactions, _claim(replace(KEY, **{part: "other"})), digest="other") is None


def test_no_two_keys_are_mixed_up_whatever_is_written_in_them(transactions) -> None:
    for key in (RequestKey("a", "b\nc", "d"), RequestKey("a\nb", "c", "d"), RequestKey("a", "b", "c\nd")):
        assert _reserve(transactions, _claim(key)) is None


def test_a_key_that_was_given_back_is_free(transactions) -> None:
    claim = _claim()
    _reserve(transactions, claim)
    _release(transactions, claim)
    assert _reserve(transactions, _claim(), digest="other") is None


def test_an_answer_stays_though_its_key_is_given_back(transactions) -> None:
    claim = _claim()
    _reserve(transactions, claim)
    _answer(transactions, claim)
    _release(transactions, claim)
    assert _reserve(transactions, _claim()) == _reply("cards")


def test_nobody_gives_back_the_key_of_another_attempt(transactions) -> None:
    _reserve(transactions, _claim())
    _release(transactions, _claim())
    with pytest.raises(StillRunning):
        _reserve(transactions, _claim())


def test_an_attempt_that_took_too_long_is_overtaken_and_has_no_effect(transactions) -> None:
    slow, fast = _claim(), _claim()
    _reserve(transactions, slow)
    _let_expire(transactions)
    assert _reserve(transactions, fast) is None
    with pytest.raises(LeaseLost, match="another attempt at this request took over"):
        _answer(transactions, slow, "of the slow one")
    _answer(transactions, fast)
    with pytest.raises(LeaseLost):
        _answer(transactions, slow, "of the slow one")
    assert _names(transactions) == ["cards"]
    assert _reserve(transactions, _claim()) == _reply("cards")


def test_an_attempt_that_took_too_long_still_counts_where_nobody_overtook_it(transactions) -> None:
    slow = _claim()
    _reserve(transactions, slow)
    _let_expire(transactions)
    _answer(transactions, slow)
    assert _reserve(transactions, _claim()) == _reply("cards")


def test_a_key_answers_once(transactions) -> None:
    claim = _claim()
    _reserve(transactions, claim)
    _answer(transactions, claim)
    with pytest.raises(LeaseLost):
        _answer(transactions, claim, "again")
    assert _names(transactions) == ["cards"]


def test_an_effect_that_was_undone_leaves_the_key_to_be_given_back(transactions) -> None:
    claim = _claim()
    _reserve(transactions, claim)
    with _under(transactions, claim).begin() as work:
        work.datasets.add(dataset())
        work.conclude("it")
    with pytest.raises(StillRunning):
        _reserve(transactions, _claim())
    _answer(transactions, claim)
    assert _names(transactions) == ["cards"]


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_forgotten_key_is_as_good_as_new(transactions, is_answered) -> None:
    claim = _claim()
    _reserve(transactions, claim)
    if is_answered:
        _answer(transactions, claim)
    with transactions.begin() as work:
        assert work.request_keys.forget_expired() == 0
    _let_expire(transactions)
    if is_answered:
        assert _reserve(transactions, _claim(), digest="other") is None
        _let_expire(transactions)
    with transactions.begin() as work:
        assert work.request_keys.forget_expired() == 1
        work.commit()
    assert _reserve(transactions, _claim(), digest="another") is None


@pytest.mark.slow
def test_nobody_overtakes_an_attempt_in_the_middle_of_its_effect(transactions) -> None:
    """The one that is late waits for the effect, then gets its answer: to look without waiting gave two effects."""
    slow = _claim()
    _reserve(transactions, slow)
    _let_expire(transactions)
    replies = []
    with _under(transactions, slow).begin() as work:
        late = threading.Thread(target=lambda: replies.append(_reserve(transactions, _claim())))
        late.start()
        late.join(0.3)
        work.datasets.add(dataset())
        work.conclude("it")
        work.commit()
    late.join()
    assert replies == [_reply("it")]


@pytest.mark.slow
def test_of_twenty_at_once_one_has_the_effect(transactions) -> None:
    def ask(_number: int) -> Reply | str:
        claim = _claim()
        reply = _reserve(transactions, claim)
        if reply is None:
            _answer(transactions, claim)
        return reply or "acted"

    outcomes = at_once(20, ask)
    assert outcomes.count("acted") == 1
    assert all(other in ("acted", _reply("cards")) or isinstance(other, StillRunning) for other in outcomes)
    assert _names(transactions) == ["cards"]
