import pytest

from pynomaly.application.ports.cache import NoCache
from pynomaly.application.ports.warm_models import FRESH_SECONDS, DetectorLevel, Seen
from pynomaly.domain.errors import NotFound
from pynomaly.infrastructure.recent_detectors import DetectorMemory
from pynomaly.infrastructure.shared_detectors import SharedDetectors
from tests.fakes.caches import AllEars, MemoryCache
from tests.fakes.clocks import StandingClock
from tests.fakes.programs import detector


class Database:
    """Answers with `answer` and counts how often it was asked."""

    def __init__(self, answer=None):
        self.answer = answer or detector()
        self.n_reads = 0

    def __call__(self):
        self.n_reads += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def level(cache, tenant_id="acme", ears=None) -> DetectorLevel:
    return SharedDetectors(cache, tenant_id, ears or AllEars())


def test_what_one_process_read_another_finds_for_what_is_left_of_the_second():
    cache, database = MemoryCache(), Database()
    assert level(cache)("Fraud", database, fresh=False) == Seen(detector(), FRESH_SECONDS)
    cache.now += 0.75
    assert level(cache)("Fraud", database, fresh=False) == Seen(detector(), 0.25)
    cache.now += 0.25
    level(cache)("Fraud", database, fresh=False)
    assert database.n_reads == 2


def test_memory_and_cache_together_are_never_older_than_a_second():
    """Four processes, each asked again and again, a promotion at every moment: who is a second behind must know it."""
    clock, cache, database = StandingClock(0.0), MemoryCache(), Database()
    began, changed_at = cache.now, {}
    memories = [DetectorMemory(clock).of_tenant("acme", level(cache)) for _ in range(4)]
    for step in range(400):
        clock.now = step * 0.03125  # exact in binary
        cache.now = began + clock.now
        database.answer = detector(f"as of {step}")
        changed_at[f"as of {step}"] = clock.now
        seen = memories[step * 7 % 4].get("Fraud", database)
        assert clock.now - changed_at[seen.name] < FRESH_SECONDS + 0.03125
    assert database.n_reads < 20


def test_a_read_that_took_long_is_as_old_as_its_beginning():
    cache, database = MemoryCache(), Database()

    def slowly():
        cache.now += 0.75
        return database()

    level(cache)("Fraud", slowly, fresh=False)
    assert level(cache)("Fraud", database, fresh=False).seconds_left == 0.25


def test_a_clock_that_was_set_back_makes_nothing_younger():
    cache, database = MemoryCache(), Database()
    level(cache)("Fraud", database, fresh=False)
    cache.now -= 3600
    assert level(cache)("Fraud", database, fresh=False).seconds_left == FRESH_SECONDS


def test_who_must_know_reads_it_fresh_and_all_processes_have_it_then():
    cache, database = MemoryCache(), Database()
    level(cache)("Fraud", database, fresh=False)
    database.answer = detector("Renamed")
    assert level(cache)("Fraud", database, fresh=True).detector.name == "Renamed"
    assert level(cache)("Fraud", database, fresh=False).detector.name == "Renamed"


def test_what_is_gone_is_forgotten_for_everybody():
    cache, database = MemoryCache(), Database()
    level(cache)("Fraud", database, fresh=False)
    database.answer = NotFound("gone")
    with pytest.raises(NotFound):
        level(cache)("Fraud", database, fresh=True)
    with pytest.raises(NotFound):
        level(cache)("Fraud", database, fresh=False)


def test_workspaces_do_not_find_each_others_detectors():
    cache, ours, theirs = MemoryCache(), Database(detector("Ours")), Database(detector("Theirs"))
    assert level(cache, "acme")("Fraud", ours, fresh=False).detector.name == "Ours"
    assert level(cache, "other")("Fraud", theirs, fresh=False).detector.name == "Theirs"
    assert {key.split(":")[0] for key in cache.kept} == {"acme", "other"}


def test_a_key_holds_no_words_of_people():
    cache = MemoryCache()
    level(cache)("Müller: fraud\r\n\ud800", Database(), fresh=False)
    assert next(iter(cache.kept)).isascii()
    assert "fraud" not in next(iter(cache.kept))


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'{"name": "Fraud"}', b'{"versions": [{}]}', b"[]", b"\xff"])
def test_what_makes_no_sense_is_read_from_the_database(content):
    cache, database = MemoryCache(), Database()
    level(cache)("Fraud", database, fresh=False)
    (key,) = cache.kept
    cache.put(key, content, until=cache.now + 1)
    assert level(cache)("Fraud", database, fresh=False).detector == detector()
    assert database.n_reads == 2


@pytest.mark.parametrize("cache", [NoCache(), MemoryCache(is_away=True)])
def test_without_a_cache_the_database_answers(cache):
    database = Database()
    for _ in range(2):
        assert level(cache)("Fraud", database, fresh=False) == Seen(detector(), FRESH_SECONDS)
    assert database.n_reads == 2


def test_it_tells_who_answered():
    cache, ears, database = MemoryCache(), AllEars(), Database()
    for _ in range(2):
        level(cache, ears=ears)("Fraud", database, fresh=False)
    assert ears.looks == [("detector", "redis", False), ("detector", "store", True), ("detector", "redis", True)]
    ears.looks.clear()
    cache.is_away, database.answer = True, NotFound("gone")
    with pytest.raises(NotFound):
        level(cache, ears=ears)("Fraud", database, fresh=False)
    assert ears.looks == [("detector", "store", False)]
