from datetime import UTC, datetime

import pytest

from pynomaly.domain.detector import Detector, DetectorStatus, DetectorVersion
from pynomaly.domain.errors import Conflict, InvalidRequest, NotFound, NotTrained
from pynomaly.domain.identifiers import DatasetId, DetectorId, ModelDigest

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def draft(name="Fraud"):
    return Detector(DetectorId("d1"), name, "isolation_forest", {}, NOW)


def version(number):
    return DetectorVersion(number, ModelDigest("m"), DatasetId("s"), 100, NOW)


def test_a_draft_becomes_ready_with_its_first_version():
    assert draft().status is DetectorStatus.DRAFT
    ready = draft().with_version(version(1))
    assert ready.status is DetectorStatus.READY
    assert ready.version().number == 1


def test_a_draft_refuses_to_score_and_says_what_to_do():
    with pytest.raises(NotTrained, match="pynomaly detector train Fraud"):
        draft().version()


def test_the_newest_version_goes_live_and_older_ones_stay():
    detector = draft().with_version(version(1)).with_version(version(2))
    assert detector.version().number == 2
    assert detector.version(1).number == 1
    with pytest.raises(NotFound, match="1 to 2"):
        detector.version(3)


def test_version_numbers_leave_no_gaps():
    with pytest.raises(Conflict, match="expects version 1"):
        draft().with_version(version(2))


def test_a_retired_detector_refuses_to_score_and_to_learn():
    retired = draft().with_version(version(1)).retire()
    assert retired.status is DetectorStatus.RETIRED
    with pytest.raises(Conflict, match="retired"):
        retired.version()
    with pytest.raises(Conflict, match="retired"):
        retired.with_version(version(2))


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 201, "line\nbreak"])
def test_an_unreadable_name_is_refused(name):
    with pytest.raises(InvalidRequest, match="name"):
        draft(name)
