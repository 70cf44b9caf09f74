"""Notification rules: of what which channels are told."""

from datetime import datetime
from typing import Any

from pydantic import Field

from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import AnomalyCount, Name, RuleChannels, Severity

_LEAST_SEVERITY = "At least one flagged row is so severe; 50 is where the default decision draws its line."


class NewRule(Body):
    """What is worth a message, and which channels it goes through."""

    name: Name
    occasion: Chosen[Occasion]
    channel_ids: RuleChannels[Name] = Field(description="Ids or names of channels.")
    least_anomalies: AnomalyCount = 1
    least_severity: Severity = Field(default=0.0, description=_LEAST_SEVERITY)
    detector_id: Name | None = Field(default=None, description="Findings of this detector only, by id or name.")


class RuleChange(Body):
    """What is to change (RFC 7396: what is left out stays; a `detector_id` of null means any detector)."""

    name: Name | None = None
    channel_ids: RuleChannels[Name] | None = None
    least_anomalies: AnomalyCount | None = None
    least_severity: Severity | None = Field(default=None, description=_LEAST_SEVERITY)
    detector_id: Name | None = None
    is_enabled: bool | None = None

    def changes(self) -> dict[str, Any]:
        """Return what the use case is asked for."""
        return {
            "name": self.name,
            "channels": self.channel_ids,
            "least_anomalies": self.least_anomalies,
            "least_severity": self.least_severity,
            "detector": self.detector_id,
            "of_any_detector": "detector_id" in self.model_fields_set and self.detector_id is None,
            "is_enabled": self.is_enabled,
        }


class RuleAnswer(Answer):
    """A notification rule. It tells of what happens after it was made."""

    id: str
    name: str
    occasion: Occasion
    channel_ids: list[str]
    least_anomalies: int
    least_severity: float
    detector_id: str | None
    is_enabled: bool
    created_by: str
    created_at: datetime
    revision: int

    @staticmethod
    def of(rule: NotificationRule) -> "RuleAnswer":
        """Describe a rule."""
        names = RuleAnswer.model_fields.keys() - {"channel_ids", "created_by"}
        return RuleAnswer(
            channel_ids=list(rule.channel_ids),
            created_by=sound(rule.created_by),
            **{name: getattr(rule, name) for name in names},
        )
