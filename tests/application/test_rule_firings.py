"""When a rule would have told somebody, held against what did happen."""

from dataclasses import dataclass
from datetime import timedelta

from pynomaly.application.ports.paging import Page
from pynomaly.application.rule_firings import rule_firings
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.notification_rule import Occasion
from tests.infrastructure.persistence.examples import NOON, rule

HOUR = timedelta(hours=1)


@dataclass
class Log:
    """Entries of one type a piece at a time, newest first, as the audit log hands them out."""

    entries: list[AuditEntry]
    n_read: int = 0

    def page(self, piece, *, type=None, actor=None):
        found = [
            one for one in self.entries if one.type == type and (piece.after is None or one.sequence < piece.after)
        ]
        items = sorted(found, key=lambda one: -one.sequence)[: piece.limit]
        self.n_read += len(items)
        return Page(items, items[-1].sequence if len(found) > piece.limit else None)


def found(sequence, n_anomalies=1, severity=50.0):
    payload = {"n_anomalies": n_anomalies, "severity": severity, "detector_id": "e1", "n_rows": 9, "detection_id": "d"}
    return AuditEntry(
        "local", sequence, f"{sequence}", "AnomaliesDetected", payload, "a", "", NOON + sequence * HOUR, "0" * 64
    )


def ended(sequence, status):
    payload = {"job_id": "j", "status": status, "kind": "train"}
    return AuditEntry("local", sequence, f"{sequence}", "JobEnded", payload, "a", "", NOON + sequence * HOUR, "0" * 64)


def test_a_rule_fires_for_each_finding_it_wants_newest_first() -> None:
    log = Log([found(1), found(2, n_anomalies=9), found(3, severity=90.0), found(4, 9, 90.0), ended(5, "failed")])
    firings = rule_firings(log, rule(least_anomalies=5), NOON)
    assert firings.moments == (NOON + 4 * HOUR, NOON + 2 * HOUR)
    assert (firings.n_events, firings.since) == (4, NOON)


def test_jobs_that_failed_are_counted_for_a_rule_about_them() -> None:
    log = Log([ended(1, "failed"), ended(2, "succeeded"), found(3)])
    firings = rule_firings(log, rule(occasion=Occasion.JOB_FAILED), NOON)
    assert firings.moments == (NOON + HOUR,)
    assert firings.n_events == 2


def test_a_rule_that_rests_or_is_younger_than_what_happened_is_held_against_it_all_the_same() -> None:
    firings = rule_firings(Log([found(1)]), rule(is_enabled=False, since=99), NOON)
    assert firings.moments == (NOON + HOUR,)


def test_what_happened_before_is_not_looked_at() -> None:
    log = Log([found(number) for number in range(1, 2_000)])
    firings = rule_firings(log, rule(), NOON + 1_990 * HOUR)
    assert firings.n_events == len(firings.moments) == 10
    assert log.n_read == 500


def test_where_there_is_too_much_the_answer_says_since_when_it_holds() -> None:
    log = Log([found(number) for number in range(1, 1_000)])
    firings = rule_firings(log, rule(), NOON, most=600)
    assert (firings.n_events, len(firings.moments), log.n_read) == (600, 600, 600)
    assert firings.since == NOON + 400 * HOUR
