"""THE TABLE of channels: one row per kind, in the order they are listed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pynomaly.application.ports.notifier import Notifier
from pynomaly.domain.connection import ConnectionKind, Value
from pynomaly.domain.errors import InvalidRequest, did_you_mean
from pynomaly.infrastructure.notifications import email, slack, webhook
from pynomaly.infrastructure.notifications.outside import Outside

Open: TypeAlias = Callable[[Mapping[str, Value], Outside], Notifier]

ROWS: Sequence[tuple[ConnectionKind, Open]] = (
    (slack.KIND, slack.SlackNotifier.opened),
    (webhook.KIND, webhook.WebhookNotifier.opened),
    (email.KIND, email.EmailNotifier.opened),
)


@dataclass(frozen=True, slots=True)
class Channels:
    """The table's kinds, on what they reach the outside through."""

    outside: Outside

    def kinds(self) -> Sequence[ConnectionKind]:
        """Return what each kind needs."""
        return [kind for kind, _ in ROWS]

    def kind(self, name: str) -> ConnectionKind:
        """Return what one kind needs. Raises InvalidRequest for one that is not there."""
        return _row(name)[0]

    def open(self, kind: str, values: Mapping[str, Value]) -> Notifier:
        """Return a channel; nothing is connected yet.

        Raises InvalidRequest for values that no channel can work with, without repeating a secret.
        """
        _, open_channel = _row(kind)
        return open_channel(values, self.outside)


def _row(name: str) -> tuple[ConnectionKind, Open]:
    by_name = {kind.name: (kind, open_channel) for kind, open_channel in ROWS}
    if name not in by_name:
        known = ", ".join(by_name)
        raise InvalidRequest(
            f"there is no kind of channel '{name[:100]}'{did_you_mean(name, by_name)} (there are: {known})"
        )
    return by_name[name]
