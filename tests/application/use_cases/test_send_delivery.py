"""What comes of an attempt: arrived, to be tried again, or given up; no secret is in the reason."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.channels import TakenDelivery
from pynomaly.application.use_cases.keep_channel import CreateChannel
from pynomaly.application.use_cases.send_delivery import Attempt, Outcome, SendDelivery
from pynomaly.domain.errors import (
    DestinationRefused,
    ExtraNotInstalled,
    InvalidRequest,
    RemoteRefused,
    RemoteUnavailable,
    SealBroken,
)
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.fakes.deliveries import Watcher
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.fakes.workers import SteppingClock
from tests.infrastructure.persistence.examples import delivery, new_id

URL = "https://hooks.example.org/planted-token"


class Bench:
    """A channel with a message for it, and everything that sending it takes."""

    def __init__(self, transactions) -> None:
        keys = MasterKeys.read([MasterKeys.new()], origin="here")
        self.opened = replace(transactions, sealer=lambda: keys)
        self.notifiers, self.telemetry = FakeNotifierCatalog(), Watcher()
        create = CreateChannel(self.opened.begin, Asked("local", "a"), self.notifiers, transactions.clock, new_id)
        self.channel = create(name="duty", kind="hook", settings={}, secrets={"url": URL})
        self.delivery = delivery(self.channel.id)
        self.clock = SteppingClock()

    def send(self, opened=None, **changes):
        settings = {"seconds_left": 1000.0, "delivery": self.delivery} | changes
        taken = TakenDelivery("local", self.channel, turn=1, **settings)
        transactions = opened or self.opened
        return SendDelivery(
            begin_reading_in=lambda asked: replace(transactions, asked=asked).begin_reading(),
            notifiers=self.notifiers,
            telemetry=self.telemetry,
            seconds=self.clock,
            draw=lambda: 1.0,
        )(taken)

    def receiver_is(self, mood) -> None:
        self.notifiers.receiver.moods[URL] = mood


@pytest.fixture
def bench(transactions):
    return Bench(transactions)


def test_a_message_arrives_under_the_deliverys_id(bench) -> None:
    assert bench.send() == Attempt(Outcome.DELIVERED)
    (message,) = bench.notifiers.receiver.of(URL)
    sent = bench.delivery
    assert (message.id, message.type, message.at) == (sent.id, sent.type, sent.at)
    assert (message.title, message.text, message.data) == (sent.title, sent.text, sent.data)


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
    attempt = bench.send(delivery=replace(bench.delivery, failures=failures))
    assert attempt == Attempt(Outcome.RETRIED, "gave no answer", wait)


def test_a_receiver_says_how_long_it_wants_to_be_left_alone(bench) -> None:
    bench.receiver_is(RemoteUnavailable("too many requests", retry_after_seconds=77.0))
    assert bench.send().wait_seconds == 77.0


@pytest.mark.parametrize("kind", [RemoteRefused, DestinationRefused, InvalidRequest])
def test_what_would_end_the_same_way_again_is_given_up_at_once(bench, kind) -> None:
    bench.receiver_is(kind("answered 404"))
    assert bench.send() == Attempt(Outcome.FAILED, "answered 404")


@pytest.mark.parametrize("kind", [SealBroken, ExtraNotInstalled])
def test_what_an_operator_can_mend_is_tried_again(bench, kind) -> None:
    bench.receiver_is(kind("no key"))
    assert bench.send().outcome is Outcome.RETRIED


def test_a_secret_that_cannot_be_opened_waits_for_its_key(bench, transactions) -> None:
    keys = MasterKeys.read([MasterKeys.new()], origin="here")
    attempt = bench.send(replace(transactions, sealer=lambda: keys))
    assert attempt.outcome is Outcome.RETRIED
    assert "is not among PYNOMALY_MASTER_KEYS" in attempt.reason
    assert bench.notifiers.receiver.received == []


def test_no_reason_holds_a_secret(bench) -> None:
    for kind in (RemoteUnavailable, RemoteRefused):
        bench.receiver_is(kind(f"{URL} answered: no such hook planted-token"))
        assert bench.send().reason == "(hidden) answered: no such hook (hidden)"


def test_a_day_after_the_first_attempt_it_is_given_up_without_another(bench) -> None:
    late = replace(bench.delivery, attempt=90, failures=89, last_error="answered 500")
    given_up = Attempt(Outcome.FAILED, "given up after 24 hours: answered 500")
    assert bench.send(delivery=late, seconds_left=0.0) == given_up
    assert bench.notifiers.receiver.received == []
