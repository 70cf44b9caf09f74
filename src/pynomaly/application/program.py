"""The built program as the doors of the house receive it: what needs no workspace, and the way to one.

One look at a file imports nothing of workspaces, people and backups: that would take longer than the look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.ports.stores import ModelFiles, ResultFiles
from pynomaly.application.ports.tables import Preparer, TableReader
from pynomaly.application.use_cases.find_anomalies import FindAnomalies

if TYPE_CHECKING:
    from pynomaly.application.backups import Backups
    from pynomaly.application.people import People
    from pynomaly.application.tickets import Tickets
    from pynomaly.application.workspace import OpenWorkspace
    from pynomaly.domain.user import Tenant


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
    tickets: "Tickets | None" = None


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
    open_workspace: "OpenWorkspace"
    diagnose: Callable[[], Sequence[Check]]
    diagnose_server: Callable[[], Sequence[Check]]
    settings: Sequence[Setting]
    write_sample: WriteSample
    tenants: "Callable[[], Sequence[Tenant]]"
    people: "Callable[[], People]"
    new_master_key: Callable[[], str]
    new_secret: Callable[[], str]
    new_tickets: "Callable[[], Tickets]"
    is_embedded: bool
    backups: "Callable[[], Backups]"
    upgrade_database: UpgradeDatabase
    serve: Callable[[ServeOptions], None]
    work: Callable[[WorkOptions], None]
