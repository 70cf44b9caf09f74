"""The built program: every use case with its ports filled in, as the doors of the house receive it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, Protocol, TypeAlias

from pynomaly.application.backups import Backups
from pynomaly.application.job_running import JobRunning
from pynomaly.application.people import People
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.asking import BY_LOCAL_USER, Asked
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.ports.stores import ModelFiles, ResultFiles
from pynomaly.application.ports.tables import Preparer, TableReader
from pynomaly.application.queries import Queries
from pynomaly.application.tickets import Tickets
from pynomaly.application.use_cases.change_dataset import ChangeDataset
from pynomaly.application.use_cases.change_detector import ChangeDetector, PromoteVersion
from pynomaly.application.use_cases.compare_detections import CompareDetections
from pynomaly.application.use_cases.create_detector import CreateDetector
from pynomaly.application.use_cases.decide_detection import DecideDetection
from pynomaly.application.use_cases.detect_anomalies import DetectAnomalies
from pynomaly.application.use_cases.discard_unused_files import DiscardUnusedFiles
from pynomaly.application.use_cases.end_job import EndJob, ReleaseJob
from pynomaly.application.use_cases.evaluate_detection import EvaluateDetection
from pynomaly.application.use_cases.explain_row import ExplainRow
from pynomaly.application.use_cases.export_detection import ExportDetection
from pynomaly.application.use_cases.export_detector import ExportDetector
from pynomaly.application.use_cases.find_anomalies import FindAnomalies
from pynomaly.application.use_cases.find_mistakes import FindMistakes
from pynomaly.application.use_cases.fire_schedule import FireSchedule
from pynomaly.application.use_cases.give_verdict import GiveVerdict
from pynomaly.application.use_cases.import_detector import ImportDetector
from pynomaly.application.use_cases.inspect_row import InspectRow
from pynomaly.application.use_cases.keep_channel import ChangeChannel, CreateChannel, RemoveChannel
from pynomaly.application.use_cases.keep_rule import ChangeRule, CreateRule, RemoveRule
from pynomaly.application.use_cases.keep_schedule import ChangeSchedule, CreateSchedule, RemoveSchedule
from pynomaly.application.use_cases.keep_source import ChangeSource, CreateSource, RemoveSource
from pynomaly.application.use_cases.look_at_dataset import LookAtDataset
from pynomaly.application.use_cases.open_source import CheckSource, OpenSource
from pynomaly.application.use_cases.pull_dataset import PullDataset
from pynomaly.application.use_cases.register_dataset import RegisterDataset
from pynomaly.application.use_cases.remove_dataset import RemoveDataset
from pynomaly.application.use_cases.remove_detector import RemoveDetector
from pynomaly.application.use_cases.reserve_request_key import ReleaseRequestKey, ReserveRequestKey
from pynomaly.application.use_cases.retry_delivery import RetryDelivery
from pynomaly.application.use_cases.rotate_keys import RotateKeys
from pynomaly.application.use_cases.steer_job import CancelJob, RetryJob
from pynomaly.application.use_cases.submit_job import SubmitJob
from pynomaly.application.use_cases.take_back_verdict import TakeBackVerdict
from pynomaly.application.use_cases.trace_curves import TraceCurves
from pynomaly.application.use_cases.train_detector import TrainDetector
from pynomaly.application.use_cases.try_channel import TestChannel
from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.domain.user import Tenant


@dataclass(frozen=True, slots=True)
class Workspace:
    """What works on the stored things of one workspace, on behalf of whoever asked."""

    register_dataset: RegisterDataset
    change_dataset: ChangeDataset
    remove_dataset: RemoveDataset
    create_source: CreateSource
    change_source: ChangeSource
    remove_source: RemoveSource
    open_source: OpenSource
    check_source: CheckSource
    pull_dataset: PullDataset
    create_detector: CreateDetector
    change_detector: ChangeDetector
    promote_version: PromoteVersion
    train_detector: TrainDetector
    remove_detector: RemoveDetector
    export_detector: ExportDetector
    import_detector: ImportDetector
    detect_anomalies: DetectAnomalies
    look_at_dataset: LookAtDataset
    decide_detection: DecideDetection
    explain_row: ExplainRow
    inspect_row: InspectRow
    evaluate_detection: EvaluateDetection
    trace_curves: TraceCurves
    find_mistakes: FindMistakes
    compare_detections: CompareDetections
    export_detection: ExportDetection
    give_verdict: GiveVerdict
    take_back_verdict: TakeBackVerdict
    submit_job: SubmitJob
    cancel_job: CancelJob
    retry_job: RetryJob
    end_job: EndJob
    release_job: ReleaseJob
    run_job: JobRunning
    create_schedule: CreateSchedule
    change_schedule: ChangeSchedule
    remove_schedule: RemoveSchedule
    fire_schedule: FireSchedule
    discard_unused_files: DiscardUnusedFiles
    reserve_request_key: ReserveRequestKey
    release_request_key: ReleaseRequestKey
    verify_audit: VerifyAudit
    rotate_keys: RotateKeys
    create_channel: CreateChannel
    change_channel: ChangeChannel
    remove_channel: RemoveChannel
    test_channel: TestChannel
    create_rule: CreateRule
    change_rule: ChangeRule
    remove_rule: RemoveRule
    retry_delivery: RetryDelivery
    queries: Queries


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a diagnosis: what was looked at, how it stands, what to type if it should stand better."""

    subject: str
    state: Literal["ok", "missing", "problem"]
    finding: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force and where its value came from."""

    name: str
    value: str
    origin: str


class OpenWorkspace(Protocol):
    """The way to a workspace."""

    def __call__(self, asked: Asked = BY_LOCAL_USER) -> Workspace:
        """Open a workspace on behalf of somebody; cheap enough for every request."""
        ...


def nothing_more(*_: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a server runs.

    n_workers: worker processes it keeps beside itself, None for as many as suit the database.
    is_alone: it does not start where another server has the same home.
    before: is called once the address is this server's and before anybody is answered; what it raises ends it.
    when_ready: is called with the address when requests are answered.
    tickets: let people in; see `Tickets.redeem`.
    """

    host: str
    port: int
    n_workers: int | None
    is_alone: bool = False
    before: Callable[[], None] = nothing_more
    when_ready: Callable[[str], None] = nothing_more
    tickets: Tickets | None = None


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """How workers run. is_attached: they end when whoever started them does."""

    n_processes: int
    is_attached: bool = False


