"""A program whose use cases answer from memory and remember what they were asked."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from pynomaly.application.ports.backups import Backup, Contents
from pynomaly.application.ports.opened_source import OpenedSource
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.recent_outlines import Outlined
from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.application.ports.uses import MOST_USES, Learned, LookedAt, Uses
from pynomaly.application.ports.work import JobEvent
from pynomaly.application.profiling import ColumnProfile, profile
from pynomaly.application.program import Check, Setting
from pynomaly.application.quality import quality_of
from pynomaly.application.stored_scores import DecisionChange, change_of
from pynomaly.application.tickets import Tickets
from pynomaly.application.today import Today
from pynomaly.application.use_cases.compare_detections import Comparison
from pynomaly.application.use_cases.detect_anomalies import StoredLook
from pynomaly.application.use_cases.find_mistakes import Mistake, Mistakes
from pynomaly.domain.access import Role
from pynomaly.domain.algorithm import AlgorithmDescription, Availability, Cost, Parameter
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.audit import ChainHead, ChainVerdict
from pynomaly.domain.channel import Channel
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.connection import ConnectionKind
from pynomaly.domain.connection import Field as KindField
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.decision import AlarmBudget, DecisionPolicy, ScoreThreshold, decide_alone
from pynomaly.domain.delivery import Delivery, DeliveryStatus
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import InvalidRequest, NotFound, PolicyNotAvailable, UnknownAlgorithm, UnreadableFile
from pynomaly.domain.explanation import Typical
from pynomaly.domain.histogram import Histogram, NumberBins, TopValues
from pynomaly.domain.identifiers import DetectorId
from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.domain.paired_comparison import Agreement, PairedDifference
from pynomaly.domain.quality import QualityFinding
from pynomaly.domain.score_outline import outline
from pynomaly.domain.training import TrainingRun, TrainingStatus
from pynomaly.domain.user import Tenant, User
from pynomaly.domain.verdict import (
    DetectionVerdicts,
    DetectorVerdicts,
    Replaced,
    Verdict,
    VerdictAnswer,
    known_verdicts,
)
from tests.fakes.findings import CURVES, EVALUATION, inspection, one_look
from tests.fakes.sources import FakeSources
from tests.fakes.today import QUIET

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


WEBHOOK = ConnectionKind(
    "webhook",
    "Posts signed messages.",
    (
        KindField("url", "Where to post.", is_secret=True),
        KindField("secret", "Signs the messages.", is_secret=True, is_required=False),
        KindField("title", "Put before each title.", is_required=False),
    ),
)
SLACK = ConnectionKind("slack", "Posts to Slack.", (KindField("url", "Of the incoming webhook.", is_secret=True),))


def channel(name: str = "duty", **changes: Any) -> Channel:
    settings = {"id": "c0ffee01" * 4, "name": name, "kind": "webhook", "settings": {"title": "fraud"}}
    return Channel(**(settings | {"secret_names": ("url",), "created_by": "user:ada", "created_at": NOON} | changes))


def rule(name: str = "severe", **changes: Any) -> NotificationRule:
    settings = {"id": "a1" * 16, "name": name, "occasion": Occasion.ANOMALIES_FOUND, "channel_ids": ("c0ffee01" * 4,)}
    narrow = {"least_severity": 75.0, "detector_id": "e" * 32}
    return NotificationRule(
        **(settings | narrow | {"created_by": "user:ada", "created_at": NOON, "since": 7} | changes)
    )


def delivery(**changes: Any) -> Delivery:
    settings = {"id": "7d3e91aa02c4f6b8", "channel_id": "c0ffee01" * 4, "event_id": "f" * 32, "subject": "detector:e"}
    said = {"type": "anomalies.found", "title": "3 anomalies found by Fraud", "text": "3 of 40 rows stand out."}
    stands = {"status": DeliveryStatus.FAILED, "attempt": 4, "failures": 4, "last_error": "answered 500"}
    return Delivery(
        **(settings | said | {"data": {"n_anomalies": 3}} | stands | {"at": NOON, "created_at": NOON} | changes)
    )


def data_source(name: str = "shop", **changes: Any) -> DataSource:
    settings = {"kind": "postgresql", "settings": {"host": "db.example.org", "port": 5432, "is_slow": True}}
    made = {"secret_names": ("password",), "created_by": "user:ada", "created_at": NOON}
    return DataSource(**({"id": "a" * 32, "name": name} | settings | made | changes))


def user(email: str = "ada@example.org", **changes: Any) -> User:
    settings = {"id": "u" * 32, "tenant_id": "local", "email": email, "name": "Ada", "role": Role.ADMIN}
    standing = {"login_version": 1, "is_active": True, "failed_sign_ins": 0, "locked_until": None}
    return User(**(settings | {"password_hash": "hashed", "created_at": NOON} | standing | changes))


def verdict(row: int = 0, **changes: Any) -> Verdict:
    settings = {"detection_id": "c0ffee0123456789", "fingerprint": "f" * 64, "row": row, "is_flagged": row == 0}
    said = {"answer": VerdictAnswer.FALSE_ALARM, "note": "month-end", "given_by": "user:ada", "given_at": NOON}
    return Verdict(**(settings | said | changes))


REPLACED = Replaced(VerdictAnswer.CONFIRMED, "user:bob")


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

    def shape(self, column: str) -> Histogram | None:
        spread = NumberBins((0.0, 50.0, 100.0, 150.0), (4, 20, 5), 0, 1, 1.0, 1530.0)
        return spread if column == "amount" else TopValues((("ios", 24), ("android", 6)), 0, 30)

    def n_repeated_rows(self, columns: Any) -> int:
        return 0

    def equal_columns(self, columns: Any) -> list[tuple[str, ...]]:
        return []

    def columns_in_step(self, columns: Any) -> list[tuple[str, str]]:
        return []


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

    def cost(self, name: str, parameters: Any, *, n_rows: int, n_features: int) -> Cost | None:
        return None if name == "pyod.lof" else Cost(n_rows * n_features * 1e-7, 1e-6, 1000, 1000)


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
    all_sources: list[DataSource] = field(default_factory=lambda: [data_source(), data_source("ledger")])
    all_jobs: list[Job] = field(default_factory=lambda: [job()])
    all_channels: list[Channel] = field(default_factory=lambda: [channel()])
    all_rules: list[NotificationRule] = field(default_factory=lambda: [rule()])
    all_deliveries: list[Delivery] = field(default_factory=lambda: [delivery()])
    all_users: list[User] = field(default_factory=lambda: [user()])
    all_verdicts: list[Verdict] = field(default_factory=lambda: [verdict(), verdict(3, detection_id="a1" * 16)])
    at_present: Today = QUIET
    told: list[JobEvent] = field(default_factory=lambda: [JobEvent(1, "state", {"status": "queued"}, NOON)])

    def today(self, now: datetime) -> Today:
        return self.at_present

    def datasets(self) -> list[Dataset]:
        return self.all_datasets

    def dataset(self, name_or_id: str) -> Dataset:
        return self._named(self.all_datasets, name_or_id, "dataset")

    def dataset_rows(self, name_or_id: str) -> FakeTable:
        self.dataset(name_or_id)
        return FakeTable()

    def dataset_uses(self, name_or_id: str, *, limit: int = MOST_USES) -> Uses:
        self.dataset(name_or_id)
        looked_at = LookedAt("c0ffee0123456789", "e" * 32, "Fraud", 40, 1, NOON)
        return Uses([Learned(one.id, one.name) for one in self.all_detectors][:limit], [looked_at])

    def profile(self, name_or_id: str) -> tuple[FakeTable, tuple[ColumnProfile, ...]]:
        table = self.dataset_rows(name_or_id)
        return table, profile(table, FakePreparer())

    def quality(self, name_or_id: str) -> tuple[QualityFinding, ...]:
        return quality_of(*self.profile(name_or_id))

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

    def verdicts(self, detection_id: str) -> DetectionVerdicts:
        return known_verdicts(self.detection(detection_id).id, self.all_verdicts, np.arange(40) == 0)

    def verdict_summary(self, *, days: int = 30) -> list[DetectorVerdicts]:
        summary = self.verdicts("last").summary
        return [DetectorVerdicts(DetectorId(one), summary) for one in ("e" * 32, "0" * 32) if self.all_verdicts]

    def score_outline(self, detection_id: str) -> tuple[Detection, Outlined]:
        scores = one_look().findings.rows.scores
        return self.detection(detection_id), Outlined(outline(scores, np.sort(scores)), None)

    def changed_rows(self, detection_id: str, policy: DecisionPolicy, *, limit: int = 10) -> DecisionChange:
        rows = replace(one_look().findings.rows, identifiers=[f"c-{row}" for row in range(40)])
        if not isinstance(policy, AlarmBudget | ScoreThreshold):
            raise PolicyNotAvailable
        decision = decide_alone(policy, AnomalyScores(rows.scores))
        return change_of(self.detection(detection_id), rows, decision, limit=limit)

    def detection_page(self, piece: Piece) -> Page[Detection]:
        return Page(self.all_detections[: piece.limit], None)

    def job(self, job_id: str) -> Job:
        for place, one in enumerate(self.all_jobs):
            if one.id.startswith(job_id):
                return self.all_jobs.pop(place) if len(self.all_jobs) > 1 else one
        raise NotFound(f"there is no job '{job_id}'")

    def job_page(self, piece: Piece) -> Page[Job]:
        return Page(self.all_jobs[: piece.limit], None)

    def job_events(self, job_id: str, *, after: int, limit: int) -> tuple[Job, list[JobEvent]]:
        return self.job(job_id), [event for event in self.told if event.sequence > after][:limit]

    def channel_kinds(self) -> tuple[ConnectionKind, ...]:
        return WEBHOOK, SLACK

    def channel_kind(self, name: str) -> ConnectionKind:
        for kind in self.channel_kinds():
            if kind.name == name:
                return kind
        raise InvalidRequest(f"there is no kind of channel '{name}'")

    def channel(self, name_or_id: str) -> Channel:
        return self._named(self.all_channels, name_or_id, "channel")

    def channel_page(self, piece: Piece) -> Page[Channel]:
        return Page(self.all_channels[: piece.limit], None)

    def rule(self, name_or_id: str) -> NotificationRule:
        return self._named(self.all_rules, name_or_id, "rule")

    def rule_page(self, piece: Piece) -> Page[NotificationRule]:
        return Page(self.all_rules[: piece.limit], None)

    def delivery_page(self, piece: Piece, *, status: Any = None, channel: str | None = None) -> Page[Delivery]:
        wanted = [one for one in self.all_deliveries if status in (None, one.status)]
        return Page(wanted[: piece.limit], None)

    def sources(self) -> list[DataSource]:
        return self.all_sources

    def source(self, name_or_id: str) -> DataSource:
        return self._named(self.all_sources, name_or_id, "source")

    def users(self) -> list[User]:
        return self.all_users

    @staticmethod
    def _named(things: list[Any], name_or_id: str, kind: str) -> Any:
        for one in things:
            if name_or_id in (one.name, one.id):
                return one
        raise NotFound(f"there is no {kind} '{name_or_id}'")


def _given(**question: Any) -> tuple[Verdict, ...]:
    said = {"answer": question["answer"], "note": question["note"]}
    return tuple(verdict(row, **said, replaced=REPLACED if row else None) for row in question["rows"])


class FakeWorkspace:
    """Every use case answers with the one object there is."""

    def __init__(self) -> None:
        self.queries = FakeQueries()
        self.register_dataset = Asked(lambda **question: (dataset(question["name"]), ("the separator is ';'",)))
        self.remove_dataset = Asked(dataset())
        self.create_source = Asked(lambda **question: data_source(question["name"]))
        self.change_source = Asked(lambda **question: data_source(question["name"] or "shop"))
        self.remove_source = Asked(data_source())
        self.open_source = Asked(OpenedSource("a" * 32, "shop", "postgresql", {"host": "db"}, {"password": "hush"}))
        self.check_source = Asked("PostgreSQL 15.0, 3 tables")
        self.pull_dataset = Asked(lambda **question: (dataset(question["name"] or "shop 2026"), ("it was long",)))
        self.create_detector = Asked(lambda **question: detector(question["name"], is_trained=False))
        self.train_detector = Asked(detector())
        self.remove_detector = Asked(detector())
        self.export_detector = Asked(detector())
        self.import_detector = Asked(lambda **question: detector(question["name"] or "Fraud"))
        self.detect_anomalies = Asked(StoredLook(detection(), detector(), one_look().findings, ()))
        self.decide_detection = Asked(detection())
        self.inspect_row = Asked(lambda **question: inspection(question["row"]))
        self.evaluate_detection = Asked((detection(), EVALUATION))
        self.trace_curves = Asked((detection(), CURVES))
        self.find_mistakes = Asked(mistakes())
        self.compare_detections = Asked(comparison())
        self.export_detection = Asked(detection())
        self.give_verdict = Asked(_given)
        self.take_back_verdict = Asked(lambda **question: tuple(verdict(row) for row in question["rows"]))
        self.cancel_job = Asked(job(status=JobStatus.CANCELLING))
        self.retry_job = Asked(job(status=JobStatus.QUEUED))
        self.verify_audit = Asked(ChainVerdict(ChainHead(7, "a" * 64)))
        self.rotate_keys = Asked(3)
        self.create_channel = Asked(lambda **question: channel(question["name"]))
        self.change_channel = Asked(channel())
        self.remove_channel = Asked(channel())
        self.test_channel = Asked(channel())
        self.create_rule = Asked(lambda **question: rule(question["name"]))
        self.change_rule = Asked(rule())
        self.remove_rule = Asked(rule())
        self.retry_delivery = Asked(lambda **_: delivery().retried())


def mistakes() -> Mistakes:
    kind = AlarmBudget(rows=5)
    alarms, misses = (Mistake(3, "c-4", 0.8, 77.0), Mistake(8, "c-9", 0.7, None)), (Mistake(30, "c-31", 0.2, 0.0),)
    return Mistakes(detection(), kind, 40, 4, 5, 3, alarms, misses)


def comparison() -> Comparison:
    return Comparison(
        first=detection(),
        second=replace(detection(), id="decaf00123456789"),
        evaluations=(EVALUATION, replace(EVALUATION, roc_auc=0.93, precision=None, n_false_alarms=3)),
        roc_auc=PairedDifference(0.97, 0.93, 0.04, 0.01, 0.07, 0.012),
        average_precision=PairedDifference(0.8, 0.8, 0.0, -0.1, 0.1),
        found=Agreement(1, 1, 0, 0),
        false_alarms=Agreement(0, 0, 3, 35),
    )


def backup(**changes: Any) -> Backup:
    contents = Contents(NOON, "0003", {"local": ChainVerdict(ChainHead(7, "a" * 64))}, ())
    told = {"path": Path("monday"), "digest": "5" * 64, "contents": contents, "rows": {"datasets": 2, "events": 5}}
    return Backup(**(told | {"n_files": 3, "n_bytes": 1_250_000, "keys": ()} | changes))


class FakeBackups:
    """One backup, made and restored."""

    def __init__(self) -> None:
        self.make = Asked(backup())
        self.restore = Asked(backup())


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
        self.sources = FakeSources()
        self.result_files = FakeResultFiles()
        self.model_files = FakeModelFiles()
        self.workspace = FakeWorkspace()
        self.checks = [Check("python", "ok", "3.11"), Check("extra excel", "missing", "reads Excel", "pip install …")]
        self.settings = [Setting("home", "/home/reader/pynomaly", "default")]
        self.all_tenants = [Tenant("local", "local", NOON), Tenant("r" * 32, "risk", NOON)]
        self.all_people = FakePeople()
        self.all_backups = FakeBackups()
        self.is_embedded = True
        self.schemas: tuple[str | None, str] = ("0002", "0003")
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

    def backups(self) -> FakeBackups:
        return self.all_backups

    def upgrade_database(self) -> tuple[str | None, str]:
        return self.schemas

    def new_master_key(self) -> str:
        return "new key"

    def new_secret(self) -> str:
        return "a new secret"

    def new_tickets(self) -> Tickets:
        return Tickets(lambda: NOON, lambda: "t1cket")

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
