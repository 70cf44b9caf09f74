import logging
import re
import socket
import threading
import time
from pathlib import Path

import pytest

from pynomaly.application.ports.cache import MOST_BYTES, Look, SharedCache
from pynomaly.infrastructure.cache.envelope import OVERHEAD_BYTES, sealed
from pynomaly.infrastructure.cache.redis_cache import PREFIX, SHUT_SECONDS, RedisCache
from pynomaly.infrastructure.cache.server_address import client_of
from tests.fakes.clocks import StandingClock

SECRET = b"the secret of the tests' envelopes"
KEY = "acme:model:a"
NAME = (PREFIX + KEY).encode()
GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "a-service-for-a-team.md"
PATIENT = 20.0  # seconds, for tests that say what an answer means, on a machine with other work to do


def cache_on(server, clock=None, *, patience_seconds=PATIENT, secret=SECRET) -> SharedCache:
    client = client_of(server.url, patience_seconds=patience_seconds)
    return RedisCache(client, secret, patience_seconds=patience_seconds, clock=clock or StandingClock())


def now_of(cache):
    """The server's clock."""
    at = cache.look("nothing").at
    assert at is not None
    return at


@pytest.fixture
def cache(server):
    """A cache with one value, which holds for a minute more."""
    lent = cache_on(server)
    lent.put(KEY, b"content", until=now_of(lent) + 60)
    assert lent.look(KEY).content == b"content"
    return lent


def test_another_process_finds_what_was_put_and_until_when_it_holds(server, cache):
    found = cache_on(server).look(KEY)
    assert found.content == b"content"
    assert found.at is not None
    assert 0 < found.seconds_left <= 60
    assert server.client().keys() == [NAME]
    assert 0 < server.client().pttl(NAME) <= 60_000


def test_what_is_not_there_is_told_with_the_servers_time(server, cache):
    seconds, microseconds = server.client().time()
    look = cache.look("acme:model:b")
    assert (look.content, look.seconds_left) == (None, 0.0)
    assert look.at >= seconds + microseconds / 1e6


def test_what_was_forgotten_or_flushed_is_not_found(server, cache):
    cache.forget(KEY)
    assert cache.look(KEY).content is None
    cache.put(KEY, b"content", until=now_of(cache) + 60)
    server.client().flushall()
    assert cache.look(KEY).content is None


def test_what_is_out_of_date_is_not_found_even_if_the_server_keeps_it(server, cache):
    old = sealed(SECRET, NAME, b"old", until_ms=int(now_of(cache) * 1000))
    server.client().set(NAME, old)
    look = cache.look(KEY)
    assert (look.content, look.at is None) == (None, False)


def test_what_arrives_too_late_is_not_kept(server, cache):
    cache.put("acme:late", b"late", until=now_of(cache) - 0.001)
    assert server.client().get(PREFIX + "acme:late") is None


def test_a_server_that_was_frozen_keeps_nothing_that_it_was_told_before_and_does_late(server):
    soon = now_of(cache_on(server)) + 0.05
    server.freeze()
    cache_on(server, patience_seconds=0.1).put(KEY, b"content", until=soon)  # it has that in its ear now
    server.thaw()
    assert server.client().exists(NAME) == 0


def spoilt():
    """Values that somebody else put there, by what is wrong with them."""
    good = sealed(SECRET, NAME, b"content", until_ms=2**41)
    return {
        "poisoned": b"content",
        "empty": b"",
        "truncated": good[:-1],
        "of another key": sealed(SECRET, b"pynomaly:1:other:model:a", b"content", until_ms=2**41),
        "of another installation": sealed(b"x" * 32, NAME, b"content", until_ms=2**41),
        "longer than possible": b"x" * (MOST_BYTES + 2 * OVERHEAD_BYTES),
    }


@pytest.mark.parametrize("name", list(spoilt()))
def test_a_value_that_was_not_put_there_by_us_is_no_answer(server, cache, name):
    server.client().set(NAME, spoilt()[name])
    look = cache.look(KEY)
    assert (look.content, look.at is None) == (None, False)
    cache.put(KEY, b"good again", until=now_of(cache) + 60)
    assert cache.look(KEY).content == b"good again"


def test_a_value_of_another_type_is_no_answer(server, cache):
    client = server.client()
    client.delete(NAME)
    client.lpush(NAME, "content")
    assert cache.look(KEY).content is None
    cache.put(KEY, b"good again", until=now_of(cache) + 60)
    assert cache.look(KEY).content == b"good again"


def test_of_a_value_that_is_too_long_no_more_is_read_than_could_be_ours(server, cache):
    server.client().set(NAME, b"x" * (8 * MOST_BYTES))
    before = server.client().info("stats")["total_net_output_bytes"]
    assert cache.look(KEY).content is None
    assert MOST_BYTES < server.client().info("stats")["total_net_output_bytes"] - before < 2 * MOST_BYTES


def test_a_value_of_the_largest_size_is_kept_and_a_larger_one_is_not(cache):
    cache.put("acme:full", b"x" * MOST_BYTES, until=now_of(cache) + 60)
    assert cache.look("acme:full").content == b"x" * MOST_BYTES
    cache.put("acme:over", b"x" * (MOST_BYTES + 1), until=now_of(cache) + 60)
    assert cache.look("acme:over").content is None


