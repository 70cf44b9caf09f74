"""What comes of an attempt is stored: arrived, to be tried again, or given up; no secret is in the reason."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.channels import TakenDelivery
from pynomaly.application.use_cases.keep_channel import CreateChannel
from pynomaly.application.use_cases.send_delivery import SendDelivery
from pynomaly.domain.errors import (
    DestinationRefused,
    ExtraNotInstalled,
    InvalidRequest,
    LeaseLost,
    RemoteRefused,
    RemoteUnavailable,
    SealBroken,
    Unavailable,
)
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.fakes.deliveries import FakeDeliveryQueue, Watcher
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.fakes.workers import SteppingClock
from tests.infrastructure.persistence.examples import delivery, new_id

URL = "https://hooks.example.org/planted-token"


class Bench:
    """A channel with a message for it, and everything that sending it takes."""

    def __init__(self, transactions) -> None:
        keys = MasterKeys.read([MasterKeys.new()], origin="here")
        self.opened = replace(transactions, sealer=lambda: keys)
        self.notifiers, self.queue, self.telemetry = FakeNotifierCatalog(), FakeDeliveryQueue(), Watcher()
        create = CreateChannel(self.opened.begin, Asked("local", "a"), self.notifiers, transactions.clock, new_id)
        self.channel = create(name="duty", kind="hook", values={"url": URL})
        self.delivery = delivery(self.channel.id)
        self.clock = SteppingClock()

    def send(self, opened=None, goes_on=False, **changes):
        settings = {"seconds_left": 1000.0, "delivery": self.delivery} | changes
        taken = TakenDelivery("local", self.channel, turn=1, **settings)
        transactions = opened or self.opened
        return SendDelivery(
            queue=self.queue,
            begin_reading_in=lambda asked: replace(transactions, asked=asked).begin_reading(),
            notifiers=self.notifiers,
            telemetry=self.telemetry,
            seconds=self.clock,
            draw=lambda: 1.0,
        )(taken, goes_on=goes_on)

    def receiver_is(self, mood) -> None:
        self.notifiers.receiver.moods[URL] = mood


@pytest.fixture
def bench(transactions):
    return Bench(transactions)


def test_a_message_arrives_under_the_deliverys_id(bench) -> None:
    assert bench.send().outcome == "delivered"
    (message,) = bench.notifiers.receiver.of(URL)
    sent = bench.delivery
    assert (message.id, message.type, message.at) == (sent.id, sent.type, sent.at)
    assert (message.title, message.text, message.data) == (sent.title, sent.text, sent.data)
    assert bench.queue.stored == [("delivered", sent.id, "", 0.0)]


def test_the_attempt_is_told_to_whoever_watches(bench) -> None:
    bench.receiver_is(lambda _: setattr(bench.clock, "now", bench.clock.now + 3.0))
    bench.send()
    assert bench.telemetry.heard == [("hook", "delivered", 3.0)]
    bench.receiver_is(RemoteUnavailable())
    bench.send()
    bench.receiver_is(RemoteRefused())
    bench.send()
    assert [outcome for _, outcome, _ in bench.telemetry.heard] == ["delivered", "retried", "failed"]


@pytest.mark.parametrize(("failures", "wait"), [(0, 1.0), (1, 2.0), (4, 16.0), (50, 900.0)])
def test_a_receiver_that_is_away_is_tried_again_later_and_later(bench, failures, wait) -> None:
    bench.receiver_is(RemoteUnavailable("gave no answer"))
    assert bench.send(delivery=replace(bench.delivery, failures=failures)).outcome == "retried"
    assert bench.queue.stored == [("put off", bench.delivery.id, "gave no answer", wait)]


def test_a_receiver_says_how_long_it_wants_to_be_left_alone(bench) -> None:
    bench.receiver_is(RemoteUnavailable("too many requests", retry_after_seconds=77.0))
    bench.send()
    assert bench.queue.stored[0][3] == 77.0


@pytest.mark.parametrize("kind", [RemoteRefused, DestinationRefused, InvalidRequest])
def test_what_would_end_the_same_way_again_is_given_up_at_once(bench, kind) -> None:
    bench.receiver_is(kind("answered 404"))
    assert bench.send().outcome == "failed"
    assert bench.queue.stored == [("given up", bench.delivery.id, "answered 404", 0.0)]


@pytest.mark.parametrize("kind", [SealBroken, ExtraNotInstalled])
def test_what_an_operator_can_mend_is_tried_again(bench, kind) -> None:
    bench.receiver_is(kind("no key"))
    assert bench.send().outcome == "retried"


def test_a_secret_that_cannot_be_opened_waits_for_its_key(bench, transactions) -> None:
    keys = MasterKeys.read([MasterKeys.new()], origin="here")
    assert bench.send(replace(transactions, sealer=lambda: keys)).outcome == "retried"
    assert "is not among PYNOMALY_MASTER_KEYS" in bench.queue.stored[0][2]
    assert bench.notifiers.receiver.received == []


def test_no_reason_holds_a_secret(bench) -> None:
    for kind in (RemoteUnavailable, RemoteRefused):
        bench.receiver_is(kind(f"{URL} answered: no such hook planted-token"))
        bench.send()
    assert [reason for _, _, reason, _ in bench.queue.stored] == ["(hidden) answered: no such hook (hidden)"] * 2


def test_a_day_after_the_first_attempt_it_is_given_up_without_another(bench) -> None:
    late = replace(bench.delivery, attempt=90, failures=89, last_error="answered 500")
    assert bench.send(delivery=late, seconds_left=0.0).outcome == "failed"
    assert bench.queue.stored == [("given up", late.id, "given up after 24 hours: answered 500", 0.0)]
    assert bench.notifiers.receiver.received == []


def test_a_courier_that_dies_between_sending_and_storing_sends_again_under_the_same_id(bench) -> None:
    bench.queue.refuses = Unavailable("the database is away")
    with pytest.raises(Unavailable):
        bench.send()
    bench.queue.refuses = None
    assert bench.send().outcome == "delivered"
    first, again = bench.notifiers.receiver.of(URL)
    assert first == again


def test_a_courier_that_was_overtaken_tells_nobody_of_an_end(bench) -> None:
    bench.queue.refuses = LeaseLost()
    with pytest.raises(LeaseLost):
        bench.send()
    assert bench.telemetry.heard == []


def test_a_courier_that_goes_on_is_given_what_comes_next(bench) -> None:
    upcoming = TakenDelivery("local", bench.channel, delivery(bench.channel.id), 1, 1000.0)
    bench.queue.waiting = [upcoming]
    assert bench.send(goes_on=True).upcoming == upcoming
    bench.queue.waiting = [upcoming]
    assert bench.send(goes_on=False).upcoming is None
