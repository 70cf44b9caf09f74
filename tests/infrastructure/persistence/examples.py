"""Things to store, and a workspace whose clock ticks one second at each look."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.decision import StandsOut
from pynomaly.domain.detection import Anomaly, Detection
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.explanation import Reason, Typical
from pynomaly.domain.training import TrainingRun
from pynomaly.infrastructure.persistence.unit_of_work import SqlTransactions

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


def new_id() -> str:
    return uuid.uuid4().hex


def workspace(folder: Path) -> SqlTransactions:
    ticks = itertools.count()
    return SqlTransactions.in_folder(folder, clock=lambda: NOON + timedelta(seconds=next(ticks)), new_id=new_id)


def dataset(name: str = "cards", **changes: Any) -> Dataset:
    columns = (
        Column("amount", ColumnKind.NUMBER),
        Column("card", ColumnKind.IDENTIFIER, ColumnRole.IDENTIFIER, "every value is different"),
    )
    settings = {"id": new_id(), "name": name, "fingerprint": "f" * 64, "source": f"{name}.csv", "n_rows": 3}
    return Dataset(**(settings | {"columns": columns, "created_at": NOON} | changes))


def detector(name: str = "fraud", **changes: Any) -> Detector:
    settings = {"id": new_id(), "name": name, "algorithm": "ecod", "parameters": {"n_trees": 100, "share": 0.5}}
    return Detector(**(settings | {"created_at": NOON} | changes))


def version(number: int = 1) -> DetectorVersion:
    return DetectorVersion(number, "a" * 64, new_id(), 1000, NOON + timedelta(hours=number))


def training_run(detector_id: str, **changes: Any) -> TrainingRun:
    settings = {"id": new_id(), "detector_id": detector_id, "dataset_id": new_id(), "seed": 7, "started_at": NOON}
    return TrainingRun(**(settings | changes))


def anomaly(value: object = 12.5, identifier: object = "card-1") -> Anomaly:
    typical = Typical(median=1.0, low=0.5, high=2.0)
    return Anomaly(4, identifier, 3.25, 0.01, None, 0.99, True, (Reason("amount", 2.5, value, typical),))


def detection(**changes: Any) -> Detection:
    settings = {
        "id": new_id(),
        "detector_id": new_id(),
        "detector_version": 1,
        "dataset_id": None,
        "source": "cards.csv",
        "fingerprint": "f" * 64,
        "policy": StandsOut(),
        "score_threshold": 2.5,
        "n_rows": 1000,
        "n_anomalies": 1,
        "strangest": (anomaly(),),
        "notes": ("one note",),
        "scores": "b" * 64,
        "created_at": NOON,
    }
    return Detection(**(settings | changes))
