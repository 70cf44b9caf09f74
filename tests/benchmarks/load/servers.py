"""Both servers, started and stopped: ours with authentication on, the peer without any."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
PASSWORD = "a long enough sentence"
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYNOMALY_REQUESTS_PER_MINUTE": "100000000"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, path, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


@contextmanager
def peer(folder: Path, training: np.ndarray) -> Iterator[int]:
    np.save(folder / "training.npy", training)
    port = free_port()
    command = [sys.executable, str(HERE / "peer.py"), str(port), str(folder / "training.npy")]
    with running(command, port, "/docs", {**os.environ, **ENVIRONMENT}):
        yield port


@dataclass(frozen=True)
class Ours:
    port: int
    token: str


@contextmanager
def ours(folder: Path, training: np.ndarray) -> Iterator[Ours]:
    environment = {**os.environ, **ENVIRONMENT, "PYNOMALY_HOME": str(folder / "home")}
    environment.pop("PYNOMALY_DATABASE_URL", None)
    _prepare(folder, training, environment)
    port = free_port()
    command = [sys.executable, "-m", "pynomaly", "serve", "--port", str(port), "--workers", "0"]
    with running(command, port, "/api/v1/health/live", environment):
        body = json.dumps({"email": "load@example.org", "password": PASSWORD}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/sessions", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            yield Ours(port, json.load(answer)["access_token"])


def _prepare(folder: Path, training: np.ndarray, environment: dict[str, str]) -> None:
    table = pa.table({f"f{i}": training[:, i] for i in range(training.shape[1])})
    pq.write_table(table, folder / "training.parquet")
    for arguments, given in (
        (("dataset", "load", str(folder / "training.parquet"), "--name", "training"), b""),
        (("detector", "create", "Load", "--algorithm", "isolation_forest"), b""),
        (("detector", "train", "Load", "training"), b""),
        (("admin", "create-user", "load@example.org", "--role", "analyst", "--password-stdin"), PASSWORD.encode()),
    ):
        subprocess.run(
            [sys.executable, "-m", "pynomaly", *arguments],
            env=environment,
            input=given,
            check=True,
            capture_output=True,
        )
