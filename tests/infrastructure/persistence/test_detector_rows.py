from dataclasses import replace

import pytest

from pynomaly.domain.detector import DetectorStatus
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from tests.infrastructure.persistence.examples import detector, training_run, version


def test_a_detector_comes_back_as_it_was(work) -> None:
    stored = detector(parameters={"a": 1, "b": 0.1, "c": True, "d": None, "e": "auto", "f": float("inf")})
    work.detectors.add(stored)
    found = work.detectors.get("fraud")
    assert found == stored
    assert type(found.parameters["c"]) is bool


def test_versions_come_back_in_order(work) -> None:
    trained = detector().with_version(version(1)).with_version(version(2))
    work.detectors.add(trained)
    assert work.detectors.get("fraud") == trained
    assert work.detectors.all() == [trained]


def test_saving_adds_new_versions_and_the_next_revision(work) -> None:
    work.detectors.add(detector())
    for number in (1, 2):
        work.detectors.save(work.detectors.get("fraud").with_version(version(number)))
    found = work.detectors.get("fraud")
    assert [stored.number for stored in found.versions] == [1, 2]
    assert (found.live_version, found.revision, found.status) == (2, 2, DetectorStatus.READY)


def test_versions_belong_to_their_detector(work) -> None:
    one, two = detector("one").with_version(version(1)), detector("two")
    work.detectors.add(one)
    work.detectors.add(two)
    assert work.detectors.all() == [two, one]


def test_two_writers_notice_each_other(work) -> None:
    work.detectors.add(detector())
    first, second = work.detectors.get("fraud"), work.detectors.get("fraud")
    work.detectors.save(first.with_version(version(1)))
    with pytest.raises(StaleWrite, match="changed or deleted meanwhile"):
        work.detectors.save(second.retire())
    assert work.detectors.get("fraud").status is DetectorStatus.READY


def test_saving_a_deleted_detector_is_refused(work) -> None:
    stored = detector()
    work.detectors.add(stored)
    work.detectors.remove(stored)
    with pytest.raises(StaleWrite):
        work.detectors.save(stored)


def test_a_taken_name_is_refused_for_a_new_and_for_a_renamed_detector(work) -> None:
    work.detectors.add(detector("fraud"))
    other = detector("other")
    work.detectors.add(other)
    with pytest.raises(AlreadyExists, match="'fraud'"):
        work.detectors.add(detector("fraud"))
    with pytest.raises(AlreadyExists, match="'fraud'"):
        work.detectors.save(replace(other, name="fraud"))
    work.detectors.save(replace(other, name="renamed"))
    assert work.detectors.get("renamed").id == other.id


def test_a_removed_detector_takes_its_versions_and_runs_with_it(work) -> None:
    stored = detector().with_version(version(1))
    work.detectors.add(stored)
    work.training_runs.add(training_run(stored.id))
    work.detectors.remove(stored)
    with pytest.raises(NotFound):
        work.detectors.get("fraud")
    with pytest.raises(NotFound, match="gone already"):
        work.detectors.remove(stored)
    assert list(work.training_runs.of(stored)) == []
    work.detectors.add(stored)
    assert work.detectors.get("fraud").versions == stored.versions


def test_an_unknown_detector_names_the_closest(work) -> None:
    work.detectors.add(detector("fraud"))
    with pytest.raises(NotFound, match=r"no detector 'frauds'; did you mean 'fraud'\?"):
        work.detectors.get("frauds")
