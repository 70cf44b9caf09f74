"""Notification rules as rows for people and as data for programs."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words
from pynomaly.presentation.words.cell_text import shown
from pynomaly.presentation.words.figures import count

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.notification_rule import NotificationRule


def rule_as_json(rule: "NotificationRule") -> "dict[str, JsonValue]":
    """Return a rule as data, with the keys the REST API gives it."""
    return {
        "id": rule.id,
        "name": rule.name,
        "occasion": rule.occasion.value,
        "channel_ids": list(rule.channel_ids),
        "least_anomalies": rule.least_anomalies,
        "least_severity": rule.least_severity,
        "detector_id": rule.detector_id,
        "is_enabled": rule.is_enabled,
        "created_by": rule.created_by,
        "created_at": time_as_json(rule.created_at),
        "revision": rule.revision,
    }


def rule_as_row(rule: "NotificationRule") -> list[str]:
    """Return name, whether it is enabled, how many channels it names, and what it tells of."""
    enabled = "yes" if rule.is_enabled else "no"
    return [shown(rule.name), enabled, str(len(rule.channel_ids)), rule_in_words(rule)]


def rule_as_facts(rule: "NotificationRule") -> list[tuple[str, str]]:
    """Return a rule as pairs of what and value."""
    return [
        ("rule", shown(rule.name)),
        ("id", rule.id),
        ("enabled", "yes" if rule.is_enabled else "no"),
        ("tells of", rule_in_words(rule)),
        ("channels", ", ".join(channel_id[:8] for channel_id in rule.channel_ids)),
        ("made", time_in_words(rule.created_at)),
    ]


def rule_in_words(rule: "NotificationRule") -> str:
    """Return what a rule tells of, in a sentence without an end."""
    from pynomaly.domain.notification_rule import Occasion

    if rule.occasion is Occasion.JOB_FAILED:
        return "jobs that failed"
    least = "1 anomaly" if rule.least_anomalies == 1 else f"{count(rule.least_anomalies)} anomalies"
    severity = f", one of severity {rule.least_severity:g} or more" if rule.least_severity else ""
    by = f", by detector {rule.detector_id[:8]}" if rule.detector_id is not None else ""
    return f"{least} or more{severity}{by}"
