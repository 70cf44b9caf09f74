"""Several threads that begin together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def at_once(n_threads: int, act: Callable[[int], Any]) -> list[Any]:
    """Call `act` with 0, 1, 2, ... in threads that begin together; return what each returned or raised."""
    start = threading.Barrier(n_threads)

    def one(number: int) -> Any:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(n_threads) as pool:
        futures = [pool.submit(one, number) for number in range(n_threads)]
    return [future.exception() or future.result() for future in futures]