WriteSample: TypeAlias = Callable[[PurePath], PurePath]
"""Writes the sample table into a folder and returns the file's path."""


UpgradeDatabase: TypeAlias = Callable[[], tuple[str | None, str]]
"""Brings the database's tables up to date; returns the schema before, None for a new database, and now."""


@dataclass(frozen=True, slots=True)
class Program:
    """What works without a workspace, and the way to one.

    new_secret: returns 256 random bits as text.  is_embedded: whether everything lies in the home.
    """

    find_anomalies: FindAnomalies
    reader: TableReader
    preparer: Preparer
    catalog: AlgorithmCatalog
    sources: SourceCatalog
    result_files: ResultFiles
    model_files: ModelFiles
    open_workspace: OpenWorkspace
    diagnose: Callable[[], Sequence[Check]]
    diagnose_server: Callable[[], Sequence[Check]]
    settings: Sequence[Setting]
    write_sample: WriteSample
    tenants: Callable[[], Sequence[Tenant]]
    people: Callable[[], People]
    new_master_key: Callable[[], str]
    new_secret: Callable[[], str]
    new_tickets: Callable[[], Tickets]
    is_embedded: bool
    backups: Callable[[], Backups]
    upgrade_database: UpgradeDatabase
    serve: Callable[[ServeOptions], None]
    work: Callable[[WorkOptions], None]
