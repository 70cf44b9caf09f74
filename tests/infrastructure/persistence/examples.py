"""Things to store, and a workspace whose clock ticks one second at each look."""

import itertools
import shutil
import tempfile
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pynomaly.domain.access import Permission, Role
from pynomaly.domain.channel import Channel
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.decision import StandsOut
from pynomaly.domain.delivery import Delivery
from pynomaly.domain.detection import Anomaly, Detection
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.explanation import Reason, Typical
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.job import Job, JobKind
from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.domain.schedule import Schedule
from pynomaly.domain.training import TrainingRun
from pynomaly.domain.user import ApiKey, RefreshToken, User
from pynomaly.domain.verdict import Verdict, VerdictAnswer
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME, SqlTransactions

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


def new_id() -> str:
    return uuid.uuid4().hex


def workspace(folder: Path) -> SqlTransactions:
    return on(Database.in_file(folder / DATABASE_NAME))


def at(address: str) -> SqlTransactions:
    """The same at a folder's path or a server's address, for processes of their own."""
    return on(Database.on_server(address)) if "://" in address else workspace(Path(address))


def ready_workspace(folder: Path) -> SqlTransactions:
    """The same with its tables made: copying them is twenty times as fast."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_empty_file(), folder / DATABASE_NAME)
    return workspace(folder)


@cache
def _empty_file() -> Path:
    path = Path(tempfile.mkdtemp(prefix="pynomaly-empty-")) / DATABASE_NAME
    database = Database.in_file(path)
    database.engine()
    database.close()
    return path


def on(database: Database) -> SqlTransactions:
    ticks = itertools.count()
    return SqlTransactions(database, clock=lambda: NOON + timedelta(seconds=next(ticks)), new_id=new_id)


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
    return Anomaly(4, identifier, 3.25, 0.01, None, 0.99, True, (Reason("amount", 2.5, value, typical),), 86.5)


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


def verdict(detection: Detection, row: int = 4, **changes: Any) -> Verdict:
    settings = {"detection_id": detection.id, "fingerprint": detection.fingerprint, "row": row, "is_flagged": True}
    said = {"answer": VerdictAnswer.CONFIRMED, "note": "stolen", "given_by": "user:ada", "given_at": NOON}
    return Verdict(**(settings | said | changes))


def job(**changes: Any) -> Job:
    settings = {"id": new_id(), "kind": JobKind.DETECT, "payload": {"detector_id": "e"}, "created_by": "user:ada"}
    return Job(**(settings | {"created_at": NOON} | changes))


def schedule(name: str = "mornings", **changes: Any) -> Schedule:
    settings = {"id": new_id(), "name": name, "cron": "0 6 * * *", "time_zone": "UTC", "kind": JobKind.TRAIN}
    times = {"created_at": NOON, "next_run_at": NOON + timedelta(hours=18)}
    return Schedule(**(settings | {"payload": {"seed": 7}, "created_by": "user:ada"} | times | changes))


def channel(name: str = "duty", **changes: Any) -> Channel:
    settings = {"id": new_id(), "name": name, "kind": "hook", "settings": {"level": "loud"}, "secret_names": ("url",)}
    return Channel(**(settings | {"created_by": "user:ada", "created_at": NOON} | changes))


def rule(name: str = "findings", **changes: Any) -> NotificationRule:
    settings = {"id": new_id(), "name": name, "occasion": Occasion.ANOMALIES_FOUND, "channel_ids": (new_id(),)}
    return NotificationRule(**(settings | {"created_by": "user:ada", "created_at": NOON, "since": 0} | changes))


def delivery(channel_id: str, **changes: Any) -> Delivery:
    settings = {"id": new_id(), "channel_id": channel_id, "event_id": new_id(), "subject": "detector:e"}
    said = {"type": "anomalies.found", "title": "3 anomalies found", "text": "3 of 1,000 rows stand out."}
    times = {"at": NOON, "created_at": NOON}
    return Delivery(**(settings | said | {"data": {"n_anomalies": 3, "severity": 86.5}} | times | changes))


def data_source(name: str = "shop", **changes: Any) -> DataSource:
    settings = {"id": new_id(), "name": name, "kind": "postgresql", "secret_names": ("password",)}
    reached = {"settings": {"host": "db.example.org", "port": 5432}, "created_by": "user:ada", "created_at": NOON}
    return DataSource(**(settings | reached | changes))


def user(email: str = "ada@example.org", **changes: Any) -> User:
    settings = {"id": new_id(), "tenant_id": LOCAL_TENANT, "email": email, "name": "Ada", "role": Role.ANALYST}
    standing = {"login_version": 1, "is_active": True, "failed_sign_ins": 0, "locked_until": None}
    return User(**(settings | {"password_hash": "hashed", "created_at": NOON} | standing | changes))


def refresh_token(user_id: str, **changes: Any) -> RefreshToken:
    settings = {"token_hash": new_id() * 2, "family": new_id(), "user_id": user_id, "login_version": 1}
    return RefreshToken(**(settings | {"issued_at": NOON, "expires_at": NOON + timedelta(days=30)} | changes))


def api_key(name: str = "nightly", **changes: Any) -> ApiKey:
    settings = {"id": new_id(), "tenant_id": LOCAL_TENANT, "name": name, "secret_hash": "0" * 64}
    rights = {"permissions": frozenset({Permission.READ, Permission.SCORE}), "created_by": "user:ada"}
    return ApiKey(**(settings | rights | {"created_at": NOON, "expires_at": NOON + timedelta(days=90)} | changes))
