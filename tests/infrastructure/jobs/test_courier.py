"""The courier, with a queue and a channel that a test decides; then several on a real queue."""

import threading
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pynomaly.application.ports.channels import TakenDelivery
from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.send_delivery import Attempt, Outcome, SendDelivery
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.errors import LeaseLost, RemoteUnavailable, StorageFull, Unavailable
from pynomaly.infrastructure.jobs.courier import Courier
from pynomaly.infrastructure.jobs.side_threads import SideThreads
from pynomaly.infrastructure.persistence.delivery_queue import SqlDeliveryQueue
from tests.fakes.deliveries import FakeDeliveryQueue, Watcher
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.fakes.workers import ImpatientEvent, SteppingClock
from tests.infrastructure.persistence.examples import channel, delivery, new_id, ready_workspace

BELL = channel("bell", kind="bell", settings={}, secret_names=())
PLANTED = "https://hooks.example.org/planted-token"


@dataclass
class FakeSend:
    """Does with each message what a test says."""

    does: list[Any]

    def __call__(self, taken: TakenDelivery) -> Attempt:
        one = self.does.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    def put_off(self, taken: TakenDelivery, reason: str) -> Attempt:
        return Attempt(Outcome.RETRIED, reason, 7.0)


ARRIVED = Attempt(Outcome.DELIVERED)
ENDS = [ARRIVED, Attempt(Outcome.RETRIED, "busy", 2.0), Attempt(Outcome.FAILED, "gone")]


def taken() -> TakenDelivery:
    return TakenDelivery("local", BELL, delivery(BELL.id), 1, 1000.0)


@dataclass
class Rounds:
    """A courier with everything it works with; pausing moves its clock on."""

    does: list[Any]
    queue: FakeDeliveryQueue = field(default_factory=FakeDeliveryQueue)
    stop: ImpatientEvent = field(default_factory=ImpatientEvent)
    clock: SteppingClock = field(default_factory=SteppingClock)

    def run(self, *waiting) -> list[tuple[str, str, str, float]]:
        """Let the courier work until nothing waits any more, and return what was stored."""
        self.queue.waiting, self.queue.when_empty = list(waiting), self.stop.set
        send = FakeSend(self.does)
        Courier("c", self.queue, send, spares_troubled=True, clock=self.clock, pause=self._pause).run(self.stop)
        return self.queue.stored

    def _pause(self, seconds: float) -> None:
        self.clock.now += seconds


def test_what_came_of_each_message_is_stored() -> None:
    messages = [taken() for _ in ENDS]
    rounds = Rounds(list(ENDS))
    assert rounds.run(*messages) == [
        ("delivered", messages[0].delivery.id, "", 0.0),
        ("put off", messages[1].delivery.id, "busy", 2.0),
        ("given up", messages[2].delivery.id, "gone", 0.0),
    ]
    assert set(rounds.queue.asked) == {True}


def test_a_courier_goes_on_with_the_channel_it_has() -> None:
    first, second = taken(), taken()
    rounds = Rounds([ARRIVED, ARRIVED])
    rounds.queue.upcoming = [second]
    assert [delivery_id for _, delivery_id, _, _ in rounds.run(first)] == [first.delivery.id, second.delivery.id]


def test_a_courier_that_is_to_stop_finishes_what_it_has_and_goes_on_with_nothing() -> None:
    rounds = Rounds([ARRIVED])
    rounds.queue.upcoming = [taken()]

    def stop_meanwhile(_taken: TakenDelivery) -> Attempt:
        rounds.stop.set()
        return ARRIVED

    rounds.queue.waiting = [taken()]
    Courier("c", rounds.queue, stop_meanwhile, spares_troubled=False).run(rounds.stop)
    assert len(rounds.queue.stored) == 1 + 1, "the one under way, and the one it had asked for before"
    assert rounds.queue.upcoming == []


@pytest.mark.parametrize("trouble", [Unavailable("away"), StorageFull("full"), ZeroDivisionError()])
def test_whatever_goes_wrong_with_the_queue_does_not_end_a_courier(trouble) -> None:
    assert len(Rounds([ARRIVED]).run(trouble, taken())) == 1


@pytest.mark.parametrize("trouble", [Unavailable("away"), StorageFull("full")])
def test_an_end_is_stored_also_where_the_database_was_away_for_a_while(trouble) -> None:
    rounds = Rounds([ARRIVED])
    rounds.queue.refusals = [trouble] * 20
    assert len(rounds.run(taken())) == 1
    assert rounds.does == [], "the message was not sent again"


def test_a_database_that_stays_away_leaves_the_message_to_its_lease(caplog) -> None:
    rounds = Rounds([ARRIVED, ARRIVED])
    rounds.queue.refusals = [Unavailable("away")] * 82
    second = taken()
    assert [delivery_id for _, delivery_id, _, _ in rounds.run(taken(), second)] == [second.delivery.id]
    assert "courier_waits" in caplog.text


def test_a_channel_is_opened_also_where_the_database_was_away_for_a_while() -> None:
    assert len(Rounds([Unavailable("away"), ARRIVED]).run(taken())) == 1


def test_a_message_that_was_given_to_another_is_forgotten(caplog) -> None:
    rounds = Rounds([ARRIVED, ARRIVED])
    rounds.queue.refusals = [LeaseLost()]
    assert len(rounds.run(taken(), taken())) == 1
    assert "delivery_overtaken" in caplog.text


