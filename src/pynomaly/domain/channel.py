"""A channel: a way to tell somebody outside, such as a webhook or a mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pynomaly.domain.connection import Value
from pynomaly.domain.dataset import require_name
from pynomaly.domain.identifiers import ChannelId


@dataclass(frozen=True, slots=True)
class Channel:
    """Where messages can be sent.

    kind: a name of the catalogue of channels.  settings: what its fields hold, except for the secret ones.
    secret_names: the secret fields that hold something, in their order; what they hold lies sealed elsewhere.
    is_enabled: while it is not, nothing new is sent to it, and what waits goes on waiting.
    """

    noun: ClassVar = "channel"

    id: ChannelId
    name: str
    kind: str
    settings: Mapping[str, Value]
    secret_names: tuple[str, ...]
    created_by: str
    created_at: datetime
    is_enabled: bool = True
    revision: int = 0

    def __post_init__(self) -> None:
        require_name(self.name)
