"""What disposable processes do: read a stranger's file, reach a source, or do a job.

Only plain JSON goes in and comes out.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pynomaly.application.ports.opened_source import opened_from_json
from pynomaly.assembly.job_doing import do_job
from pynomaly.assembly.source_reading import reach
from pynomaly.assembly.sources import source_catalog
from pynomaly.assembly.workspace import table_store
from pynomaly.bootstrap import build, settings_in_force
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.infrastructure.data.table_reader import TableReader
from pynomaly.infrastructure.intake.in_child import taken_in_to_json
from pynomaly.infrastructure.intake.in_process import InProcessIntake

Tell: TypeAlias = Callable[[Mapping[str, JsonValue]], None]
"""Reports progress to whoever started the process."""


def take_in(arguments: dict[str, Any], _tell: Tell) -> JsonValue:
    """Read the file at `path` and keep its rows in the folder `tables`. Raises what reading and storing raise."""
    reader = TableReader(file_name=arguments["name"])
    intake = InProcessIntake(reader, table_store(Path(arguments["tables"])))
    taken = intake.take_in(
        arguments["path"],
        name=arguments["name"],
        roles={column: ColumnRole(role) for column, role in arguments["roles"].items()},
        kinds={column: ColumnKind(kind) for column, kind in arguments["kinds"].items()},
    )
    return taken_in_to_json(taken)


def unfold(arguments: dict[str, Any], _tell: Tell) -> JsonValue:
    """Read the file at `path` and write it to `to` as an Arrow stream that is packed nowhere."""
    import pyarrow as pa

    table = TableReader().read(arguments["path"]).data
    with pa.OSFile(arguments["to"], "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return int(table.num_rows)


def run_job(arguments: dict[str, Any], tell: Tell) -> JsonValue:
    """Do a job under the claim it was taken with, with the source it was handed, if it reads one."""
    do_job(build().open_workspace, arguments, tell)
    return {}


def reach_source(arguments: dict[str, Any], _tell: Tell) -> JsonValue:
    """Reach the source that was handed over, and return what was found. Raises why it could not be."""
    settings = settings_in_force()
    return reach(source_catalog(settings), settings, opened_from_json(arguments["source"]))
