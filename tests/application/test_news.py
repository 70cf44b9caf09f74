import pytest

from pynomaly.application.news import channels_told, delivery_of, news_of
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.notification_rule import Occasion
from tests.infrastructure.persistence.examples import NOON, rule

FOUND = {"detection_id": "c0ffee0123456789", "n_rows": 1000, "n_anomalies": 3, "detector_id": "e1", "severity": 86.4}
OLD_FOUND = {name: FOUND[name] for name in ("detection_id", "n_rows", "n_anomalies")}
FAILED = {"job_id": "3f9a1c2e5b7d4a60", "status": "failed", "kind": "train"}


def entry(kind, payload, sequence=5):
    return AuditEntry("local", sequence, "f" * 32, kind, payload, "user:ada", "", NOON, "0" * 64)


def named(detector_id):
    return {"e1": "Fraud"}.get(detector_id)


def test_findings_are_told_in_fixed_words_with_ids_names_counts_and_severity() -> None:
    news = news_of(entry("AnomaliesDetected", FOUND), named)
    assert (news.subject, news.type, news.title) == ("detector:e1", "anomalies.found", "3 anomalies found by Fraud")
    assert news.text == (
        "3 of 1,000 rows stand out in detection c0ffee01. The strangest has a severity of 86 of 100 (high)."
    )
    assert news.data == FOUND | {"detector_name": "Fraud", "severity_band": "high"}


def test_a_detector_that_is_gone_has_no_name() -> None:
    news = news_of(entry("AnomaliesDetected", FOUND | {"detector_id": "gone", "n_anomalies": 1}), named)
    assert news.title == "1 anomaly found"
    assert news.data["detector_name"] is None


def test_findings_of_earlier_versions_are_told_without_what_they_lack() -> None:
    news = news_of(entry("AnomaliesDetected", OLD_FOUND), named)
    assert news.text == "3 of 1,000 rows stand out in detection c0ffee01."
    assert (news.data["severity"], news.data["severity_band"], news.data["detector_id"]) == (None, None, None)


@pytest.mark.parametrize(("payload", "kind"), [(FAILED, "train"), (FAILED | {"kind": None}, "job")])
def test_a_job_that_failed_is_told_by_its_kind(payload, kind) -> None:
    news = news_of(entry("JobEnded", payload), named)
    assert (news.subject, news.type, news.title) == (f"job:{kind}", "job.failed", f"A job failed: {kind}")
    assert news.data == {"job_id": FAILED["job_id"], "kind": payload["kind"]}


def test_a_channel_is_told_once_however_many_rules_name_it() -> None:
    rules = [rule(channel_ids=("a", "b")), rule(channel_ids=("b", "c")), rule(channel_ids=("d",), least_anomalies=9)]
    assert channels_told(rules, entry("AnomaliesDetected", FOUND)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("JobEnded", FAILED | {"status": "succeeded"}),
        ("JobEnded", FAILED | {"status": "cancelled"}),
        ("AnomaliesDetected", FOUND | {"n_anomalies": 0, "severity": None}),
        ("DatasetRegistered", {"dataset_id": "d", "n_rows": 3}),
    ],
)
def test_what_is_no_occasion_is_told_to_nobody(kind, payload) -> None:
    rules = [rule(occasion=occasion) for occasion in Occasion]
    assert channels_told(rules, entry(kind, payload)) == []


def test_a_rule_tells_of_what_happens_after_it_was_made() -> None:
    rules = [rule(channel_ids=("late",), since=5), rule(channel_ids=("early",), since=4)]
    assert channels_told(rules, entry("AnomaliesDetected", FOUND, sequence=5)) == ["early"]


def test_an_event_and_a_channel_always_give_the_same_delivery() -> None:
    told = entry("JobEnded", FAILED)
    news = news_of(told, named)
    first, again = (delivery_of(told, news, "c1", NOON) for _ in range(2))
    assert first == again
    assert first.id != delivery_of(told, news, "c2", NOON).id
    assert (first.event_id, first.at, len(first.id)) == (told.id, NOON, 32)
