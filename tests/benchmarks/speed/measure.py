"""The measuring itself: contenders take turns, so that a noisy moment hits all; memory is read in a new process."""

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from tests.benchmarks.speed.cases import CASES, Case
from tests.benchmarks.speed.contenders import Contender

from pynomaly.infrastructure.algorithms.scoring_threads import bound_scoring_threads

THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

FREED_AT_ONCE = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""What tells glibc to keep nothing; read when a process starts."""

ONE_ROW_CALLS = 1000
LOADS = 31

SLOW_CALL_SECONDS = 0.5
"""A peer this slow is asked for a single row fewer times."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one contender took. Absent figures are NaN: a peer that cannot be stored has no file."""

    name: str
    fit_seconds: float
    score_microseconds_per_row: float
    one_row_p50_microseconds: float
    one_row_p99_microseconds: float
    file_kilobytes: float
    load_milliseconds: float
    peak_megabytes: float
    roc_auc: float


def clusters_with_outliers(n_rows: int, n_features: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of five Gaussian clusters and 1 % uniform outliers, and which are outliers."""
    rng = np.random.default_rng(seed)
    is_outlier = rng.random(n_rows) < 0.01
    centres = rng.uniform(-8, 8, (5, n_features))
    rows = centres[rng.integers(0, 5, n_rows)] + rng.normal(size=(n_rows, n_features))
    rows[is_outlier] = rng.uniform(-12, 12, (int(is_outlier.sum()), n_features))
    return rows, is_outlier


def measured_in_child(case: Case, n_threads: int, n_rounds: int, scale: float) -> list[Figures]:
    """Measure in a new process, whose libraries read the number of threads before they start."""
    os.environ.update(dict.fromkeys(THREAD_SETTINGS, str(n_threads)))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as child:
        return child.submit(_measured, case.name, n_threads, n_rounds, scale).result()


def _measured(name: str, n_threads: int, n_rounds: int, scale: float) -> list[Figures]:
    """Measure every contender of a case on scale times its rows; ours comes first."""
    bound_scoring_threads(n_threads)
    case = _case(name, n_threads)
    n_rows = max(1000, int(case.n_rows * scale))
    rows, is_outlier = clusters_with_outliers(n_rows, case.n_features)
    n_scored = min(n_rows, case.scored_rows or n_rows)
    contenders = case.contenders()
    data = {one.name: np.ascontiguousarray(rows, one.dtype) for one in contenders}
    fits = _turns({one.name: lambda one=one: one.fit(data[one.name]) for one in contenders}, n_rounds)
    models = {name: model for name, (_, model) in fits.items()}
    scored = {one.name: data[one.name][:n_scored] for one in contenders}
    scores = _turns(
        {one.name: lambda one=one: one.score(models[one.name], scored[one.name]) for one in contenders}, n_rounds
    )
    return [
        Figures(
            one.name,
            fits[one.name][0],
            scores[one.name][0] / n_scored * 1e6,
            *_one_row(one, models[one.name], data[one.name][:1]),
            *_stored(one, models[one.name]),
            _peak_megabytes(case, number, n_rows, n_scored),
            roc_auc_score(is_outlier[:n_scored], scores[one.name][1]),
        )
        for number, one in enumerate(contenders)
    ]


def _case(name: str, n_threads: int) -> Case:
    """Return a case whose peers use that many threads."""
    case = next(one for one in CASES if one.name == name)
    threads = {"n_jobs": n_threads, "nthreads": n_threads}
    peers = (
        replace(one, arguments={key: threads.get(key, value) for key, value in one.arguments.items()})
        for one in case.peers
    )
    return replace(case, peers=tuple(peers))


def _turns(contenders: dict[str, Callable[[], Any]], n_rounds: int) -> dict[str, tuple[float, Any]]:
    """Return each contender's median seconds and last result, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    results: dict[str, Any] = {}
    for _ in range(n_rounds + 1):
        for name, run in contenders.items():
            began = time.perf_counter()
            results[name] = run()
            seconds[name].append(time.perf_counter() - began)
    return {name: (float(np.median(times[1:])), results[name]) for name, times in seconds.items()}


def _one_row(one: Contender, model: Any, row: np.ndarray) -> tuple[float, float]:
    began = time.perf_counter()
    one.score(model, row)
    n_calls = ONE_ROW_CALLS if time.perf_counter() - began < SLOW_CALL_SECONDS / 100 else 20
    times = np.empty(n_calls)
    for call in range(n_calls):
        began = time.perf_counter()
        one.score(model, row)
        times[call] = time.perf_counter() - began
    return float(np.percentile(times, 50) * 1e6), float(np.percentile(times, 99) * 1e6)


def _stored(one: Contender, model: Any) -> tuple[float, float]:
    """Return the size of the model's file in KB and the milliseconds to load it, warm."""
    if one.save is None or one.load is None:
        return float("nan"), float("nan")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        one.save(model, path)
        times = []
        for _ in range(LOADS):
            began = time.perf_counter()
            one.load(path)
            times.append(time.perf_counter() - began)
        return path.stat().st_size / 1e3, float(np.median(times) * 1e3)


def _peak_megabytes(case: Case, number: int, n_rows: int, n_scored: int) -> float:
    """Return by how much a contender's fit and scoring raise the peak memory of a new process that holds the rows.

    There, freed arrays go back to the system at once, so that no room left over from making the rows is used unseen.
    """
    os.environ |= FREED_AT_ONCE
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as child:
        return child.submit(_fit_and_tell, case.name, number, n_rows, case.n_features, n_scored).result()


def _fit_and_tell(name: str, number: int, n_rows: int, n_features: int, n_scored: int) -> float:
    one = _case(name, 1).contenders()[number]
    few, _ = clusters_with_outliers(1000, n_features)
    few = np.ascontiguousarray(few, one.dtype)
    one.score(one.fit(few), few)  # what is imported and compiled once is not part of it
    rows, _ = clusters_with_outliers(n_rows, n_features)
    rows = np.ascontiguousarray(rows, one.dtype)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = _peak()
    one.score(one.fit(rows), rows[:n_scored])
    return _peak() - before


def _peak() -> float:
    """Return the most memory this process has held since its peak was forgotten, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
