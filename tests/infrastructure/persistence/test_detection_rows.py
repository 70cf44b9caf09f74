from datetime import timedelta

import pytest

from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.detection import Anomaly
from pynomaly.domain.errors import InvalidRequest, NotFound
from pynomaly.domain.explanation import Reason, Typical
from tests.infrastructure.persistence.examples import NOON, anomaly, detection, detector, new_id


def test_a_detection_comes_back_as_it_was(work) -> None:
    stored = detection(dataset_id=new_id(), policy=AlarmBudget(share=0.01), notes=("a", "b"))
    work.detections.add(stored)
    assert work.detections.get(stored.id) == stored
    assert work.detections.get(stored.id[:8]) == stored


def test_a_detection_without_threshold_anomalies_or_notes_comes_back(work) -> None:
    stored = detection(score_threshold=None, n_anomalies=0, strangest=(), notes=())
    work.detections.add(stored)
    assert work.detections.get("last") == stored


def test_scores_come_back_bit_for_bit(work) -> None:
    stored = detection(score_threshold=0.1 + 0.2)
    work.detections.add(stored)
    assert work.detections.get("last").score_threshold == 0.1 + 0.2


def test_last_is_the_newest(work) -> None:
    newest = detection(created_at=NOON + timedelta(seconds=1))
    for stored in (detection(), newest, detection()):
        work.detections.add(stored)
    assert work.detections.get("last") == newest
    assert work.detections.all()[0] == newest


def test_last_of_none_says_how_to_make_one(work) -> None:
    with pytest.raises(NotFound, match="pynomaly detect"):
        work.detections.get("last")


def test_a_prefix_that_fits_several_lists_them(work) -> None:
    for end in "12":
        work.detections.add(detection(id="abcdefab" + end * 24))
    with pytest.raises(InvalidRequest, match="fits 2 detections"):
        work.detections.get("abcdefab")
    with pytest.raises(NotFound, match="pynomaly detection list"):
        work.detections.get("abcdefa")


def test_reasons_of_any_cell_come_back(work) -> None:
    reasons = (
        Reason("text", 1.0, "\ud800 \0 ☂", Typical(most_frequent="a", share=0.5)),
        Reason("nested", 0.5, [1, {"a": b"x"}], Typical()),
    )
    nothing_known = Anomaly(1, None, 0.0, None, None, None, False, reasons)
    stored = detection(strangest=(anomaly(identifier=2**70), anomaly(value=None), nothing_known))
    work.detections.add(stored)
    assert work.detections.get("last") == stored


def test_a_detection_outlives_its_detector(work) -> None:
    owner = detector()
    work.detectors.add(owner)
    stored = detection(detector_id=owner.id)
    work.detections.add(stored)
    work.detectors.remove(owner)
    assert work.detections.get("last") == stored
