"""Putting a channel's settings and secrets together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pynomaly.application.connection_secrets import revealed
from pynomaly.application.ports.notifier import Message, Notifier, NotifierCatalog
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.redaction import discreet
from pynomaly.domain.channel import Channel
from pynomaly.domain.connection import Value


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """A channel about to be used, and the secrets that no error may tell."""

    notifier: Notifier
    secrets: tuple[str, ...] = field(repr=False)

    def send(self, message: Message) -> None:
        """Send a message. Raises what the notifier raises, without secrets in it."""
        with discreet(self.secrets):
            self.notifier.send(message)


def open_channel(notifiers: NotifierCatalog, work: UnitOfWork, channel: Channel) -> OpenChannel:
    """Open a channel with its secrets. Raises InvalidRequest, DestinationRefused, SealBroken, ExtraNotInstalled."""
    return opened(notifiers, channel.kind, channel.settings, revealed(work, channel))


def opened(
    notifiers: NotifierCatalog, kind: str, settings: Mapping[str, Value], secrets: Mapping[str, str]
) -> OpenChannel:
    """Open a channel of a kind. Raises InvalidRequest, DestinationRefused, ExtraNotInstalled."""
    texts = tuple(secrets.values())
    with discreet(texts):
        return OpenChannel(notifiers.open(kind, {**settings, **secrets}), texts)
