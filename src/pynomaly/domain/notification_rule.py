"""A notification rule: of what which channels are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pynomaly.domain.dataset import require_name
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.identifiers import ChannelId, DetectorId, RuleId

MOST_CHANNELS = 20


class Occasion(StrEnum):
    """What somebody can be told of."""

    ANOMALIES_FOUND = "anomalies_found"
    JOB_FAILED = "job_failed"


@dataclass(frozen=True, slots=True)
class NotificationRule:
    """Whom to tell of what.

    least_anomalies, least_severity, detector_id: narrow down which findings are worth a message; None for findings of
    any detector.  since: the number of the last event before the rule was made; it tells of later ones only.
    """

    id: RuleId
    name: str
    occasion: Occasion
    channel_ids: tuple[ChannelId, ...]
    created_by: str
    created_at: datetime
    since: int
    least_anomalies: int = 1
    least_severity: float = 0.0
    detector_id: DetectorId | None = None
    is_enabled: bool = True
    revision: int = 0

    def __post_init__(self) -> None:
        require_name(self.name)
        _require_channels(self.channel_ids)
        if self.least_anomalies < 1:
            raise InvalidRequest(f"a rule asks for at least 1 anomaly, not {self.least_anomalies}")
        if not 0.0 <= self.least_severity <= 100.0:
            raise InvalidRequest(f"a severity lies between 0 and 100, not {self.least_severity:g}")
        narrows = (self.least_anomalies, self.least_severity, self.detector_id) != (1, 0.0, None)
        if self.occasion is Occasion.JOB_FAILED and narrows:
            raise InvalidRequest("anomalies, severity and detector narrow down findings; a job that failed has none")

    def wants_findings(self, n_anomalies: int, severity: float | None, detector_id: str | None) -> bool:
        """Whether findings are worth a message; what is not known of them is not worth one that asks for it."""
        is_severe = self.least_severity == 0.0 or (severity is not None and severity >= self.least_severity)
        is_wanted = n_anomalies >= self.least_anomalies and self.detector_id in (None, detector_id)
        return self._is_for(Occasion.ANOMALIES_FOUND) and is_severe and is_wanted

    def wants_failed_job(self) -> bool:
        """Whether a job that failed is worth a message."""
        return self._is_for(Occasion.JOB_FAILED)

    def _is_for(self, occasion: Occasion) -> bool:
        return self.is_enabled and self.occasion is occasion


def _require_channels(channel_ids: Sequence[str]) -> None:
    if not 0 < len(channel_ids) <= MOST_CHANNELS or len(set(channel_ids)) != len(channel_ids):
        raise InvalidRequest(f"a rule names 1 to {MOST_CHANNELS} channels, each once")
