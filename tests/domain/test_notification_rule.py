import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.notification_rule import Occasion
from tests.infrastructure.persistence.examples import rule


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "a name has"),
        ({"channel_ids": ()}, "1 to 20 channels"),
        ({"channel_ids": ("a", "a")}, "each once"),
        ({"channel_ids": tuple(map(str, range(21)))}, "1 to 20 channels"),
        ({"least_anomalies": 0}, "at least 1 anomaly"),
        ({"least_severity": 100.5}, "between 0 and 100"),
        ({"least_severity": float("nan")}, "between 0 and 100"),
        ({"occasion": Occasion.JOB_FAILED, "least_severity": 50.0}, "a job that failed has none"),
        ({"occasion": Occasion.JOB_FAILED, "detector_id": "e"}, "a job that failed has none"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(changes, words) -> None:
    with pytest.raises(InvalidRequest, match=words):
        rule(**changes)


@pytest.mark.parametrize(
    ("changes", "is_wanted"),
    [
        ({}, True),
        ({"least_anomalies": 3}, True),
        ({"least_anomalies": 4}, False),
        ({"least_severity": 86.5}, True),
        ({"least_severity": 86.6}, False),
        ({"detector_id": "e"}, True),
        ({"detector_id": "f"}, False),
        ({"least_anomalies": 3, "least_severity": 50.0, "detector_id": "e"}, True),
        ({"is_enabled": False}, False),
        ({"occasion": Occasion.JOB_FAILED}, False),
    ],
)
def test_findings_are_told_of_if_they_are_as_the_rule_wants_them(changes, is_wanted) -> None:
    assert rule(**changes).wants_findings(3, 86.5, "e") is is_wanted


def test_findings_without_anomalies_are_never_told_of() -> None:
    assert not rule().wants_findings(0, None, "e")


def test_what_earlier_versions_did_not_record_is_not_guessed() -> None:
    assert rule().wants_findings(3, None, None)
    assert not rule(least_severity=1.0).wants_findings(3, None, None)
    assert not rule(detector_id="e").wants_findings(3, 86.5, None)


def test_failed_jobs_are_told_of_by_rules_about_them() -> None:
    assert rule(occasion=Occasion.JOB_FAILED).wants_failed_job()
    assert not rule(occasion=Occasion.JOB_FAILED, is_enabled=False).wants_failed_job()
    assert not rule().wants_failed_job()
