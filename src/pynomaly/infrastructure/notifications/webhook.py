"""Standard Webhooks: a signed HTTP request that a receiver can check and tell from a repetition.

Source: https://github.com/standard-webhooks/standard-webhooks, specification 1.0.0, symmetric signatures (v1).
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pynomaly.application.ports.notifier import Message
from pynomaly.domain.connection import ConnectionKind, Field, Value
from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.notifications.outside import Outside
from pynomaly.infrastructure.notifications.replies import require_delivered
from pynomaly.infrastructure.notifications.urls import host_of

KIND = ConnectionKind(
    "webhook",
    "A signed HTTP request to a program, as Standard Webhooks describes it.",
    (
        Field("url", "where the request goes, https://…", is_secret=True, is_place=True),
        Field(
            "secret",
            "what signs it: whsec_ and 24 to 64 random bytes in base64; two separated by a space while receivers "
            "change from one to the other",
            is_secret=True,
        ),
    ),
)
_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)  # what the specification asks for
_MOST_KEYS = 4


@dataclass(frozen=True, slots=True)
class WebhookNotifier:
    """keys: each signs every message, so that receivers may change theirs one after the other."""

    url: str = field(repr=False)
    keys: Sequence[bytes] = field(repr=False)
    secrets: Sequence[str] = field(repr=False)
    outside: Outside = field(repr=False)

    @classmethod
    def opened(cls, values: Mapping[str, Value], outside: Outside) -> "WebhookNotifier":
        """Return the channel. Raises InvalidRequest for a secret that is none, DestinationRefused for such a URL."""
        url, secret = str(values["url"]), str(values["secret"])
        outside.check_url(url)
        texts = secret.split()
        if not 1 <= len(texts) <= _MOST_KEYS:
            raise InvalidRequest(f"'secret' holds 1 to {_MOST_KEYS} secrets, separated by spaces")
        secrets = [url, *(text.removeprefix(_PREFIX) for text in texts)]
        return cls(url, [_read_key(text) for text in texts], secrets, outside)

    def send(self, message: Message) -> None:
        """Send a message. Raises DestinationRefused, RemoteRefused, RemoteUnavailable."""
        body = _body(message)
        sent_at = int(self.outside.clock().timestamp())
        signed = f"{message.id}.{sent_at}.".encode() + body
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(sent_at),
            "webhook-signature": " ".join(_signature(key, signed) for key in self.keys),
        }
        reply = self.outside.post(self.url, body, headers)
        require_delivered(reply, host_of(self.url), self.secrets)


def _body(message: Message) -> bytes:
    content = {
        "type": message.type,
        "timestamp": message.at.isoformat(),
        "data": {**message.data, "title": message.title, "text": message.text},
    }
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _read_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith(_PREFIX) or len(key) not in _KEY_BYTES:
        raise InvalidRequest(
            f"'secret' is {_PREFIX} followed by {_KEY_BYTES.start} to {_KEY_BYTES.stop - 1} random bytes in base64"
        )
    return key
