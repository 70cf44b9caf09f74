"""How often a rule would have told somebody lately: its condition, held against what did happen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pynomaly.application.news import wants
from pynomaly.application.ports.audit_log import AuditLog
from pynomaly.application.ports.paging import Piece
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.events import AnomaliesDetected, JobEnded
from pynomaly.domain.notification_rule import NotificationRule, Occasion

MOST_EVENTS = 2000
_AT_ONCE = 500
_EVENTS = {Occasion.ANOMALIES_FOUND: AnomaliesDetected.__name__, Occasion.JOB_FAILED: JobEnded.__name__}


@dataclass(frozen=True, slots=True)
class Firings:
    """When a rule would have fired, newest first, since a moment; n_events: how many events were held against it.

    since: later than was asked where there were too many events to look at all of them.
    """

    moments: tuple[datetime, ...]
    since: datetime
    n_events: int


def rule_firings(log: AuditLog, rule: NotificationRule, since: datetime, *, most: int = MOST_EVENTS) -> Firings:
    """Return when a rule would have fired, enabled or not, had it been there already."""
    awake = replace(rule, is_enabled=True)
    moments: list[datetime] = []
    n_events, reached = 0, since
    for entry in _newest_first(log, _EVENTS[rule.occasion], most):
        if entry.at < since:
            return Firings(tuple(moments), since, n_events)
        n_events += 1
        reached = entry.at
        if wants(awake, entry):
            moments.append(entry.at)
    return Firings(tuple(moments), reached if n_events == most else since, n_events)


def _newest_first(log: AuditLog, type: str, most: int) -> Iterator[AuditEntry]:
    after: int | None = None
    n_left = most
    while n_left > 0:
        page = log.page(Piece(min(n_left, _AT_ONCE), after), type=type)
        yield from page.items
        n_left -= len(page.items)
        after = page.next_after
        if after is None:
            return
