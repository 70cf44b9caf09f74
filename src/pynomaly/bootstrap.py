"""The only place that names a port and its adapter together."""

import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.tables import Preparer, TableReader
from pynomaly.application.program import Check, Program, Setting, Workspace
from pynomaly.application.use_cases.find_anomalies import FindAnomalies
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.algorithms.kernels import kernels_in_use
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.table_reader import TableReader as FileReader
from pynomaly.infrastructure.installation import check_installation
from pynomaly.infrastructure.sample import write_sample
from pynomaly.infrastructure.settings import NAMES, Settings, load_settings
from pynomaly.infrastructure.storage.model_files import ModelFolders
from pynomaly.infrastructure.storage.result_files import ResultWriter


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
        settings=[Setting(name, str(getattr(in_force, name)), in_force.origins[name]) for name in NAMES],
        write_sample=write_sample,
    )


def _diagnose(settings: Settings) -> Sequence[Check]:
    kernels = kernels_in_use()
    compiled = Check("kernels", "ok", f"compiled, {', '.join(kernels.instruction_sets)}")
    slow = Check(
        "kernels", "missing", "numpy only: correct, but several times slower", "install a C compiler, then reinstall"
    )
    return [*check_installation(), compiled if kernels.is_compiled else slow]


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid.uuid4().hex


def _open_workspace(
    home: Path, reader: TableReader, preparer: Preparer, catalog: AlgorithmCatalog, clock: Clock, new_id: NewId
) -> Workspace:
    raise NotImplementedError
