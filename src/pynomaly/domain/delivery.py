"""A delivery: one message on its way through one channel, until it arrived or was given up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import Conflict
from pynomaly.domain.identifiers import ChannelId, DeliveryId

GIVEN_UP_AFTER_SECONDS = 24 * 3600.0
SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 15 * 60.0
LONGEST_ASKED_WAIT_SECONDS = 3600.0  # however long a receiver wants to be left alone


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen any more by itself."""
        return self in (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message for one channel. Its id is the message's, the same at every attempt.

    subject: what it is about; messages of one channel about one subject arrive in their order.
    at: when that happened.  attempt: how often it was taken up; the fencing token.  failures: how often it went wrong
    in a row.  last_error: one sentence, without secrets.
    """

    id: DeliveryId
    channel_id: ChannelId
    event_id: str
    subject: str
    type: str
    at: datetime
    title: str
    text: str
    data: Mapping[str, JsonValue]
    created_at: datetime
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempt: int = 0
    failures: int = 0
    last_error: str | None = None
    ended_at: datetime | None = None

    def retried(self) -> "Delivery":
        """Return the delivery as it waits anew, with all the time there is. Raises Conflict unless it failed."""
        if self.status is not DeliveryStatus.FAILED:
            raise Conflict(f"delivery {self.id[:8]} is {self.status}; only one that failed can be retried")
        return replace(self, status=DeliveryStatus.WAITING, failures=0, ended_at=None)


def wait_seconds(n_failures: int, drawn: float, asked_seconds: float | None = None) -> float:
    """Return how long to wait before a message is sent again.

    1, 2, 4, ... seconds up to 15 minutes, of which a share between a half and all is waited, so that many messages do
    not come back at once.  drawn: a random number 0..1.  asked_seconds: what the receiver asked for, which is waited at
    least, up to an hour.

    >>> [wait_seconds(n, 1.0) for n in (1, 2, 3, 30)], wait_seconds(3, 0.0), wait_seconds(1, 1.0, 90.0)
    ([1.0, 2.0, 4.0, 900.0], 2.0, 90.0)
    """
    most = min(SHORTEST_WAIT_SECONDS * 2.0 ** min(n_failures - 1, 30), LONGEST_WAIT_SECONDS)
    asked = min(max(asked_seconds or 0.0, 0.0), LONGEST_ASKED_WAIT_SECONDS)
    return max(most * (0.5 + 0.5 * drawn), asked)
