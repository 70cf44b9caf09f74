"""A workspace: every use case of what is stored, on behalf of whoever asked."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.job_running import JobRunning
from pynomaly.application.known_answers import KnownAnswers
from pynomaly.application.ports.asking import BY_LOCAL_USER, Asked
from pynomaly.application.ports.tables import Table
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
from pynomaly.application.workspace import Workspace
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.source_reading import source_intake
from pynomaly.domain.columns import Column
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.storage.model_store import ModelFolders, ModelFolderStore
from pynomaly.infrastructure.storage.result_files import ResultWriter
from pynomaly.infrastructure.storage.score_store import ArrowScoreStore
from pynomaly.infrastructure.storage.table_store import ArrowTableStore
from pynomaly.infrastructure.storage.tenant_folder import tenant_folder

if TYPE_CHECKING:
    import pyarrow as pa


def open_workspace(shared: Adapters, asked: Asked = BY_LOCAL_USER) -> Workspace:
    """Return the use cases of one workspace, on behalf of whoever asked; cheap enough for every request."""
    folder = tenant_folder(shared.settings.home, asked.tenant_id)
    transactions = shared.transactions(asked)
    begin, begin_reading = transactions.begin, transactions.begin_reading
    begin_unclaimed = shared.transactions(replace(asked, claim=None)).begin
    tables = table_store(folder / "tables")
    models, scores = ModelFolderStore(folder / "models"), ArrowScoreStore(folder / "scores")
    files, cron = ModelFolders(), shared.cron
    reader, preparer, catalog, clock, new_id = (
        shared.reader,
        shared.preparer,
        shared.catalog,
        shared.clock,
        shared.new_id,
    )
    from_source = source_intake(shared.sources, shared.settings, tables, folder / "tables")
    train = TrainDetector(begin, begin_reading, tables, models, catalog, preparer, clock, new_id)
    detect = DetectAnomalies(
        reader, begin, begin_reading, tables, from_source, models, scores, catalog, preparer, clock, new_id
    )
    answers = KnownAnswers(reader, begin_reading, tables, models)
    pull = PullDataset(from_source, tables, begin, begin_reading, clock, new_id)
    return Workspace(
        register_dataset=RegisterDataset(
            shared.intake(tables, folder / "tables"), tables, begin, begin_reading, clock, new_id
        ),
        change_dataset=ChangeDataset(begin, tables),
        remove_dataset=RemoveDataset(begin, begin_unclaimed, tables),
        create_source=CreateSource(begin, asked, shared.sources, clock, new_id),
        change_source=ChangeSource(begin, shared.sources),
        remove_source=RemoveSource(begin),
        open_source=OpenSource(begin_reading),
        check_source=CheckSource(begin_reading, shared.reach),
        pull_dataset=pull,
        create_detector=CreateDetector(catalog, begin, clock, new_id),
        change_detector=ChangeDetector(begin),
        promote_version=PromoteVersion(begin),
        train_detector=train,
        remove_detector=RemoveDetector(begin),
        export_detector=ExportDetector(begin_reading, models, files),
        import_detector=ImportDetector(begin, models, files, catalog, preparer, clock, new_id),
        detect_anomalies=detect,
        look_at_dataset=LookAtDataset(catalog, shared.sources, begin, asked, clock, new_id),
        decide_detection=DecideDetection(begin, begin_reading, models, scores, catalog, preparer, clock, new_id),
        explain_row=ExplainRow(begin_reading, tables, models, scores, catalog, preparer),
        evaluate_detection=EvaluateDetection(begin_reading, answers, scores),
        trace_curves=TraceCurves(begin_reading, answers, scores),
        find_mistakes=FindMistakes(begin_reading, answers, scores),
        compare_detections=CompareDetections(begin_reading, answers, scores),
        inspect_row=InspectRow(begin_reading, tables, models, scores, catalog, preparer),
        export_detection=ExportDetection(begin_reading, scores, ResultWriter()),
        give_verdict=GiveVerdict(begin, begin_reading, asked, scores, clock),
        take_back_verdict=TakeBackVerdict(begin),
        submit_job=SubmitJob(begin, asked, shared.sources, clock, new_id),
        cancel_job=CancelJob(begin, asked, clock),
        retry_job=RetryJob(begin, asked),
        end_job=EndJob(begin, clock),
        release_job=ReleaseJob(begin),
        run_job=JobRunning(train, detect, pull),
        create_schedule=CreateSchedule(begin, asked, shared.sources, cron, clock, new_id),
        change_schedule=ChangeSchedule(begin, cron, clock),
        remove_schedule=RemoveSchedule(begin),
        fire_schedule=FireSchedule(begin, cron, clock, new_id),
        discard_unused_files=DiscardUnusedFiles(begin_reading, tables, models, scores),
        reserve_request_key=ReserveRequestKey(begin_unclaimed),
        release_request_key=ReleaseRequestKey(begin_unclaimed),
        verify_audit=VerifyAudit(begin_reading),
        rotate_keys=RotateKeys(begin),
        create_channel=CreateChannel(begin, asked, shared.notifiers, clock, new_id),
        change_channel=ChangeChannel(begin, shared.notifiers),
        remove_channel=RemoveChannel(begin),
        test_channel=TestChannel(begin_reading, shared.notifiers, clock, new_id),
        create_rule=CreateRule(begin, asked, clock, new_id),
        change_rule=ChangeRule(begin),
        remove_rule=RemoveRule(begin),
        retry_delivery=RetryDelivery(begin),
        queries=Queries(
            begin_reading=begin_reading,
            scores=scores,
            models=models,
            outlines=shared.outlines.of_tenant(asked.tenant_id),
            clock=clock,
            tables=tables,
            notifiers=shared.notifiers,
            preparer=preparer,
        ),
    )


def table_store(folder: Path) -> ArrowTableStore:
    """Return the store that keeps tables in a folder."""
    return ArrowTableStore(folder, to_arrow=_rows_of, from_arrow=_table_of)


def _rows_of(table: Table) -> "pa.Table":
    if not isinstance(table, ArrowTable):
        raise TypeError(f"this workspace keeps Arrow tables, not {type(table).__name__}")
    return table.data


def _table_of(rows: "pa.Table", columns: tuple[Column, ...], name: str) -> Table:
    return ArrowTable.of_described(rows, columns, name=name)
