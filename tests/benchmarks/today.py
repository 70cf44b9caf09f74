"""What `queries.today` costs in a workspace with a past, as a ratio to one that has hardly any; on SQLite.

Each detection tells of 100 rows with five reasons each, as a job's does; half of them are of the last seven days.
"""

import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert
from tests.infrastructure.persistence.examples import (
    NOON,
    anomaly,
    detection,
    detector,
    job,
    ready_workspace,
    schedule,
    training_run,
)

from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.application.today import today_of
from pynomaly.infrastructure.persistence.detection_rows import DetectionRows
from pynomaly.infrastructure.persistence.job_rows import job_to_row
from pynomaly.infrastructure.persistence.tables import detections
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.unit_of_work import SqlTransactions
from pynomaly.infrastructure.persistence.work_tables import jobs

SIZES = (100, 10_000)
N_DETECTORS = 50
LOOKS = 21


def filled(folder: Path, n_detections: int) -> SqlTransactions:
    """Return a workspace with so many detections and as many ended jobs, by some detectors with schedules."""
    transactions = ready_workspace(folder)
    known = [detector(f"d{number}") for number in range(N_DETECTORS)]
    with transactions.begin() as work:
        for number, one in enumerate(known):
            work.detectors.add(one)
            work.schedules.add(schedule(f"s{number}", payload={"detector_id": one.id}))
            for _ in range(5):
                work.training_runs.add(training_run(one.id).succeeded(1, NOON))
        work.commit()
    told = tuple(replace(anomaly(), row=row, reasons=anomaly().reasons * 5) for row in range(100))
    with transactions.database.engine().begin() as connection:
        rows = DetectionRows(Transaction(connection, BY_LOCAL_USER.tenant_id, "benchmark"))
        for number in range(n_detections):
            at = NOON - timedelta(days=14 * (1 - number / n_detections))
            made = detection(detector_id=known[number % N_DETECTORS].id, created_at=at, strangest=told)
            connection.execute(insert(detections).values(rows._to_row(made)))
            ended = job().succeeded({"detection_id": made.id}, at)
            connection.execute(insert(jobs).values(**job_to_row(ended), id=ended.id, tenant_id="local", run_at=0.0))
    return transactions


def milliseconds(transactions: SqlTransactions) -> float:
    """Return the median of some looks."""
    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        with transactions.begin_reading() as work:
            reasons = today_of(work, NOON).reasons
        took.append(1000 * (time.perf_counter() - began))
    assert reasons
    return median(took)


def main() -> None:
    """Print the cost of a look at each size, and the ratio to the smallest."""
    with tempfile.TemporaryDirectory() as folder:
        costs = {n: milliseconds(filled(Path(folder) / str(n), n)) for n in SIZES}
    for n, cost in costs.items():
        print(f"{n:>7,} detections: {cost:6.1f} ms, {cost / costs[SIZES[0]]:.2f} × the smallest")


if __name__ == "__main__":
    main()
