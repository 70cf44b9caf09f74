"""What the form of a notification rule holds: texts as they were entered or are stored, and the condition they mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pynomaly.domain.identifiers import ChannelId, DetectorId, RuleId
from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.presentation.web.forms import Fields


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The fields of a rule, as texts. detector: an id, empty for any."""

    name: str = ""
    occasion: str = Occasion.ANOMALIES_FOUND.value
    channels: Sequence[str] = ()
    least_anomalies: str = "1"
    least_severity: str = "0"
    detector: str = ""

    @staticmethod
    def of(rule: NotificationRule) -> "RuleForm":
        """Return what is stored."""
        least = str(rule.least_anomalies), f"{rule.least_severity:g}"
        return RuleForm(rule.name, rule.occasion.value, rule.channel_ids, *least, rule.detector_id or "")

    @staticmethod
    def entered(form: Fields) -> "RuleForm":
        """Return what was entered, whether it makes sense or not."""
        names = ("least_anomalies", "least_severity", "detector")
        return RuleForm(
            form.entered("name"), form.entered("occasion"), form.all("channel"), *(form.entered(name) for name in names)
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """When whom to tell. detector: an id, None for any."""

    occasion: Occasion
    channels: Sequence[str]
    least_anomalies: int = 1
    least_severity: float = 0.0
    detector: str | None = None

    @staticmethod
    def of(form: Fields, occasion: Occasion) -> "Condition":
        """Return what was entered; what narrows down findings is left out where jobs are told of.

        Raises InvalidRequest.
        """
        if occasion is Occasion.JOB_FAILED:
            return Condition(occasion, form.all("channel"))
        n_least, severity = form.whole_number("least_anomalies"), form.number("least_severity")
        return Condition(
            occasion=occasion,
            channels=form.all("channel"),
            least_anomalies=1 if n_least is None else n_least,
            least_severity=severity or 0.0,
            detector=form.text("detector") or None,
        )

    def draft(self, at: datetime) -> NotificationRule:
        """Return the rule as it would be, to look at. Raises InvalidRequest."""
        return NotificationRule(
            id=RuleId("draft"),
            name="draft",
            occasion=self.occasion,
            channel_ids=tuple(ChannelId(one) for one in self.channels),
            created_by="",
            created_at=at,
            since=0,
            least_anomalies=self.least_anomalies,
            least_severity=self.least_severity,
            detector_id=None if self.detector is None else DetectorId(self.detector),
        )
