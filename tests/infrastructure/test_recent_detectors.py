import json
import tracemalloc
from dataclasses import replace

import pytest

from pynomaly.application.ports.warm_models import FRESH_SECONDS, RecentDetectors, Seen
from pynomaly.application.written_detectors import detector_from_json, detector_to_json
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import NotFound
from pynomaly.infrastructure.recent_detectors import DetectorMemory, _weight
from tests.fakes.caches import AllEars
from tests.fakes.clocks import StandingClock
from tests.fakes.programs import NOON, detector


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
    clock, database = StandingClock(), Database(detector())
    recent: RecentDetectors = DetectorMemory(clock).of_tenant("acme")
    for _ in range(3):
        assert recent.get("Fraud", database) is database.answer
    assert database.n_reads == 1
    clock.now += FRESH_SECONDS
    database.answer = detector("Renamed")
    assert recent.get("Fraud", database).name == "Renamed"


def test_an_answer_is_as_old_as_the_moment_before_it_was_read() -> None:
    clock, database = StandingClock(), Database(detector())
    recent = DetectorMemory(clock).of_tenant("acme")

    def slowly() -> Detector:
        clock.now += FRESH_SECONDS
        return database()

    recent.get("Fraud", slowly)
    recent.get("Fraud", database)
    assert database.n_reads == 2


def test_who_must_know_reads_it_fresh_and_everybody_has_it_then() -> None:
    database = Database(detector())
    recent = DetectorMemory(StandingClock()).of_tenant("acme")
    recent.get("Fraud", database)
    database.answer = detector("Renamed")
    assert recent.get("Fraud", database, fresh=True).name == "Renamed"
    assert recent.get("Fraud", database).name == "Renamed"


def test_workspaces_do_not_see_each_others_detectors() -> None:
    memory, ours, theirs = DetectorMemory(StandingClock()), Database(detector("Ours")), Database(detector("Theirs"))
    assert memory.of_tenant("acme").get("Fraud", ours).name == "Ours"
    assert memory.of_tenant("other").get("Fraud", theirs).name == "Theirs"


def test_that_there_is_no_detector_is_not_remembered() -> None:
    database = Database(detector())
    found, database.answer = database.answer, NotFound("none")
    recent = DetectorMemory(StandingClock()).of_tenant("acme")
    with pytest.raises(NotFound):
        recent.get("Fraud", database)
    database.answer = found
    assert recent.get("Fraud", database) is found


def with_versions(n_versions: int, name: str = "Old hand") -> Detector:
    """A detector with a history."""
    versions = tuple(
        DetectorVersion(number, f"{number:064}", "d" * 32, 40, NOON) for number in range(1, n_versions + 1)
    )
    return replace(detector(name), versions=versions, live_version=n_versions)


def test_what_is_remembered_is_bounded_in_bytes_and_what_was_read_first_goes_first() -> None:
    memory, database = DetectorMemory(StandingClock(), most_bytes=100_000), Database(detector())
    recent = memory.of_tenant("acme")
    for name in range(1000):
        recent.get(str(name), database)
    assert recent.recent("0") is None
    assert recent.recent("999") is not None
    assert 20 < sum(recent.recent(str(name)) is not None for name in range(1000)) < 100


def test_a_detector_with_a_long_history_takes_the_place_of_many() -> None:
    recent = DetectorMemory(StandingClock(), most_bytes=1_000_000).of_tenant("acme")
    for name in range(100):
        recent.get(str(name), Database(detector()))
    recent.get("old", Database(with_versions(2500)))
    assert recent.recent("old") is not None
    assert sum(recent.recent(str(name)) is not None for name in range(100)) < 40
    recent.get("older", Database(with_versions(10_000)))  # larger than the room: kept until the next one comes
    recent.get("next", Database(detector()))
    assert [recent.recent(name) is not None for name in ("old", "older", "next")] == [False, False, True]


@pytest.mark.parametrize("n_versions", [1, 100, 2000])
def test_the_bytes_that_are_counted_are_those_that_are_taken(n_versions: int) -> None:
    """Against tracemalloc, for detectors as the shared cache and the database make them: every text a new one."""
    form = json.dumps(detector_to_json(with_versions(n_versions)))
    n_detectors = 1 + 2000 // n_versions
    counted = n_detectors * _weight(with_versions(n_versions))
    recent = DetectorMemory(StandingClock(), most_bytes=2 * counted).of_tenant("acme")
    tracemalloc.start()
    try:
        for number in range(n_detectors):
            recent.get(f"{number:032}", lambda: detector_from_json(json.loads(form)))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert recent.recent(f"{0:032}") is not None
    assert 0.5 * counted < taken < 1.2 * counted, taken / n_detectors


def test_a_level_below_says_how_long_its_answer_holds() -> None:
    clock, asked = StandingClock(), []

    def below(name_or_id, read, /, *, fresh):
        asked.append((name_or_id, fresh))
        return Seen(detector(), seconds_left=0.25)

    recent = DetectorMemory(clock).of_tenant("acme", below)
    database = Database(detector())
    recent.get("Fraud", database)
    clock.now += 0.2
    recent.get("Fraud", database)
    clock.now += 0.05
    assert recent.recent("Fraud") is None
    recent.get("Fraud", database)
    recent.get("Fraud", database, fresh=True)
    assert asked == [("Fraud", False), ("Fraud", False), ("Fraud", True)]
    assert database.n_reads == 0


def test_it_tells_what_was_at_hand() -> None:
    ears = AllEars()
    recent = DetectorMemory(StandingClock(), telemetry=ears).of_tenant("acme")
    for fresh in (False, False, True):
        recent.get("Fraud", Database(detector()), fresh=fresh)
    assert ears.looks == [("detector", "memory", False), ("detector", "memory", True), ("detector", "memory", False)]
