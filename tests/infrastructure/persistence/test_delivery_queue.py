"""The queue of messages: who sends what when, and what becomes of messages whose courier falls silent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pynomaly.application.ports.channels import DeliveryQueue
from pynomaly.application.ports.paging import Piece
from pynomaly.domain.delivery import GIVEN_UP_AFTER_SECONDS, DeliveryStatus
from pynomaly.domain.errors import LeaseLost
from pynomaly.infrastructure.persistence.channel_tables import channels, deliveries, delivery_lanes
from pynomaly.infrastructure.persistence.delivery_queue import SENT_IN_A_TURN, SqlDeliveryQueue
from tests.at_once import at_once
from tests.infrastructure.persistence.examples import NOON, channel, delivery

EXPIRED = -1.0  # a lease that has run out when it begins
HOUR = 3600.0


@pytest.fixture
def queue(database, transactions) -> DeliveryQueue:
    return SqlDeliveryQueue(database, transactions.clock)


@pytest.fixture
def forgetful(queue) -> DeliveryQueue:
    """The same queue for couriers that fall silent at once."""
    return replace(queue, lease_seconds=EXPIRED)


def _open(transactions, **changes):
    one = channel(**changes)
    with transactions.begin() as work:
        work.channels.add(one)
        work.commit()
    return one


def _post(transactions, to, *subjects):
    """Queue a message about each subject and return them."""
    posted = [delivery(to.id, subject=subject) for subject in subjects]
    with transactions.begin() as work:
        for one in posted:
            assert work.deliveries.add(one)
        work.commit()
    return posted


def _stored(transactions, one):
    with transactions.begin_reading() as work:
        return work.deliveries.get(one.id)


def _take(queue, courier="c", *, spare_troubled=False):
    return queue.take(courier, spare_troubled=spare_troubled)


def _let_hours_pass(transactions, hours):
    """Let every lane, lease and last moment lie so much further back."""
    with transactions.database.engine().begin() as connection:
        for table, column in ((delivery_lanes, "due_at"), (channels, "lease_until"), (deliveries, "give_up_at")):
            connection.execute(update(table).values({column: table.c[column] - hours * HOUR}))


def test_a_message_is_taken_once_with_its_channel(queue, transactions) -> None:
    one = _open(transactions)
    (posted,) = _post(transactions, one, "detector:e")
    taken = _take(queue)
    assert (taken.tenant_id, taken.channel, taken.turn) == ("local", one, 1)
    assert taken.delivery == replace(posted, status=DeliveryStatus.SENDING, attempt=1) == _stored(transactions, posted)
    assert taken.seconds_left == pytest.approx(GIVEN_UP_AFTER_SECONDS, abs=1.0)
    assert _take(queue) is None


def test_messages_of_a_channel_go_one_at_a_time_in_their_order(queue, transactions) -> None:
    one = _open(transactions)
    posted = _post(transactions, one, "a", "b", "a", "b")
    for expected in posted:
        taken = _take(queue)
        assert taken.delivery.id == expected.id
        assert _take(queue) is None
        queue.deliver(taken)
    assert _take(queue) is None
    assert {_stored(transactions, each).status for each in posted} == {DeliveryStatus.DELIVERED}


def test_a_message_that_has_to_wait_holds_up_its_own_subject_only(queue, transactions) -> None:
    one = _open(transactions)
    first, behind, other = _post(transactions, one, "a", "a", "b")
    queue.put_off(_take(queue), "it was busy", wait_seconds=HOUR)
    assert _take(queue).delivery.id == other.id
    _let_hours_pass(transactions, 2)
    again = _take(queue)
    assert (again.delivery.id, again.delivery.attempt, again.delivery.failures) == (first.id, 2, 1)
    assert again.delivery.last_error == "it was busy"
    queue.deliver(again)
    assert _take(queue).delivery.id == behind.id


def test_what_comes_while_a_lane_rests_waits_with_it(queue, transactions) -> None:
    one = _open(transactions)
    (first,) = _post(transactions, one, "a")
    queue.put_off(_take(queue), "it was busy", wait_seconds=HOUR)
    _post(transactions, one, "a")
    assert _take(queue) is None
    _let_hours_pass(transactions, 2)
    assert _take(queue).delivery.id == first.id


def test_a_message_that_was_given_up_lets_those_behind_it_go_on(queue, transactions) -> None:
    one = _open(transactions)
    first, second = _post(transactions, one, "a", "a")
    queue.give_up(_take(queue), "no such hook")
    stored = _stored(transactions, first)
    assert (stored.status, stored.last_error, stored.failures) == (DeliveryStatus.FAILED, "no such hook", 1)
    assert stored.ended_at is not None
    assert _take(queue).delivery.id == second.id


def test_a_channel_that_hangs_holds_up_no_other(queue, transactions) -> None:
    hanging, sound = _open(transactions, name="hanging"), _open(transactions, name="sound")
    _post(transactions, hanging, "a", "b", "c")
    posted = _post(transactions, sound, "a", "b", "c")
    assert _take(queue).channel.id == hanging.id
    for expected in posted:
        taken = _take(queue)
        assert taken.delivery.id == expected.id
        queue.deliver(taken)
    assert _take(queue) is None


def test_channels_take_turns(queue, transactions) -> None:
    opened = [_open(transactions, name=name) for name in "xyz"]
    for one in opened:
        _post(transactions, one, *"abc")
    order = []
    for _ in range(9):
        taken = _take(queue)
        order.append(taken.channel.name)
        queue.deliver(taken)
    assert "".join(order) == "xyz" * 3


def test_a_courier_goes_on_with_its_channel_until_it_is_another_ones_turn(queue, transactions) -> None:
    one, other = _open(transactions, name="one"), _open(transactions, name="other")
    posted = _post(transactions, one, *("a" * (SENT_IN_A_TURN + 5)))
    _post(transactions, other, "a")
    taken, sent = _take(queue), []
    while taken is not None:
        sent.append(taken.delivery.id)
        assert taken.delivery == _stored(transactions, taken.delivery)
        taken = queue.deliver(taken, goes_on=True)
    assert sent == [each.id for each in posted[:SENT_IN_A_TURN]]
    assert _take(queue).channel.id == other.id


def test_a_courier_does_not_go_on_with_a_channel_that_came_to_rest(queue, transactions) -> None:
    one = _open(transactions)
    _first, second = _post(transactions, one, "a", "b")
    taken = _take(queue)
    with transactions.begin() as work:
        work.channels.save(replace(work.channels.get(one.id), is_enabled=False))
        work.commit()
    assert queue.deliver(taken, goes_on=True) is None
    assert _stored(transactions, second) == second


def test_a_channel_that_is_gone_on_with_stays_lent(queue, transactions) -> None:
    _post(transactions, _open(transactions), "a", "b", "c")
    second = queue.deliver(_take(queue), goes_on=True)
    assert (second.turn, second.n_sent, second.delivery.attempt) == (1, 1, 1)
    assert _take(queue) is None
    queue.put_off(second, "it was busy", wait_seconds=HOUR)
    assert _take(queue).turn == 2


def test_couriers_for_the_sound_leave_channels_alone_whose_last_attempt_failed(queue, transactions) -> None:
    one = _open(transactions)
    _post(transactions, one, "a", "b")
    queue.put_off(_take(queue, spare_troubled=True), "it hung", wait_seconds=HOUR)
    assert _take(queue, spare_troubled=True) is None
    queue.deliver(_take(queue))
    _post(transactions, one, "c")
    assert _take(queue, spare_troubled=True) is not None


def test_a_channel_that_rests_keeps_what_waits(queue, transactions) -> None:
    one = _open(transactions, is_enabled=False)
    (posted,) = _post(transactions, one, "a")
    assert _take(queue) is None
    with transactions.begin() as work:
        work.channels.save(replace(work.channels.get(one.id), is_enabled=True))
        work.commit()
    assert _take(queue).delivery.id == posted.id


def test_what_a_silent_courier_had_is_sent_again_under_the_same_id(queue, forgetful, transactions) -> None:
    (posted,) = _post(transactions, _open(transactions), "a")
    lost, again = _take(forgetful), _take(queue)
    assert (lost.delivery.id, again.delivery.id) == (posted.id, posted.id)
    assert (lost.delivery.attempt, again.delivery.attempt, again.turn) == (1, 2, 2)


@pytest.mark.parametrize("end", ["deliver", "put_off", "give_up"])
def test_a_courier_that_was_overtaken_can_store_nothing(queue, forgetful, transactions, end) -> None:
    (posted,) = _post(transactions, _open(transactions), "a")
    frozen, again = _take(forgetful), _take(queue)
    ends = {
        "deliver": lambda: queue.deliver(frozen),
        "put_off": lambda: queue.put_off(frozen, "late", wait_seconds=1.0),
        "give_up": lambda: queue.give_up(frozen, "late"),
    }
    with pytest.raises(LeaseLost):
        ends[end]()
    assert _stored(transactions, posted) == again.delivery
    assert _take(queue) is None, "the channel is still the other one's"
    queue.deliver(again)
    assert _stored(transactions, posted).status is DeliveryStatus.DELIVERED


def test_a_late_courier_lets_go_of_no_channel_that_was_lent_to_another(queue, forgetful, transactions) -> None:
    one = _open(transactions)
    first, second, _third = _post(transactions, one, "a", "b", "c")
    late = _take(forgetful)
    with transactions.database.engine().begin() as connection:  # the lane of the first rests, so the second is next
        connection.execute(update(delivery_lanes).where(delivery_lanes.c.subject == "a").values(due_at=9e9))
    other = _take(queue)
    assert (late.delivery.id, other.delivery.id) == (first.id, second.id)
    with pytest.raises(LeaseLost):
        queue.deliver(late)
    assert _take(queue) is None


def test_couriers_that_take_at_once_never_share_a_channel(queue, transactions) -> None:
    opened = [_open(transactions, name=name) for name in "xy"]
    for one in opened:
        _post(transactions, one, *"abcdef")
    taken = [one for one in at_once(8, lambda _: _take(queue)) if one is not None]
    assert len({one.channel.id for one in taken}) == len(taken)
    while one := _take(queue):
        taken.append(one)
    assert sorted(one.channel.name for one in taken) == ["x", "y"]


def test_two_couriers_at_work_send_everything_once_and_in_order(queue, transactions) -> None:
    opened = [_open(transactions, name=name) for name in "xy"]
    posted = [each for one in opened for each in _post(transactions, one, *"abababab")]
    sent = []

    def work(_):
        while taken := _take(queue):
            sent.append(taken.delivery)
            queue.deliver(taken)

    assert at_once(2, work) == [None, None]
    work(None)  # whoever looked while the other held a channel has gone home
    assert sorted(one.id for one in sent) == sorted(one.id for one in posted)
    for lane in {(one.channel_id, one.subject) for one in posted}:
        order = [one.id for one in sent if (one.channel_id, one.subject) == lane]
        assert order == [one.id for one in posted if (one.channel_id, one.subject) == lane]


def test_the_day_after_the_first_attempt_is_over_for_good(queue, transactions) -> None:
    (posted,) = _post(transactions, _open(transactions), "a")
    queue.put_off(_take(queue), "it was busy", wait_seconds=1.0)
    _let_hours_pass(transactions, 23)
    queue.put_off(taken := _take(queue), "it was busy", wait_seconds=1.0)
    assert 0.0 < taken.seconds_left <= HOUR
    _let_hours_pass(transactions, 2)
    assert _take(queue).seconds_left < 0.0
    assert _stored(transactions, posted).attempt == 3


def test_a_retry_by_hand_is_due_at_once_and_has_a_day_again(queue, transactions) -> None:
    (posted,) = _post(transactions, _open(transactions), "a")
    queue.put_off(_take(queue), "it was busy", wait_seconds=1.0)
    _let_hours_pass(transactions, 25)
    queue.give_up(_take(queue), "given up")
    with transactions.begin() as work:
        work.deliveries.requeue(work.deliveries.get(posted.id).retried())
        work.commit()
    taken = _take(queue)
    assert (taken.delivery.id, taken.delivery.attempt, taken.delivery.failures) == (posted.id, 3, 0)
    assert taken.seconds_left == pytest.approx(GIVEN_UP_AFTER_SECONDS, abs=1.0)


def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(queue, transactions) -> None:
    first, second = _post(transactions, _open(transactions), "a", "b")
    queue.deliver(_take(queue))
    assert queue.forget_ended(NOON) == 0
    assert queue.forget_ended(NOON + timedelta(days=1)) == 1
    with transactions.begin_reading() as work:
        assert [one.id for one in work.deliveries.page(Piece(9)).items] == [second.id]
    assert first.id != second.id


def test_a_channel_takes_its_messages_with_it(queue, transactions) -> None:
    one = _open(transactions)
    _post(transactions, one, "a", "b")
    taken = _take(queue)
    with transactions.begin() as work:
        work.channels.remove(work.channels.get(one.id))
        work.commit()
    with pytest.raises(LeaseLost):
        queue.deliver(taken)
    assert _take(queue) is None
    with transactions.database.engine().connect() as connection:
        assert not connection.execute(select(deliveries)).all()
        assert not connection.execute(select(delivery_lanes)).all()