def test_a_killed_server_is_nothing_found_until_it_is_back_and_asked_again(server, cache, caplog):
    clock = StandingClock()
    cache = cache_on(server, clock)
    now_of(cache)
    server.kill()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert cache.look(KEY) == Look()
            cache.put(KEY, b"content", until=2**31)
            cache.forget(KEY)
    assert len(caplog.records) == 1
    assert "cache_away" in caplog.text
    assert server.password not in caplog.text
    server.start()
    assert cache.look(KEY) == Look()  # not asked yet
    clock.now += SHUT_SECONDS
    assert now_of(cache) > 0


def test_a_frozen_server_is_asked_by_one_at_a_time_and_found_again_when_it_goes_on(server):
    clock = StandingClock()
    cache = cache_on(server, clock, patience_seconds=0.5)
    server.freeze()
    for _ in range(100):
        assert cache.look(KEY) == Look()
    server.thaw()
    for _ in range(20):  # a busy machine may not answer in half a second either
        clock.now += SHUT_SECONDS
        if cache.look(KEY).at is not None:
            return
    pytest.fail("it is not found again")


def test_a_wrong_password_is_nothing_found(server, caplog):
    client = client_of(server.url.replace(server.password, "hush"), patience_seconds=PATIENT)
    assert RedisCache(client, SECRET, patience_seconds=PATIENT).look(KEY) == Look()
    assert "hush" not in caplog.text


def test_the_rights_that_the_guide_names_are_enough(server):
    rights = re.search(r"`(~pynomaly[^`]+)`", GUIDE.read_text()).group(1).split()
    server.client().execute_command("ACL", "SETUSER", "few", "on", ">few", *rights)
    client = client_of(f"redis://few:few@127.0.0.1:{server.port}/1", patience_seconds=PATIENT)
    cache = RedisCache(client, SECRET, patience_seconds=PATIENT)
    cache.put(KEY, b"content", until=now_of(cache) + 60)
    assert cache.look(KEY).content == b"content"
    cache.forget(KEY)
    look = cache.look(KEY)
    assert (look.content, look.at is None) == (None, False)


def test_a_server_that_is_full_keeps_nothing_and_raises_nothing(server, cache):
    server.client().config_set("maxmemory", 1)
    cache.put(KEY, b"content", until=2**31)
    assert cache.look(KEY) == Look()


HOSTILE = {
    "nothing": b"",
    "words": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "zeros": b"\0" * 100,
    "no number": b"$abc\r\n",
    "a negative length": b"$-7\r\n",
    "a length for ever": b"$99999999999999999999\r\n",
    "a list for ever": b"*99999999999\r\n",
    "lists in lists": b"*1\r\n" * 100_000,
    "no text": b"+\xff\xfe\r\n" * 8,
    "other types": b":1\r\n:2\r\n:3\r\n:4\r\n:5\r\n",
    "no time": b"$1\r\nx\r\n*2\r\n$1\r\nx\r\n$1\r\ny\r\n",
    "an endless time": b"$1\r\nx\r\n*2\r\n$400\r\n" + b"9" * 400 + b"\r\n$1\r\n1\r\n",
    "a time before time": b"$1\r\nx\r\n*2\r\n$3\r\n-99\r\n$1\r\n0\r\n",
    "the end of time": b"$1\r\nx\r\n*2\r\n$20\r\n" + b"9" * 20 + b"\r\n$1\r\n0\r\n",
    "a list of one": b"$1\r\nx\r\n*1\r\n:1\r\n",
    "a list for a value": b"*1\r\n$1\r\nx\r\n*2\r\n$1\r\n1\r\n$1\r\n1\r\n",
    "errors": b"-ERR no\r\n" * 8,
    "a move": b"-MOVED 1 10.0.0.1:1\r\n" * 8,
    "loading": b"-LOADING wait\r\n" * 8,
}


class _Liar:
    """Something that listens where a Redis server should, and answers everybody with the same bytes.

    drips: it goes on for ever after that, a byte every now and then.
    """

    def __init__(self, words: bytes, *, drips: bool = False) -> None:
        self._words = words
        self._drips = drips
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()
        except OSError:  # it was closed
            return

    def _answer(self, connection: socket.socket) -> None:
        try:
            while connection.recv(65536):
                connection.sendall(self._words)
                while self._drips:
                    connection.sendall(b"x")
                    time.sleep(0.02)
        except OSError:
            return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        for one in (self._listener, *self._open):
            one.close()


@pytest.mark.parametrize("name", list(HOSTILE))
def test_whatever_a_server_says_nothing_is_raised(name):
    with _Liar(HOSTILE[name]) as liar:
        cache = RedisCache(client_of(liar.url, patience_seconds=1.0), SECRET, patience_seconds=1.0)
        look = cache.look(KEY)
        assert look.content is None
        cache.put(KEY, b"content", until=(look.at or 0.0) + 1)
        cache.forget(KEY)
        assert cache.look(KEY).content is None


def test_a_server_that_drips_for_ever_is_left_behind():
    with _Liar(b"$8000000\r\n", drips=True) as liar:
        cache = RedisCache(client_of(liar.url, patience_seconds=1.0), SECRET, patience_seconds=0.3)
        assert cache.look(KEY) == Look()


def test_many_threads_find_each_their_own(server):
    cache = cache_on(server)
    until, wrong = now_of(cache) + 60, []

    def work(number: int) -> None:
        for turn in range(30):
            cache.put(f"acme:{number}", b"%d" % number, until=until)
            found = cache.look(f"acme:{number}").content
            if found not in (b"%d" % number, None):
                wrong.append((number, turn, found))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    assert cache.look("acme:3").content == b"3"
