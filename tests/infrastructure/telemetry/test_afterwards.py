"""Requests are told a moment later: each once, in order, with the names they had."""

import threading

from pynomaly.application.current_work import at_work
from pynomaly.infrastructure.telemetry import afterwards as module
from pynomaly.infrastructure.telemetry.afterwards import Afterwards

N_THREADS, N_EACH = 8, 2000


def test_the_rest_is_told_at_the_end_with_its_names():
    told = []
    watch = Afterwards([told.extend])
    with at_work(request_id="r-1"):
        watch.request_ended("/a", "GET", 200, 0.5)
    watch.close()
    ((_, *one, names),) = told
    assert (one, dict(names)) == (["/a", "GET", 200, 0.5], {"request_id": "r-1"})


def test_whoever_wants_to_know_now_is_told_now():
    told = []
    watch = Afterwards([told.extend])
    watch.request_ended("/a", "GET", 200, 0.5)
    watch.catch_up()
    assert len(told) == 1
    watch.close()
    assert len(told) == 1


def test_it_is_told_by_itself():
    told = threading.Event()
    watch = Afterwards([lambda answered: told.set()])
    watch.request_ended("/a", "GET", 200, 0.5)
    assert told.wait(30)
    watch.close()


def test_many_at_once_lose_and_double_nothing():
    told = []
    watch = Afterwards([told.extend])

    def ask(number):
        for count in range(N_EACH):
            watch.request_ended(f"/{number}", "GET", count, 0.0)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(N_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watch.close()
    for number in range(N_THREADS):
        assert [status for _, route, _, status, *_ in told if route == f"/{number}"] == list(range(N_EACH))
    assert module.MOST_TOGETHER < N_THREADS * N_EACH  # so that the inner bound was met, too


def test_nobody_is_told_of_nothing():
    told = []
    Afterwards([told.append]).close()
    assert told == []