def test_a_channel_that_breaks_has_its_message_put_off_and_its_words_kept_out_of_the_log(caplog) -> None:
    broken = taken()
    stored = Rounds([ValueError(f"cannot parse {PLANTED}")]).run(broken)
    reason = "something unexpected went wrong (ValueError); the server's log has more"
    assert stored == [("put off", broken.delivery.id, reason, 7.0)]
    assert "delivery_stumbled" in caplog.text
    assert "test_courier.py" in caplog.text
    assert "planted" not in caplog.text


class House:
    """Channels and messages in a real database, with couriers in threads."""

    def __init__(self, transactions) -> None:
        self.transactions, self.notifiers = transactions, FakeNotifierCatalog()
        self.queue = SqlDeliveryQueue(transactions.database, transactions.clock)
        self.send = SendDelivery(
            begin_reading_in=lambda asked: replace(transactions, asked=asked).begin_reading(),
            notifiers=self.notifiers,
            telemetry=Watcher(),
            seconds=lambda: 0.0,
            draw=lambda: 0.0,
        )

    def open(self, name: str, kind: str = "bell"):
        one = channel(name, kind=kind, settings={"url": name}, secret_names=())
        with self.transactions.begin() as work:
            work.channels.add(one)
            work.commit()
        return one

    def post(self, to, *subjects: str) -> list[str]:
        posted = [delivery(to.id, subject=subject, id=new_id()) for subject in subjects]
        with self.transactions.begin() as work:
            for one in posted:
                work.deliveries.add(one)
            work.commit()
        return [one.id for one in posted]

    def couriers(self, n_sparing: int, n_others: int) -> SideThreads:
        all_of_them = [
            Courier(f"c{number}", self.queue, self.send, spares_troubled=number < n_sparing)
            for number in range(n_sparing + n_others)
        ]
        return SideThreads({one.name: one.run for one in all_of_them}, drain_seconds=60.0)

    def stored(self):
        with self.transactions.begin_reading() as work:
            return {one.id: one for one in work.deliveries.page(Piece(500)).items}


@pytest.fixture
def house(tmp_path):
    opened = ready_workspace(tmp_path)
    yield House(opened)
    opened.close()


def test_a_receiver_that_hangs_holds_up_nobody_else_s_messages(house) -> None:
    hanging, sound = house.open("hanging", "hook"), house.open("sound", "hook")
    let_go, all_there = threading.Event(), threading.Event()
    house.notifiers.receiver.moods["hanging"] = lambda _: let_go.wait()
    house.post(hanging, "a", "b")
    posted = house.post(sound, *"abcab")

    def count(_):
        if len(house.notifiers.receiver.of("sound")) == len(posted) - 1:
            all_there.set()

    house.notifiers.receiver.moods["sound"] = count
    with house.couriers(1, 1):
        assert all_there.wait(60.0), "the sound channel's messages wait for the one that hangs"
        assert house.notifiers.receiver.of("hanging") == []
        let_go.set()
    assert [one.id for one in house.notifiers.receiver.of("sound")] == posted


def test_receivers_that_hang_again_and_again_are_left_to_some_of_the_couriers(house) -> None:
    troubled = [house.open(f"troubled {number}", "hook") for number in range(3)]
    for one in troubled:
        house.post(one, "a", "b")
        taken = house.queue.take("c", spare_troubled=False)
        house.queue.put_off(taken, "it hung", wait_seconds=3600.0)
    let_go, arrived = threading.Event(), threading.Event()
    for one in troubled:
        house.notifiers.receiver.moods[one.name] = lambda _: let_go.wait()
    sound = house.open("sound", "hook")
    house.notifiers.receiver.moods["sound"] = lambda _: arrived.set()
    with house.couriers(1, 2):
        house.post(sound, "a")
        assert arrived.wait(60.0), "every courier waits for those that hang"
        let_go.set()


def test_a_flapping_receiver_gets_everything_in_order_and_under_the_same_ids(house) -> None:
    flapping, seen, done = house.open("flapping", "hook"), [], threading.Event()
    posted = house.post(flapping, *"abab")

    def flap(message):
        seen.append(message.id)
        if seen.count(message.id) == 1:
            raise RemoteUnavailable("answered 500")
        if len({one for one in seen if seen.count(one) == 2}) == len(posted):
            done.set()

    house.notifiers.receiver.moods["flapping"] = flap
    with house.couriers(0, 2):
        assert done.wait(120.0)
    arrived = [message.id for message in house.notifiers.receiver.of("flapping")]
    assert sorted(arrived) == sorted(posted)
    for lane in (posted[0::2], posted[1::2]):
        assert [one for one in arrived if one in lane] == lane
    assert {one.status for one in house.stored().values()} == {DeliveryStatus.DELIVERED}


def test_a_courier_that_dies_between_sending_and_storing_leaves_the_message_to_another(house) -> None:
    one = house.open("one", "hook")
    (posted,) = house.post(one, "a")
    dying = replace(house.queue, lease_seconds=-1.0).take("dying", spare_troubled=False)
    assert house.send(dying).outcome is Outcome.DELIVERED
    again = house.queue.take("another", spare_troubled=False)
    assert house.send(again).outcome is Outcome.DELIVERED
    house.queue.deliver(again)
    assert [message.id for message in house.notifiers.receiver.of("one")] == [posted, posted]
    assert (house.stored()[posted].status, house.stored()[posted].attempt) == (DeliveryStatus.DELIVERED, 2)
