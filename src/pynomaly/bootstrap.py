"""The only place that names a port and its adapter together."""

import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.tables import Preparer, Table, TableReader
from pynomaly.application.program import Check, Program, Setting, Workspace
from pynomaly.application.queries import Queries
from pynomaly.application.use_cases.create_detector import CreateDetector
from pynomaly.application.use_cases.detect_anomalies import DetectAnomalies
from pynomaly.application.use_cases.evaluate_detection import EvaluateDetection
from pynomaly.application.use_cases.export_detection import ExportDetection
from pynomaly.application.use_cases.export_detector import ExportDetector
from pynomaly.application.use_cases.find_anomalies import FindAnomalies
from pynomaly.application.use_cases.import_detector import ImportDetector
from pynomaly.application.use_cases.register_dataset import RegisterDataset
from pynomaly.application.use_cases.remove_dataset import RemoveDataset
from pynomaly.application.use_cases.remove_detector import RemoveDetector
from pynomaly.application.use_cases.train_detector import TrainDetector
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.algorithms.kernels import kernels_in_use
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.raw_table import RawTable
from pynomaly.infrastructure.data.table_reader import TableReader as FileReader
from pynomaly.infrastructure.installation import check_installation
from pynomaly.infrastructure.sample import write_sample
from pynomaly.infrastructure.settings import NAMES, Settings, load_settings
from pynomaly.infrastructure.storage.model_store import ModelFolders, ModelFolderStore
from pynomaly.infrastructure.storage.result_files import ResultWriter
from pynomaly.infrastructure.storage.score_store import ArrowScoreStore
from pynomaly.infrastructure.storage.table_store import ArrowTableStore
from pynomaly.infrastructure.threads import limit_threads

if TYPE_CHECKING:
    import pyarrow as pa


def settings_in_force() -> Settings:
    """Return the settings from environment and files. Raises InvalidRequest."""
    return load_settings(os.environ, Path.cwd())


def build(
    settings: Settings | None = None,
    *,
    reader: TableReader | None = None,
    preparer: Preparer | None = None,
    catalog: AlgorithmCatalog | None = None,
    clock: Clock | None = None,
    new_id: NewId | None = None,
) -> Program:
    """Build the program; each argument replaces one adapter, as tests do."""
    in_force = settings or settings_in_force()
    limit_threads(in_force.threads)
    reader, preparer, catalog = reader or FileReader(), preparer or ArrowPreparer(), catalog or Catalog()
    return Program(
        find_anomalies=FindAnomalies(reader, catalog, preparer),
        reader=reader,
        preparer=preparer,
        catalog=catalog,
        result_files=ResultWriter(),
        model_files=ModelFolders(),
        open_workspace=partial(
            _open_workspace, in_force.home, reader, preparer, catalog, clock or _now, new_id or _new_id
        ),
        diagnose=partial(_diagnose, in_force),
        settings=[Setting(name, in_force.in_words(name), in_force.origins[name]) for name in NAMES],
        write_sample=write_sample,
    )


def _diagnose(settings: Settings) -> Sequence[Check]:
    kernels = kernels_in_use()
    compiled = Check("kernels", "ok", f"compiled, {', '.join(kernels.instruction_sets)}")
    slow = Check(
        "kernels", "missing", "numpy only: correct, but several times slower", "install a C compiler, then reinstall"
    )
    workspace = Check(
        "workspace", "ok", f"{settings.home} ({'there' if settings.home.exists() else 'made on first use'})"
    )
    return [*check_installation(), compiled if kernels.is_compiled else slow, workspace]


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid.uuid4().hex


def _open_workspace(
    home: Path, reader: TableReader, preparer: Preparer, catalog: AlgorithmCatalog, clock: Clock, new_id: NewId
) -> Workspace:
    # SQLAlchemy costs a quarter of a second to import, and one look at a file needs none of it
    from pynomaly.infrastructure.persistence.unit_of_work import SqlTransactions

    transactions = SqlTransactions.in_folder(home, clock=clock, new_id=new_id)
    begin, begin_reading = transactions.begin, transactions.begin_reading
    tables = ArrowTableStore(home / "tables", to_arrow=_rows_of, from_arrow=_table_of)
    models, scores = ModelFolderStore(home / "models"), ArrowScoreStore(home / "scores")
    files = ModelFolders()
    return Workspace(
        register_dataset=RegisterDataset(reader, tables, begin, clock, new_id),
        remove_dataset=RemoveDataset(begin, tables),
        create_detector=CreateDetector(catalog, begin, clock, new_id),
        train_detector=TrainDetector(begin, begin_reading, tables, models, catalog, preparer, clock, new_id),
        remove_detector=RemoveDetector(begin),
        export_detector=ExportDetector(begin_reading, models, files),
        import_detector=ImportDetector(begin, models, files, catalog, preparer, clock, new_id),
        detect_anomalies=DetectAnomalies(
            reader, begin, begin_reading, tables, models, scores, catalog, preparer, clock, new_id
        ),
        evaluate_detection=EvaluateDetection(reader, begin_reading, tables, models, scores),
        export_detection=ExportDetection(begin_reading, scores, ResultWriter()),
        queries=Queries(begin_reading, tables),
    )


def _rows_of(table: Table) -> "pa.Table":
    if not isinstance(table, ArrowTable):
        raise TypeError(f"this workspace keeps Arrow tables, not {type(table).__name__}")
    return table.data


def _table_of(rows: "pa.Table", name: str) -> Table:
    return ArrowTable.from_raw(RawTable(rows), name=name)
