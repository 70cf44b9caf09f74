"""Create, change and forget notification rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin, UnitOfWork
from pynomaly.application.revisions import require_revision
from pynomaly.domain.connection_events import RuleChanged, RuleCreated, RuleRemoved
from pynomaly.domain.identifiers import ChannelId, DetectorId, RuleId
from pynomaly.domain.notification_rule import NotificationRule, Occasion


@dataclass(frozen=True, slots=True)
class CreateRule:
    """Have somebody told of something from now on."""

    begin: Begin
    asked: Asked
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        *,
        name: str,
        occasion: Occasion,
        channels: Sequence[str],
        least_anomalies: int = 1,
        least_severity: float = 0.0,
        detector: str | None = None,
    ) -> NotificationRule:
        """Return the new rule; it tells of what happens after it was made.

        channels, detector: ids or names, which become ids.  Raises NotFound, InvalidRequest, AlreadyExists.
        """
        with self.begin() as work:
            rule = NotificationRule(
                id=RuleId(self.new_id()),
                name=name,
                occasion=occasion,
                channel_ids=_channel_ids(work, channels),
                created_by=self.asked.actor,
                created_at=self.clock(),
                since=work.audit_log.newest(),
                least_anomalies=least_anomalies,
                least_severity=least_severity,
                detector_id=_detector_id(work, detector),
            )
            work.notification_rules.add(rule)
            work.record(RuleCreated(rule.id))
            work.conclude(rule)
            work.commit()
        return rule


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """Have a rule tell of something else or somebody else, let it rest, or wake it."""

    begin: Begin

    def __call__(
        self,
        *,
        rule: str,
        name: str | None = None,
        channels: Sequence[str] | None = None,
        least_anomalies: int | None = None,
        least_severity: float | None = None,
        detector: str | None = None,
        of_any_detector: bool = False,
        is_enabled: bool | None = None,
        revision: int | None = None,
    ) -> NotificationRule:
        """Return the rule as it is now; what it told of before stays on its way.

        of_any_detector: tell of findings of any detector again.  revision: the one the caller last saw.
        Raises NotFound, StaleWrite, AlreadyExists, InvalidRequest.
        """
        with self.begin() as work:
            found = work.notification_rules.get(rule)
            require_revision(found, revision)
            detector_id = found.detector_id if detector is None else _detector_id(work, detector)
            changed = replace(
                found,
                name=found.name if name is None else name,
                channel_ids=found.channel_ids if channels is None else _channel_ids(work, channels),
                least_anomalies=found.least_anomalies if least_anomalies is None else least_anomalies,
                least_severity=found.least_severity if least_severity is None else least_severity,
                detector_id=None if of_any_detector else detector_id,
                is_enabled=found.is_enabled if is_enabled is None else is_enabled,
            )
            work.notification_rules.save(changed)
            stored = work.notification_rules.get(found.id)
            work.record(RuleChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored


@dataclass(frozen=True, slots=True)
class RemoveRule:
    """Forget a rule; what it told of before stays on its way."""

    begin: Begin

    def __call__(self, *, rule: str, revision: int | None = None) -> NotificationRule:
        """Return what was removed. Raises NotFound, StaleWrite."""
        with self.begin() as work:
            found = work.notification_rules.get(rule)
            require_revision(found, revision)
            work.notification_rules.remove(found)
            work.record(RuleRemoved(found.id))
            work.conclude(found)
            work.commit()
        return found


def _channel_ids(work: UnitOfWork, channels: Sequence[str]) -> tuple[ChannelId, ...]:
    return tuple(work.channels.get(channel).id for channel in channels)


def _detector_id(work: UnitOfWork, detector: str | None) -> DetectorId | None:
    return None if detector is None else work.detectors.get(detector).id
