"""Prints requests per second and latencies of both servers, and their ratios beside the bars; exits 1 if one is missed.

`python -m tests.benchmarks.load [--size small|full] [--seed N]`
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from tests.benchmarks.load.client import __file__ as client_file
from tests.benchmarks.load.servers import Ours, ours, peer

from pynomaly import AnomalyDetector

N_FEATURES = 20
SIZES = {"small": (300, 4.0), "full": (20_000, 12.0)}
ARROW = "application/vnd.apache.arrow.stream"


def http(path: str, body: bytes, media_type: str, *headers: str) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {media_type}", *headers)
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode() + body


def measured(port: int, request: bytes, connections: int, requests: int, seconds: float) -> dict:
    order = {"port": port, "request": request.hex(), "connections": connections}
    command = [sys.executable, client_file]
    results = {}
    for share in (0.1, 1.0):  # the first warms up
        order |= {"requests": max(1, int(requests * share)), "seconds": seconds * share}
        done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=True)
        results = json.loads(done.stdout)
    if results["wrong"]:
        raise RuntimeError(f"{results['wrong']} wrong answers, the first: {results['first_wrong']}")
    return results


def ask_peer(rows: np.ndarray) -> bytes:
    return http("/score", json.dumps({"rows": rows.tolist()}).encode(), "application/json")


def ask_us(rows: np.ndarray, server: Ours) -> bytes:
    names = [f"f{i}" for i in range(rows.shape[1])]
    body = json.dumps({"detector": "Load", "columns": names, "rows": rows.tolist()}).encode()
    return http("/api/v1/scores", body, "application/json", f"Authorization: Bearer {server.token}")


def ask_us_in_arrow(rows: np.ndarray, server: Ours) -> bytes:
    table = pa.table({f"f{i}": np.ascontiguousarray(rows[:, i]) for i in range(rows.shape[1])})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    authorization = f"Authorization: Bearer {server.token}"
    path = "/api/v1/scores?detector=Load"
    return http(path, sink.getvalue().to_pybytes(), ARROW, authorization, f"Accept: {ARROW}")


def say(what: str, result: dict) -> None:
    figures = f"{result['per_second']:>9.0f}/s  p50 {result['p50_ms']:8.2f} ms  p99 {result['p99_ms']:8.2f} ms"
    print(f"{what:<52}{figures}  ({result['requests']} requests)", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    n_requests, seconds = SIZES[chosen.size]
    rng = np.random.default_rng(chosen.seed)
    training, rows = rng.normal(size=(20_000, N_FEATURES)), rng.normal(size=(100_000, N_FEATURES))
    print(f"seed {chosen.seed}, size {chosen.size}: isolation forest, 100 trees, {N_FEATURES} features")
    with tempfile.TemporaryDirectory() as place, ours(Path(place), training) as server:
        mine = {
            "1, 16 connections": measured(server.port, ask_us(rows[:1], server), 16, n_requests, seconds),
            "1, 1 connection": measured(server.port, ask_us(rows[:1], server), 1, n_requests, seconds),
            "1000": measured(server.port, ask_us(rows[:1000], server), 16, n_requests, seconds),
            "arrow": measured(server.port, ask_us_in_arrow(rows, server), 1, 30, seconds),
        }
        for what, result in mine.items():
            say(f"ours, rows: {what}", result)
    with tempfile.TemporaryDirectory() as place, peer(Path(place), training) as port:
        theirs = {
            "1, 16 connections": measured(port, ask_peer(rows[:1]), 16, n_requests, seconds),
            "1000": measured(port, ask_peer(rows[:1000]), 16, n_requests, seconds),
        }
        for what, result in theirs.items():
            say(f"FastAPI + pydantic + scikit-learn, rows: {what}", result)
    detector = AnomalyDetector("isolation_forest").fit(training)
    spent = []
    for _ in range(7):
        began = time.perf_counter()
        detector.anomaly_scores(rows)
        spent.append(time.perf_counter() - began)
    in_process = 1000 * sorted(spent)[len(spent) // 2]
    print(f"in process, 100 000 rows: {in_process:.1f} ms")
    bars = (
        ("1 row, 16 connections, requests/s", _ratio(mine, theirs, "1, 16 connections"), ">=", 30.0),
        ("1 row, 1 connection, p99 ms", mine["1, 1 connection"]["p99_ms"], "<", 1.0),
        ("1000 rows, requests/s", _ratio(mine, theirs, "1000"), ">=", 10.0),
        ("100 000 rows in Arrow, time of in-process", mine["arrow"]["p50_ms"] / in_process, "<=", 3.0),
    )
    is_good = True
    for what, value, sign, bar in bars:
        holds = value >= bar if sign == ">=" else value <= bar
        is_good = is_good and holds
        print(f"{what:<44}{value:>8.2f}  (bar {sign} {bar:g})  {'holds' if holds else 'MISSED'}")
    print("verdict:", "passed" if is_good else "missed")
    return 0 if is_good or chosen.size == "small" else 1


def _ratio(mine: dict, theirs: dict, what: str) -> float:
    return mine[what]["per_second"] / theirs[what]["per_second"]


if __name__ == "__main__":
    sys.exit(main())
