"""A test message is sent at once, and what stands in the way is told without secrets."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.keep_channel import CreateChannel
from pynomaly.application.use_cases.try_channel import TestChannel
from pynomaly.domain.errors import DestinationRefused, InvalidRequest, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.infrastructure.persistence.examples import new_id

URL = "https://hooks.example.org/planted-token"


@pytest.fixture
def notifiers():
    return FakeNotifierCatalog()


@pytest.fixture
def sealed(transactions):
    keys = MasterKeys.read([MasterKeys.new()], origin="here")
    return replace(transactions, sealer=lambda: keys)


@pytest.fixture
def duty(sealed, notifiers):
    create = CreateChannel(sealed.begin, Asked("local", "user:ada"), notifiers, sealed.clock, new_id)
    return create(name="duty", kind="hook", settings={"level": "loud"}, secrets={"url": URL})


@pytest.fixture
def try_channel(sealed, notifiers):
    return TestChannel(sealed.begin_reading, notifiers, sealed.clock, new_id)


def test_the_message_goes_through_the_channel_with_its_secrets(duty, try_channel, notifiers) -> None:
    assert try_channel(channel="duty") == duty
    assert notifiers.opened[-1] == {"url": URL, "level": "loud", "is_terse": False}
    (message,) = notifiers.receiver.of(URL)
    assert (message.type, message.title) == ("channel.test", "Test of channel duty")
    assert message.data == {"channel_id": duty.id, "channel_name": "duty"}


@pytest.mark.parametrize("kind", [DestinationRefused, RemoteRefused, RemoteUnavailable, InvalidRequest])
def test_what_stands_in_the_way_is_told_exactly_but_for_secrets(duty, try_channel, notifiers, kind) -> None:
    notifiers.receiver.moods[URL] = kind(f"answered 404: no hook planted-token at {URL}")
    with pytest.raises(kind) as caught:
        try_channel(channel=duty.id)
    assert str(caught.value) == "answered 404: no hook (hidden) at (hidden)"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_how_long_to_wait_is_not_lost_on_the_way(duty, try_channel, notifiers) -> None:
    notifiers.receiver.moods[URL] = RemoteUnavailable("busy", retry_after_seconds=90.0)
    with pytest.raises(RemoteUnavailable) as caught:
        try_channel(channel=duty.id)
    assert caught.value.retry_after_seconds == 90.0
