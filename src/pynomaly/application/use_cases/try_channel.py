"""Send a message through a channel now, to see that it arrives."""

from dataclasses import dataclass

from pynomaly.application.channel_opening import open_channel
from pynomaly.application.messages import channel_test
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.domain.channel import Channel


@dataclass(frozen=True, slots=True)
class TestChannel:
    """The message is sent once and by whoever asks, whether the channel rests or not."""

    __test__ = False  # its name means no test of ours

    begin_reading: BeginReading
    notifiers: NotifierCatalog
    clock: Clock
    new_id: NewId

    def __call__(self, *, channel: str) -> Channel:
        """Return the channel whose message arrived.

        Raises NotFound, and what stands in the way: InvalidRequest, DestinationRefused, RemoteRefused,
        RemoteUnavailable, SealBroken, ExtraNotInstalled; no secret is in it.
        """
        with self.begin_reading() as work:
            found = work.channels.get(channel)
            opened = open_channel(self.notifiers, work, found)
        opened.send(channel_test(self.new_id(), self.clock(), channel_id=found.id, channel_name=found.name))
        return found
