"""Channels that write down what they were sent, and receivers that misbehave as a test wants it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynomaly.application.ports.notifier import Message
from pynomaly.domain.connection import ConnectionKind, Field, FieldType, Value
from pynomaly.domain.errors import InvalidRequest, did_you_mean

HOOK = ConnectionKind(
    "hook",
    "Posts to an address.",
    (
        Field("url", "Where to post.", is_secret=True),
        Field("host", "Through which host.", is_required=False, is_place=True),
        Field("level", "How loudly.", FieldType.CHOICE, default="calm", choices=("calm", "loud")),
        Field("port", "Which port.", FieldType.NUMBER, is_required=False, least=1, most=65535),
        Field("is_terse", "Without the text.", FieldType.FLAG, default=False),
        Field("password", "For the host.", is_secret=True, is_required=False),
    ),
)
BELL = ConnectionKind("bell", "Rings.", (Field("tone", "Which tone.", is_required=False),))


@dataclass
class Receiver:
    """The other end of every channel of a catalog.

    moods: by what a channel is reached under (its `url`, else its kind), what is done with each message: an error to
    raise, or something to call with the message.
    """

    moods: dict[str, Any] = field(default_factory=dict)
    received: list[tuple[str, Message]] = field(default_factory=list)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    def take(self, place: str, message: Message) -> None:
        mood = self.moods.get(place)
        if isinstance(mood, BaseException):
            raise mood
        if callable(mood):
            mood(message)
        with self._changing:
            self.received.append((place, message))

    def of(self, place: str) -> list[Message]:
        """Return what arrived at a place, in its order."""
        return [message for where, message in self.received if where == place]


@dataclass(frozen=True)
class FakeNotifier:
    """One channel, open."""

    place: str
    take: Callable[[str, Message], None]

    def send(self, message: Message) -> None:
        self.take(self.place, message)


@dataclass
class FakeNotifierCatalog:
    """Two kinds, one of them with secrets."""

    receiver: Receiver = field(default_factory=Receiver)
    opened: list[Mapping[str, Value]] = field(default_factory=list)

    def kinds(self) -> Sequence[ConnectionKind]:
        return (HOOK, BELL)

    def kind(self, name: str) -> ConnectionKind:
        for kind in self.kinds():
            if kind.name == name:
                return kind
        raise InvalidRequest(f"there is no kind of channel '{name}'{did_you_mean(name, ('hook', 'bell'))}")

    def open(self, kind: str, values: Mapping[str, Value]) -> FakeNotifier:
        if "ftp://" in str(values.get("url", "")):
            raise InvalidRequest(f"no channel can work with {values['url']}")
        self.opened.append(values)
        return FakeNotifier(str(values.get("url", kind)), self.receiver.take)
