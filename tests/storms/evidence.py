"""What the database and the folders hold after the storm, read past the program wherever that is possible."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.storms.reclaims import Attempt

_JOBS = "SELECT id, kind, status, attempt, crashes, losses, failures, payload, result, failure_detail FROM jobs"
_VERSIONS = "SELECT detector_id, number, model, trained_at FROM detector_versions ORDER BY detector_id, number"
_RUNS = "SELECT id, detector_id, status, version FROM training_runs"
_DETECTIONS = "SELECT id, detector_id, scores FROM detections"
_TOLD = "SELECT job_id, data, at FROM job_events WHERE name = 'state' ORDER BY job_id, sequence"
_EVENTS = "SELECT type, payload FROM events ORDER BY sequence"
_SUBJECTS = ("job_id", "detection_id", "detector_id", "dataset_id")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows that count, JSON already read; starts: when each attempt at a job was leased, in seconds since 1970."""

    jobs: Mapping[str, Row]
    versions: Mapping[str, Sequence[Row]]
    runs: Mapping[str, Row]
    detections: Mapping[str, Row]
    dataset_fingerprints: Mapping[str, str]
    detector_ids: frozenset[str]
    events: Mapping[str, Counter[str]]
    starts: Mapping[Attempt, float]

    @property
    def referenced_models(self) -> set[str]:
        """The digests of models that versions point to."""
        return {str(row["model"]) for rows in self.versions.values() for row in rows}

    @property
    def referenced_scores(self) -> set[str]:
        """The digests of results that detections point to."""
        return {str(row["scores"]) for row in self.detections.values()}


def read_evidence(home: Path, database_url: str | None) -> Evidence:
    """Read everything in one go, when nothing runs any more."""
    address = f"sqlite:///{home / 'workspace.db'}" if database_url is None else database_url
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:

        def rows(query: str) -> list[Row]:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

        told = [(row, _json(row["data"])) for row in rows(_TOLD)]
        evidence = Evidence(
            jobs={row["id"]: _job(row) for row in rows(_JOBS)},
            versions=_by_detector(rows(_VERSIONS)),
            runs={row["id"]: row for row in rows(_RUNS)},
            detections={row["id"]: row for row in rows(_DETECTIONS)},
            dataset_fingerprints={
                row["id"]: row["fingerprint"] for row in rows("SELECT id, fingerprint FROM datasets")
            },
            detector_ids=frozenset(row["id"] for row in rows("SELECT id FROM detectors")),
            events=_by_type(rows(_EVENTS)),
            starts={
                (row["job_id"], int(data["attempt"])): _seconds(row["at"])
                for row, data in told
                if data["status"] in ("running", "cancelling")
            },
        )
    engine.dispose()
    return evidence


def _job(row: Row) -> Row:
    return {**row, "payload": _json(row["payload"]), "result": _json(row["result"])}


def _by_detector(rows: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["detector_id"]].append(row)
    return found


def _by_type(events: Sequence[Row]) -> Mapping[str, Counter[str]]:
    """Count events by type and by the thing they are about: the first id of their payload."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in events:
        payload = _json(row["payload"])
        about = next((payload[name] for name in _SUBJECTS if name in payload), "")
        version = f"@{payload['version']}" if row["type"] == "DetectorTrained" else ""
        found[row["type"]][f"{about}{version}"] += 1
    return found


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _seconds(value: Any) -> float:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
