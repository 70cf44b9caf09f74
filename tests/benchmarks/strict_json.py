"""What it costs to read a megabyte of JSON strictly, beside the standard library's reading of an ordinary megabyte.

Usage: PYTHONPATH=. python tests/benchmarks/strict_json.py
Processor time, the best of several runs, as a ratio; whole bodies and broken ones.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress

from tests.presentation.api.long_bodies import SHAPES

from pynomaly.presentation.api.strict_json import decode_json
from pynomaly.presentation.http.refusals import MalformedRequest

MEGABYTE = 1_000_000
REPEATS = 15


def seconds(read: Callable[[bytes], object], body: bytes) -> float:
    """Return the processor time of the fastest reading."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        with suppress(MalformedRequest):
            read(body)
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    plain = seconds(json.loads, SHAPES["objects"](MEGABYTE))
    for name, shape in SHAPES.items():
        print(f"{name:18} {seconds(decode_json, shape(MEGABYTE)) / plain:5.2f} x json.loads of a megabyte of objects")
