"""What a channel's fields hold: plain settings beside the channel, secrets sealed in their own place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pynomaly.application.ports.notifier import Message, Notifier, NotifierCatalog
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.application.redaction import discreet
from pynomaly.domain.channel import Channel
from pynomaly.domain.connection import ConnectionKind, Value
from pynomaly.domain.errors import InvalidRequest


def owner_of(channel: Channel) -> SecretOwner:
    """Return whom a channel's secrets belong to."""
    return SecretOwner("channel", channel.id)


@dataclass(frozen=True, slots=True)
class ChannelValues:
    """Checked values of a kind of channel."""

    kind: ConnectionKind
    values: Mapping[str, Value]

    @property
    def settings(self) -> dict[str, Value]:
        """What may be shown."""
        return {name: value for name, value in self.values.items() if name not in self.kind.secret_names()}

    @property
    def secrets(self) -> dict[str, str]:
        """What is sealed, in the order of the fields."""
        return {name: str(value) for name, value in self.values.items() if name in self.kind.secret_names()}

    def keep_secrets(self, work: UnitOfWork, channel: Channel) -> None:
        """Seal the secrets, in place of all older ones."""
        if self.kind.secret_names():
            work.secrets.forget(owner_of(channel))
            for name, secret in self.secrets.items():
                work.secrets.put(owner_of(channel), name, secret)


def checked_values(notifiers: NotifierCatalog, kind: str, given: Mapping[str, object]) -> ChannelValues:
    """Return values that a channel can work with. Raises InvalidRequest, DestinationRefused."""
    described = notifiers.kind(kind)
    checked = ChannelValues(described, described.checked(given))
    notifiers.open(kind, checked.values)
    return checked


def edited_values(
    notifiers: NotifierCatalog, work: UnitOfWork, channel: Channel, given: Mapping[str, object]
) -> ChannelValues:
    """Return what a channel's fields hold after an edit: what is left out stays, what is given as None goes.

    Raises InvalidRequest, also where the channel would lead elsewhere and a secret was not given anew;
    DestinationRefused; SealBroken where a secret that stays cannot be opened.
    """
    kind = notifiers.kind(channel.kind)
    kept = [name for name in channel.secret_names if name not in given]
    moved = [field.name for field in kind.fields if field.is_place and _differs(channel, given, field.name)]
    if moved and kept:
        raise InvalidRequest(
            f"'{moved[0]}' says where the channel leads; when it changes, give its secrets anew: {', '.join(kept)}"
        )
    known = {**channel.settings, **revealed(work, channel, kept), **given}
    return checked_values(notifiers, channel.kind, {name: value for name, value in known.items() if value is not None})


def revealed(work: UnitOfWork, channel: Channel, names: Iterable[str]) -> dict[str, Value]:
    """Return secrets of a channel for whoever is about to use them. Raises SealBroken."""
    found = {name: work.secrets.reveal(owner_of(channel), name) for name in names}
    return {name: secret for name, secret in found.items() if secret is not None}


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """A channel about to be used, and the secrets that no error may tell."""

    notifier: Notifier
    secrets: tuple[str, ...]

    def send(self, message: Message) -> None:
        """Send a message. Raises what the notifier raises, without secrets in it."""
        with discreet(self.secrets):
            self.notifier.send(message)


def open_channel(notifiers: NotifierCatalog, work: UnitOfWork, channel: Channel) -> OpenChannel:
    """Open a channel with its secrets. Raises InvalidRequest, DestinationRefused, SealBroken, ExtraNotInstalled."""
    values = revealed(work, channel, channel.secret_names)
    secrets = tuple(str(secret) for secret in values.values())
    with discreet(secrets):
        return OpenChannel(notifiers.open(channel.kind, {**channel.settings, **values}), secrets)


def _differs(channel: Channel, given: Mapping[str, object], name: str) -> bool:
    return name in given and given[name] != channel.settings.get(name)
