"""Deliveries: messages on their way through channels."""

from datetime import datetime

from pydantic import Field, JsonValue

from pynomaly.domain.delivery import Delivery, DeliveryStatus
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer


class DeliveryAnswer(Answer):
    """A message for one channel; receivers get the same `id` at every attempt."""

    id: str
    channel_id: str
    event_id: str
    subject: str = Field(description="Messages of a channel about one subject arrive in their order.")
    type: str
    at: datetime
    title: str
    text: str
    data: dict[str, JsonValue]
    status: DeliveryStatus
    attempt: int
    failures: int = Field(description="How often it went wrong in a row.")
    last_error: str | None
    created_at: datetime
    ended_at: datetime | None

    @staticmethod
    def of(delivery: Delivery) -> "DeliveryAnswer":
        """Describe a delivery."""
        names = DeliveryAnswer.model_fields.keys() - {"title", "text", "data", "last_error"}
        return DeliveryAnswer(
            title=sound(delivery.title),
            text=sound(delivery.text),
            data=dict(delivery.data),
            last_error=None if delivery.last_error is None else sound(delivery.last_error),
            **{name: getattr(delivery, name) for name in names},
        )
