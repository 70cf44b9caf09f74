"""From an entry of the audit log to what people are told of it: fixed words, ids, names, counts and severities."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynomaly.domain.algorithm import JsonValue
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
    """What happened, in words and as data. subject: what it is about; news about one subject are told in order."""

    subject: str
    type: str
    title: str
    text: str
    data: dict[str, JsonValue]


def channels_told(rules: Iterable[NotificationRule], entry: AuditEntry) -> Sequence[ChannelId]:
    """Return which channels rules want told of an entry, each once."""
    wanting = [rule for rule in rules if entry.sequence > rule.since and _wants(rule, entry)]
    return list(dict.fromkeys(channel_id for rule in wanting for channel_id in rule.channel_ids))


def news_of(entry: AuditEntry, name_of: NameOf) -> News:
    """Return what is told of an entry that a rule wanted."""
    return _findings(entry.payload, name_of) if entry.type == AnomaliesDetected.__name__ else _failed_job(entry.payload)


def delivery_of(entry: AuditEntry, news: News, channel_id: ChannelId, now: datetime) -> Delivery:
    """Return news on its way through a channel; the same entry and channel always give the same id."""
    digest = hashlib.sha256(f"{entry.id}:{channel_id}".encode()).hexdigest()
    return Delivery(
        id=DeliveryId(digest[:32]),
        channel_id=channel_id,
        event_id=entry.id,
        subject=news.subject,
        type=news.type,
        at=entry.at,
        title=news.title,
        text=news.text,
        data=news.data,
        created_at=now,
    )


def _wants(rule: NotificationRule, entry: AuditEntry) -> bool:
    known: Any = entry.payload
    if entry.type == AnomaliesDetected.__name__:
        return rule.wants_findings(known["n_anomalies"], known.get("severity"), known.get("detector_id"))
    is_failed_job = entry.type == JobEnded.__name__ and known["status"] == JobStatus.FAILED.value
    return is_failed_job and rule.wants_failed_job()


def _findings(known: Any, name_of: NameOf) -> News:
    detector_id, severity, n_anomalies = known.get("detector_id"), known.get("severity"), known["n_anomalies"]
    name = None if detector_id is None else name_of(detector_id)
    band = None if severity is None else band_of(severity).value
    what = "1 anomaly" if n_anomalies == 1 else f"{n_anomalies:,} anomalies"
    by = "" if name is None else f" by {name}"
    worst = "" if severity is None else f" The strangest has a severity of {severity:.0f} of 100 ({band})."
    stand = "row stands" if known["n_rows"] == 1 else "rows stand"
    return News(
        subject=f"detector:{detector_id}",
        type="anomalies.found",
        title=f"{what} found{by}",
        text=f"{n_anomalies:,} of {known['n_rows']:,} {stand} out in detection {known['detection_id'][:8]}.{worst}",
        data={
            "detection_id": known["detection_id"],
            "detector_id": detector_id,
            "detector_name": name,
            "n_rows": known["n_rows"],
            "n_anomalies": n_anomalies,
            "severity": severity,
            "severity_band": band,
        },
    )


def _failed_job(known: Any) -> News:
    kind = known.get("kind") or "job"
    return News(
        subject=f"job:{kind}",
        type="job.failed",
        title=f"A job failed: {kind}",
        text=f"Job {known['job_id'][:8]} failed. `pynomaly job watch {known['job_id'][:8]}` says why.",
        data={"job_id": known["job_id"], "kind": known.get("kind")},
    )
