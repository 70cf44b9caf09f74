"""From an entry of the audit log to whom it is told, in which order, and what of it."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynomaly.application.messages import anomalies_found, job_failed
from pynomaly.application.ports.notifier import Message
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.delivery import Delivery
from pynomaly.domain.events import AnomaliesDetected, JobEnded
from pynomaly.domain.identifiers import ChannelId, DeliveryId
from pynomaly.domain.job import JobStatus
from pynomaly.domain.notification_rule import NotificationRule
from pynomaly.domain.severity import band_of

NameOf = Callable[[str], str | None]
"""Returns the name of a detector by its id, None if it is gone."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened. subject: what it is about; news about one subject are told in order."""

    subject: str
    message: Message


def channels_told(rules: Iterable[NotificationRule], entry: AuditEntry) -> Sequence[ChannelId]:
    """Return which channels rules want told of an entry, each once."""
    wanting = [rule for rule in rules if entry.sequence > rule.since and wants(rule, entry)]
    return list(dict.fromkeys(channel_id for rule in wanting for channel_id in rule.channel_ids))


def wants(rule: NotificationRule, entry: AuditEntry) -> bool:
    """Whether a rule wants an entry told, whenever the rule was made."""
    known: Any = entry.payload
    if entry.type == AnomaliesDetected.__name__:
        return rule.wants_findings(known["n_anomalies"], known.get("severity"), known.get("detector_id"))
    is_failed_job = entry.type == JobEnded.__name__ and known["status"] == JobStatus.FAILED.value
    return is_failed_job and rule.wants_failed_job()


def news_of(entry: AuditEntry, name_of: NameOf) -> News:
    """Return what is told of an entry that a rule wanted."""
    return _findings(entry, name_of) if entry.type == AnomaliesDetected.__name__ else _failed_job(entry)


def delivery_of(entry: AuditEntry, news: News, channel_id: ChannelId, now: datetime) -> Delivery:
    """Return news on its way through a channel; the same entry and channel always give the same id."""
    digest = hashlib.sha256(f"{entry.id}:{channel_id}".encode()).hexdigest()
    return Delivery(
        id=DeliveryId(digest[:32]),
        channel_id=channel_id,
        event_id=entry.id,
        subject=news.subject,
        type=news.message.type,
        at=news.message.at,
        title=news.message.title,
        text=news.message.text,
        data=news.message.data,
        created_at=now,
    )


def _findings(entry: AuditEntry, name_of: NameOf) -> News:
    known: Any = entry.payload
    detector_id, severity = known.get("detector_id"), known.get("severity")
    message = anomalies_found(
        entry.id,
        entry.at,
        detection_id=known["detection_id"],
        detector_id=detector_id,
        detector_name=None if detector_id is None else name_of(detector_id),
        n_rows=known["n_rows"],
        n_anomalies=known["n_anomalies"],
        severity=severity,
        severity_band=None if severity is None else band_of(severity).value,
    )
    return News(f"detector:{detector_id}", message)


def _failed_job(entry: AuditEntry) -> News:
    known: Any = entry.payload
    kind = known.get("kind")
    return News(f"job:{kind or 'job'}", job_failed(entry.id, entry.at, job_id=known["job_id"], job_kind=kind))
