"""Deliveries as rows for people and as data for programs."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words
from pynomaly.presentation.words.cell_text import harmless

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.delivery import Delivery


def delivery_as_json(delivery: "Delivery") -> "dict[str, JsonValue]":
    """Return a delivery as data, with the keys the REST API gives it."""
    return {
        "id": delivery.id,
        "channel_id": delivery.channel_id,
        "event_id": delivery.event_id,
        "subject": delivery.subject,
        "type": delivery.type,
        "at": time_as_json(delivery.at),
        "title": delivery.title,
        "text": delivery.text,
        "data": dict(delivery.data),
        "status": delivery.status.value,
        "attempt": delivery.attempt,
        "failures": delivery.failures,
        "last_error": delivery.last_error,
        "created_at": time_as_json(delivery.created_at),
        "ended_at": None if delivery.ended_at is None else time_as_json(delivery.ended_at),
    }


def delivery_as_row(delivery: "Delivery") -> list[str]:
    """Return id, status, how often it was tried, when it was made, what it says, and what went wrong last."""
    return [
        delivery.id[:8],
        delivery.status.value,
        str(delivery.attempt),
        time_in_words(delivery.created_at),
        harmless(delivery.title),
        harmless(delivery.last_error or ""),
    ]
