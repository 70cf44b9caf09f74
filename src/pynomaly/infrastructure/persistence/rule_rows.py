"""Notification rules as rows."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from pynomaly.domain.identifiers import ChannelId, DetectorId, RuleId
from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.infrastructure.persistence.channel_tables import notification_rules as rules
from pynomaly.infrastructure.persistence.named_rows import NamedRows
from pynomaly.infrastructure.persistence.transaction import Transaction


def rule_rows(transaction: Transaction) -> NamedRows[NotificationRule]:
    """Return the notification rules of a workspace."""
    return NamedRows(transaction, rules, "rule", _to_row, _from_row)


def _from_row(row: Row[Any]) -> NotificationRule:
    return NotificationRule(
        id=RuleId(row.id),
        name=row.name,
        occasion=Occasion(row.occasion),
        channel_ids=tuple(ChannelId(channel_id) for channel_id in row.channel_ids),
        created_by=row.created_by,
        created_at=row.created_at,
        since=row.since,
        least_anomalies=row.least_anomalies,
        least_severity=row.least_severity,
        detector_id=None if row.detector_id is None else DetectorId(row.detector_id),
        is_enabled=row.is_enabled,
        revision=row.revision,
    )


def _to_row(rule: NotificationRule) -> dict[str, Any]:
    plain = {"occasion": rule.occasion.value, "channel_ids": list(rule.channel_ids)}
    return asdict(rule) | plain
