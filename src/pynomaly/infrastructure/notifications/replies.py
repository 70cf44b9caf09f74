"""What the answer to an HTTP request means for a message: delivered, again later, or never."""

from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.outside import Reply
from pynomaly.infrastructure.notifications.redaction import Redaction

_LATER = frozenset({408, 425, 429})
"""Client errors that the same request may not meet again: timed out, too early, too many."""


def require_delivered(reply: Reply, receiver: str, redaction: Redaction) -> None:
    """Raise RemoteUnavailable or RemoteRefused for every answer but 2xx, with how it begins."""
    if 200 <= reply.status < 300:
        return
    said = redaction.shown(reply.body)
    answer = f"{receiver} answered {reply.status}" + (f": {said}" if said else "")
    if reply.status in _LATER or reply.status >= 500:
        raise RemoteUnavailable(answer, retry_after_seconds=reply.retry_after_seconds)
    if 300 <= reply.status < 400:
        answer += "; redirects are not followed, give the address it leads to"
    raise RemoteRefused(answer)
