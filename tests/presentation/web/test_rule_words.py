"""A rule as the sentence that people read."""

import pytest

from pynomaly.domain.notification_rule import Occasion
from pynomaly.presentation.web.rule_words import rule_in_words
from tests.infrastructure.persistence.examples import rule

CHANNELS = {"c1": "duty", "c2": "on-call", "c3": "desk"}
DETECTORS = {"d1": "Fraud"}


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        ({}, "When a detection by any detector finds an anomaly, tell duty."),
        (
            {"least_anomalies": 1200, "detector_id": "d1"},
            "When a detection by Fraud finds at least 1,200 anomalies, tell duty.",
        ),
        (
            {"least_severity": 90.0},
            "When a detection by any detector finds an anomaly of severity 90 (critical) or more, tell duty.",
        ),
        (
            {"least_severity": 12.5, "least_anomalies": 5, "channel_ids": ("c1", "c2")},
            "When a detection by any detector finds at least 5 anomalies, one of them of severity 12.5 (low) or more, "
            "tell duty and on-call.",
        ),
        (
            {"channel_ids": ("c1", "c2", "c3"), "occasion": Occasion.JOB_FAILED},
            "When a job fails, tell duty, on-call and desk.",
        ),
        (
            {"channel_ids": ("gone",), "detector_id": "gone"},
            "When a detection by a detector that is gone finds an anomaly, tell a channel that is gone.",
        ),
    ],
)
def test_a_rule_reads_as_one_sentence(of, sentence) -> None:
    assert rule_in_words(rule(**{"channel_ids": ("c1",), **of}), CHANNELS, DETECTORS) == sentence
