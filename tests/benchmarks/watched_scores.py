"""What watching costs the shortest road: a request for scores through the whole application, telemetry on and off.

Usage: OMP_NUM_THREADS=1 python tests/benchmarks/watched_scores.py [--rounds N]
Both applications run in this process over the same workspace, and are asked in turns; CPU time, the median of the
rounds' ratios. "Watched" is what a server has: metrics, and a line for each request as JSON.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from tests.service.furnished import furnished
from tests.service.installed import HOST, PREFIX, settings_in

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.telemetry import Telemetry
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.asgi import asgi_application
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.domain.access import Permission
from pynomaly.infrastructure.telemetry.access_lines import AccessLines
from pynomaly.infrastructure.telemetry.afterwards import Afterwards
from pynomaly.infrastructure.telemetry.prometheus import PrometheusTelemetry
from pynomaly.infrastructure.telemetry.several import Several

REQUESTS = 300
N_COLUMNS = 20


async def ask(application: Any, body: bytes, key: str) -> int:
    """Send a request for scores; return the status of the answer."""
    headers = [(b"host", HOST.encode()), (b"content-type", b"application/json")]
    headers += [(b"authorization", f"Bearer {key}".encode()), (b"content-length", b"%d" % len(body))]
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": f"{PREFIX}/scores", "query_string": b""}
    scope |= {"raw_path": f"{PREFIX}/scores".encode(), "headers": headers, "client": ("10.0.0.1", 1), "scheme": "http"}
    answered = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answered.append(message.get("status"))

    await application(scope, receive, send)
    return int(answered[0])


async def spent(application: Any, body: bytes, key: str) -> float:
    """Return the CPU seconds of a number of requests."""
    began = time.process_time()
    for _ in range(REQUESTS):
        if await ask(application, body, key) != 200:
            raise RuntimeError("a request for scores failed")
    return time.process_time() - began


async def compare(plain: Any, watched: Any, body: bytes, key: str, n_rounds: int) -> None:
    """Print what both cost, and the ratio."""
    for application in (plain, watched) * 2:
        await spent(application, body, key)
    pairs = [(await spent(plain, body, key), await spent(watched, body, key)) for _ in range(n_rounds)]
    before, after = (statistics.median(each) / REQUESTS * 1e6 for each in zip(*pairs, strict=True))
    ratio = statistics.median(one[1] / one[0] for one in pairs)
    print(f"CPU a request: {before:.0f} microseconds unwatched, {after:.0f} watched: {ratio:.3f} x")


def body_for(shared: Adapters, asked: Asked) -> bytes:
    """Return a row of numbers for a detector that has learned nothing but numbers."""
    workspace, rng = open_workspace(shared, asked), np.random.default_rng(0)
    names = [f"f{number}" for number in range(N_COLUMNS)]
    table = pa.table({name: rng.normal(size=2000) for name in names})
    dataset, _ = workspace.register_dataset(source=table, name="numbers", source_name="")
    detector = workspace.create_detector(name="bench", algorithm="isolation_forest")
    workspace.train_detector(detector=detector.id, dataset=dataset.id)
    row = rng.normal(size=N_COLUMNS).tolist()
    return json.dumps({"detector": detector.id, "columns": names, "rows": [row]}).encode()


def watchers(leaving: ExitStack) -> Telemetry:
    """Return all there are."""
    metrics = PrometheusTelemetry()
    afterwards = Afterwards([metrics.requests_ended, AccessLines("json", write=len)])
    leaving.callback(afterwards.close)
    return Several((metrics, afterwards))


def main() -> None:
    """Print a line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=21)
    n_rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, ExitStack() as leaving:
        shared = adapters(settings_in(Path(folder), None))
        there = furnished(shared, "birch")
        body = body_for(shared, Asked(there.tenant_id, "bench"))

        def make(telemetry: Telemetry) -> Any:
            return asgi_application(replace(shared, telemetry=telemetry))

        plain, watched = make(shared.telemetry), make(watchers(leaving))
        asyncio.run(compare(plain, watched, body, there.keys[Permission.SCORE], n_rounds))


if __name__ == "__main__":
    main()
