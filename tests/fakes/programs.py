"""A program whose use cases answer from memory and remember what they were asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.application.ports.work import JobEvent
from pynomaly.application.program import Check, Setting
from pynomaly.application.use_cases.detect_anomalies import StoredLook
from pynomaly.domain.access import Role
from pynomaly.domain.algorithm import AlgorithmDescription, Availability, Parameter
from pynomaly.domain.audit import ChainHead, ChainVerdict
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import InvalidRequest, NotFound, UnknownAlgorithm, UnreadableFile
from pynomaly.domain.explanation import Typical
from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.domain.training import TrainingRun, TrainingStatus
from pynomaly.domain.user import Tenant, User
from tests.fakes.findings import EVALUATION, one_look

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
COLUMNS = (
    Column("amount", ColumnKind.NUMBER),
    Column("device", ColumnKind.CATEGORY),
    Column("is_fraud", ColumnKind.BOOLEAN, ColumnRole.LABEL, "yes/no"),
)


def dataset(name: str = "orders") -> Dataset:
    return Dataset("d" * 32, name, "f" * 64, "orders.csv", 40, COLUMNS, NOON)


def detector(name: str = "Fraud", *, is_trained: bool = True) -> Detector:
    draft = Detector("e" * 32, name, "isolation_forest", {"n_trees": 100}, NOON)
    return draft.with_version(DetectorVersion(1, "a" * 64, "d" * 32, 40, NOON)) if is_trained else draft


def detection() -> Detection:
    look = one_look().findings
    return Detection(
        id="c0ffee0123456789",
        detector_id="e" * 32,
        detector_version=1,
        dataset_id=None,
        source="orders.csv",
        fingerprint="f" * 64,
        policy=look.decision.policy,
        score_threshold=look.decision.score_threshold,
        n_rows=40,
        n_anomalies=1,
        strangest=look.strangest,
        notes=("stored note",),
        scores="b" * 64,
        created_at=NOON,
    )


def job(**changes: Any) -> Job:
    settings = {"id": "3f9a1c2e5b7d4a60", "kind": JobKind.DETECT, "payload": {}, "created_by": "user:ada"}
    state = {"status": JobStatus.SUCCEEDED, "attempt": 1, "result": {"detection_id": "c0ffee0123456789"}}
    return Job(**(settings | state | {"created_at": NOON, "started_at": NOON, "finished_at": NOON} | changes))


def user(email: str = "ada@example.org", **changes: Any) -> User:
    settings = {"id": "u" * 32, "tenant_id": "local", "email": email, "name": "Ada", "role": Role.ADMIN}
    standing = {"login_version": 1, "is_active": True, "failed_sign_ins": 0, "locked_until": None}
    return User(**(settings | {"password_hash": "hashed", "created_at": NOON} | standing | changes))


@dataclass
class Asked:
    """Answers every call with `answer`, raising it if it is an error, and keeps what it was asked."""

    answer: Any
    calls: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, **question: Any) -> Any:
        self.calls.append(question)
        for share in (0.0, 0.5, 1.0):
            question.get("progress", lambda stage, share: None)("scoring", share)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer(**question) if callable(self.answer) else self.answer


@dataclass
class FakeTable:
    """Forty rows, all alike."""

    columns: tuple[Column, ...] = COLUMNS
    n_rows: int = 40
    notes: tuple[str, ...] = ()

    def describe(self, *, roles: Any, kinds: Any) -> "FakeTable":
        return self

    def tally(self, column: str) -> tuple[int, int | None]:
        return 10, 3


class FakePreparer:
    """Learns that amounts lie around 70 and devices are ios."""

    sources = ("amount", "device")

    def learn(self, table: Any, *, dtype: str, scale: bool) -> "FakePreparer":
        return self

    def typical(self, column: str) -> Typical:
        known = {"amount": Typical(median=70.0, low=1.0, high=140.0)}
        return known.get(column, Typical(most_frequent="ios", share=0.81))


class FakeReader:
    """Reads any source as the same table."""

    def read(self, source: object) -> FakeTable:
        return FakeTable()


class FakeCatalog:
    """Two algorithms, one of which needs what is not installed."""

    def descriptions(self) -> tuple[AlgorithmDescription, ...]:
        trees = Parameter("n_trees", "int", 100, "Number of trees.", minimum=1, maximum=10_000)
        forest = AlgorithmDescription(
            name="isolation_forest",
            title="Isolation forest",
            family="ensemble",
            summary="Counts cuts.",
            reference="Liu, Ting and Zhou (2008)",
            parameters=(trees,),
            aliases=("IsolationForest",),
        )
        lof = AlgorithmDescription(
            "pyod.lof", "LOF", "proximity", "Compares densities.", "Breunig (2000)", extra="pyod"
        )
        return forest, lof

    def describe(self, name: str) -> AlgorithmDescription:
        for description in self.descriptions():
            if name == description.name or name in description.aliases:
                return description
        raise UnknownAlgorithm

    def availability(self, name: str) -> Availability:
        if name == "pyod.lof":
            return Availability(False, "pip install 'pynomaly-platform[pyod]'", ("pyod",))
        return Availability(True)

    def create(self, name: str, parameters: Any) -> object:
        return object()


class FakeResultFiles:
    """Writes how many rows there were, to CSV and Parquet files only."""

    def check(self, path: Path) -> None:
        if path.suffix.lower() not in (".csv", ".parquet"):
            raise InvalidRequest(f"'{path.name}' has no suffix that is known")
        if not path.parent.is_dir() or path.is_dir():
            raise UnreadableFile

    def write(self, rows: Any, path: Path) -> None:
        Path(path).write_text(f"{rows.scores.size} rows\n")


class FakeModelFiles:
    """Every folder holds the same model."""

    def read(self, path: Any) -> Any:
        return ModelArtifact({"detector_name": "Fraud"}, {"a": np.zeros(1)})


@dataclass
class FakeQueries:
    """One dataset, one detector, one detection, one job, one user, unless told otherwise.

    all_jobs: where several have the same id, they are one job as it stands at one look after the other.
    """

    all_datasets: list[Dataset] = field(default_factory=lambda: [dataset()])
    all_detectors: list[Detector] = field(default_factory=lambda: [detector()])
    all_detections: list[Detection] = field(default_factory=lambda: [detection()])
    all_jobs: list[Job] = field(default_factory=lambda: [job()])
    all_users: list[User] = field(default_factory=lambda: [user()])
    told: list[JobEvent] = field(default_factory=lambda: [JobEvent(1, "state", {"status": "queued"}, NOON)])

    def datasets(self) -> list[Dataset]:
        return self.all_datasets

    def dataset(self, name_or_id: str) -> Dataset:
        return self._named(self.all_datasets, name_or_id, "dataset")

    def dataset_rows(self, name_or_id: str) -> FakeTable:
        self.dataset(name_or_id)
        return FakeTable()

    def detectors(self) -> list[Detector]:
        return self.all_detectors

    def detector(self, name_or_id: str) -> tuple[Detector, list[TrainingRun]]:
        found = self._named(self.all_detectors, name_or_id, "detector")
        run = TrainingRun("r1", found.id, "d" * 32, 0, NOON, TrainingStatus.RUNNING)
        return found, [run.failed("too few rows", NOON), run.succeeded(1, NOON)]

    def detections(self) -> list[Detection]:
        return self.all_detections

    def detection(self, detection_id: str) -> Detection:
        for one in self.all_detections:
            if detection_id == "last" or one.id.startswith(detection_id):
                return one
        raise NotFound(f"there is no detection '{detection_id}'")

    def job(self, job_id: str) -> Job:
        for place, one in enumerate(self.all_jobs):
            if one.id.startswith(job_id):
                return self.all_jobs.pop(place) if len(self.all_jobs) > 1 else one
        raise NotFound(f"there is no job '{job_id}'")

    def job_page(self, piece: Piece) -> Page[Job]:
        return Page(self.all_jobs[: piece.limit], None)

    def job_events(self, job_id: str, *, after: int, limit: int) -> tuple[Job, list[JobEvent]]:
        return self.job(job_id), [event for event in self.told if event.sequence > after][:limit]

    def users(self) -> list[User]:
        return self.all_users

    @staticmethod
    def _named(things: list[Any], name_or_id: str, kind: str) -> Any:
        for one in things:
            if name_or_id in (one.name, one.id):
                return one
        raise NotFound(f"there is no {kind} '{name_or_id}'")


class FakeWorkspace:
    """Every use case answers with the one object there is."""

    def __init__(self) -> None:
        self.queries = FakeQueries()
        self.register_dataset = Asked(lambda **question: (dataset(question["name"]), ("the separator is ';'",)))
        self.remove_dataset = Asked(dataset())
        self.create_detector = Asked(lambda **question: detector(question["name"], is_trained=False))
        self.train_detector = Asked(detector())
        self.remove_detector = Asked(detector())
        self.export_detector = Asked(detector())
        self.import_detector = Asked(lambda **question: detector(question["name"] or "Fraud"))
        self.detect_anomalies = Asked(StoredLook(detection(), detector(), one_look().findings, ()))
        self.evaluate_detection = Asked((detection(), EVALUATION))
        self.export_detection = Asked(detection())
        self.cancel_job = Asked(job(status=JobStatus.CANCELLING))
        self.retry_job = Asked(job(status=JobStatus.QUEUED))
        self.verify_audit = Asked(ChainVerdict(ChainHead(7, "a" * 64)))
        self.rotate_keys = Asked(3)


class FakePeople:
    """Whoever is asked about becomes a user. membership: keeps in whose name it was opened."""

    def __init__(self) -> None:
        self.create_tenant = Asked(lambda **question: Tenant("r" * 32, question["name"], NOON))
        self.create_user = Asked(lambda **question: user(question["email"], role=question["role"]))
        self.change_password = Asked(user())
        self.memberships: list[Any] = []

    def membership(self, asked: Any) -> "FakePeople":
        self.memberships.append(asked)
        return self


class FakeProgram:
    """Stands in for `pynomaly.application.program.Program`."""

    def __init__(self, answer: Any = None) -> None:
        self.find_anomalies = Asked(one_look() if answer is None else answer)
        self.reader = FakeReader()
        self.preparer = FakePreparer()
        self.catalog = FakeCatalog()
        self.result_files = FakeResultFiles()
        self.model_files = FakeModelFiles()
        self.workspace = FakeWorkspace()
        self.checks = [Check("python", "ok", "3.11"), Check("extra excel", "missing", "reads Excel", "pip install …")]
        self.settings = [Setting("home", "/home/reader/pynomaly", "default")]
        self.all_tenants = [Tenant("local", "local", NOON), Tenant("r" * 32, "risk", NOON)]
        self.all_people = FakePeople()
        self.opened: list[Any] = []
        self.served: list[Any] = []
        self.worked: list[Any] = []

    def open_workspace(self, asked: Any = None) -> FakeWorkspace:
        self.opened.append(asked)
        return self.workspace

    def tenants(self) -> list[Tenant]:
        return self.all_tenants

    def people(self) -> FakePeople:
        return self.all_people

    def new_master_key(self) -> str:
        return "new key"

    def serve(self, options: Any) -> None:
        self.served.append(options)

    def work(self, options: Any) -> None:
        self.worked.append(options)

    def diagnose(self) -> list[Check]:
        return self.checks

    def diagnose_server(self) -> list[Check]:
        return [Check("database", "ok", "workspace.db, schema 0003")]

    def write_sample(self, folder: Path) -> Path:
        return Path(folder) / "sample.csv"
