"""What the answer to an HTTP request means for a message: delivered, again later, or never."""

from collections.abc import Collection

from pynomaly.application.redaction import redacted
from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.outside import Reply

_LATER = frozenset({408, 425, 429})
"""Client errors that the same request may not meet again: timed out, too early, too many."""
_LONGEST_SHOWN = 200


def said_in(answer: bytes, secrets: Collection[str]) -> str:
    """Return the beginning of an answer, fit to be shown."""
    return redacted(answer.decode("utf-8", "replace"), secrets, longest=_LONGEST_SHOWN)


def require_delivered(reply: Reply, receiver: str, secrets: Collection[str]) -> None:
    """Raise RemoteUnavailable or RemoteRefused for every answer but 2xx, with how it begins."""
    if 200 <= reply.status < 300:
        return
    said = said_in(reply.body, secrets)
    answer = f"{receiver} answered {reply.status}" + (f": {said}" if said else "")
    if reply.status in _LATER or reply.status >= 500:
        raise RemoteUnavailable(answer, retry_after_seconds=reply.retry_after_seconds)
    if 300 <= reply.status < 400:
        answer += "; redirects are not followed, give the address it leads to"
    raise RemoteRefused(answer)
