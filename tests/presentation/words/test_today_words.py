import pytest

from pynomaly.application.today import Reason, ReasonKind, Verdict
from pynomaly.presentation.words.today_words import VERDICTS, reason_in_words, span_in_words

SENTENCES = {
    Reason(ReasonKind.NO_WORKER, 5, seconds=31.0): "5 jobs wait, the first for 31 seconds, and no worker takes any.",
    Reason(ReasonKind.OVERDUE_SCHEDULE, 1, ("s",), seconds=7300.0): (
        "1 schedule did not begin on time; the first should have 2 hours ago."
    ),
    Reason(ReasonKind.FAILED_TRAINING, 2): "The last training of 2 detectors failed.",
    Reason(ReasonKind.FAILED_JOB, 1200): "1,200 jobs failed within the last 24 hours.",
    Reason(ReasonKind.FAILED_DELIVERY, 1): "1 message could not be delivered within the last 24 hours.",
    Reason(ReasonKind.ANOMALIES, 1, severity=None): "1 row stood out within the last 24 hours.",
    Reason(ReasonKind.ANOMALIES, 2, severity=75.0): (
        "2 rows stood out within the last 24 hours; the worst has severity 75, high."
    ),
    Reason(ReasonKind.NOTHING_LATELY, 0, seconds=260_000.0): (
        "Nothing was looked at within the last 24 hours; the last time was 3 days ago."
    ),
    Reason(ReasonKind.NEVER_LOOKED, 0): "There is no detection yet; 0 datasets are there to look at.",
    Reason(ReasonKind.NEVER_LOOKED, 1): "There is no detection yet; 1 dataset is there to look at.",
}


@pytest.mark.parametrize("reason", SENTENCES, ids=lambda reason: f"{reason.kind} {reason.n}")
def test_each_reason_is_a_sentence(reason) -> None:
    assert reason_in_words(reason) == SENTENCES[reason]


def test_every_reason_and_verdict_has_its_words() -> None:
    assert {reason.kind for reason in SENTENCES} == set(ReasonKind)
    assert set(VERDICTS) == set(Verdict)


@pytest.mark.parametrize(("seconds", "words"), [(59.9, "59 seconds"), (60.0, "1 minute"), (86_400.0, "1 day")])
def test_spans_are_told_in_whole_units(seconds, words) -> None:
    assert span_in_words(seconds) == words
