"""Slack, and what understands its incoming webhooks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pynomaly.application.ports.notifier import Message
from pynomaly.domain.connection import ConnectionKind, Field, Value
from pynomaly.infrastructure.notifications.outside import Outside
from pynomaly.infrastructure.notifications.replies import require_delivered
from pynomaly.infrastructure.notifications.urls import host_of

KIND = ConnectionKind(
    "slack",
    "A post in a Slack channel, through an incoming webhook.",
    (Field("url", "the incoming webhook's, https://hooks.slack.com/services/…", is_secret=True, is_place=True),),
)
_LONGEST_TITLE, _LONGEST_TEXT = 150, 3000  # of a header and a section block: https://docs.slack.dev/reference/block-kit
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class SlackNotifier:
    """Posts plain text only: nothing in a name becomes a link, a mention or markup."""

    url: str = field(repr=False)
    outside: Outside = field(repr=False)

    @classmethod
    def opened(cls, values: Mapping[str, Value], outside: Outside) -> "SlackNotifier":
        """Return the channel. Raises DestinationRefused for a URL that nobody would connect to."""
        url = str(values["url"])
        outside.check_url(url)
        return cls(url, outside)

    def send(self, message: Message) -> None:
        """Post a message. Raises DestinationRefused, RemoteRefused, RemoteUnavailable."""
        reply = self.outside.post(self.url, _body(message), {"Content-Type": "application/json"})
        require_delivered(reply, host_of(self.url), [self.url])


def _body(message: Message) -> bytes:
    blocks = [
        {"type": "header", "text": _plain(message.title, _LONGEST_TITLE)},
        {"type": "section", "text": _plain(message.text, _LONGEST_TEXT)},
    ]
    return json.dumps({"text": message.title.translate(_ESCAPED), "blocks": blocks}).encode()


def _plain(text: str, longest: int) -> dict[str, str | bool]:
    return {"type": "plain_text", "text": text if len(text) <= longest else text[: longest - 1] + "…", "emoji": False}
