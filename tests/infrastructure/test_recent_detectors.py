import pytest

from pynomaly.application.ports.warm_models import RecentDetectors
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import NotFound
from pynomaly.infrastructure.recent_detectors import MOST_DETECTORS, SECONDS, DetectorMemory
from tests.fakes.programs import detector


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Database:
    """Answers with `answer` and counts how often it was asked."""

    def __init__(self, answer: Detector) -> None:
        self.answer: Detector | Exception = answer
        self.n_reads = 0

    def __call__(self) -> Detector:
        self.n_reads += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_detector_is_read_once_a_second() -> None:
    clock, database = Clock(), Database(detector())
    recent: RecentDetectors = DetectorMemory(clock).of_tenant("acme")
    for _ in range(3):
        assert recent.get("Fraud", database) is database.answer
    assert database.n_reads == 1
    clock.now += SECONDS
    database.answer = detector("Renamed")
    assert recent.get("Fraud", database).name == "Renamed"


def test_an_answer_is_as_old_as_the_moment_before_it_was_read() -> None:
    clock, database = Clock(), Database(detector())
    recent = DetectorMemory(clock).of_tenant("acme")

    def slowly() -> Detector:
        clock.now += SECONDS
        return database()

    recent.get("Fraud", slowly)
    recent.get("Fraud", database)
    assert database.n_reads == 2


def test_who_must_know_reads_it_fresh_and_everybody_has_it_then() -> None:
    database = Database(detector())
    recent = DetectorMemory(Clock()).of_tenant("acme")
    recent.get("Fraud", database)
    database.answer = detector("Renamed")
    assert recent.get("Fraud", database, fresh=True).name == "Renamed"
    assert recent.get("Fraud", database).name == "Renamed"


def test_workspaces_do_not_see_each_others_detectors() -> None:
    memory, ours, theirs = DetectorMemory(Clock()), Database(detector("Ours")), Database(detector("Theirs"))
    assert memory.of_tenant("acme").get("Fraud", ours).name == "Ours"
    assert memory.of_tenant("other").get("Fraud", theirs).name == "Theirs"


def test_that_there_is_no_detector_is_not_remembered() -> None:
    database = Database(detector())
    found, database.answer = database.answer, NotFound("none")
    recent = DetectorMemory(Clock()).of_tenant("acme")
    with pytest.raises(NotFound):
        recent.get("Fraud", database)
    database.answer = found
    assert recent.get("Fraud", database) is found


def test_what_is_remembered_is_bounded() -> None:
    memory, database = DetectorMemory(Clock()), Database(detector())
    for name in range(MOST_DETECTORS + 1):
        memory.of_tenant("acme").get(str(name), database)
    memory.of_tenant("acme").get(str(MOST_DETECTORS), database)
    assert database.n_reads == MOST_DETECTORS + 1
    memory.of_tenant("acme").get("0", database)
    assert database.n_reads == MOST_DETECTORS + 2
