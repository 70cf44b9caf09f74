import pytest

from pynomaly.application.messages import anomalies_found, job_failed
from pynomaly.application.news import News, channels_told, delivery_of, news_of
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


def test_findings_are_told_with_ids_names_counts_and_severity_in_the_order_of_their_detector() -> None:
    news = news_of(entry("AnomaliesDetected", FOUND), named)
    told = FOUND | {"detector_name": "Fraud", "severity_band": "high"}
    assert news == News("detector:e1", anomalies_found("f" * 32, NOON, **told))
    assert news.message.data == told


def test_a_detector_that_is_gone_has_no_name() -> None:
    news = news_of(entry("AnomaliesDetected", FOUND | {"detector_id": "gone", "n_anomalies": 1}), named)
    assert news.message.title == "1 of 1,000 rows stands out"
    assert news.message.data["detector_name"] is None


def test_findings_of_earlier_versions_are_told_without_what_they_lack() -> None:
    news = news_of(entry("AnomaliesDetected", OLD_FOUND), named)
    assert news.message.text.startswith("Detection: c0ffee0123456789")
    assert [news.message.data[name] for name in ("severity", "severity_band", "detector_id")] == [None] * 3


@pytest.mark.parametrize(("payload", "subject"), [(FAILED, "job:train"), (FAILED | {"kind": None}, "job:job")])
def test_jobs_that_failed_are_told_in_the_order_of_their_kind(payload, subject) -> None:
    news = news_of(entry("JobEnded", payload), named)
    told = job_failed("f" * 32, NOON, job_id=FAILED["job_id"], job_kind=payload["kind"])
    assert news == News(subject, told)


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
    said = news.message
    assert (first.type, first.title, first.text, first.data) == (said.type, said.title, said.text, said.data)
