"""A workspace as the doors of the house receive it: every use case of what is stored, with its ports filled in."""

from dataclasses import dataclass
from typing import Protocol

from pynomaly.application.job_running import JobRunning
from pynomaly.application.ports.asking import BY_LOCAL_USER, Asked
from pynomaly.application.queries import Queries
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


class OpenWorkspace(Protocol):
    """The way to a workspace."""

    def __call__(self, asked: Asked = BY_LOCAL_USER) -> Workspace:
        """Open a workspace on behalf of somebody; cheap enough for every request."""
        ...
