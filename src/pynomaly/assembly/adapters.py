"""What everything else is put together from."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.ports.tables import Preparer, TableReader
from pynomaly.application.ports.telemetry import Telemetry, Unwatched
from pynomaly.application.ports.work import CronClock
from pynomaly.assembly.sealing import sealer_of
from pynomaly.infrastructure.recent_outlines import OutlineMemory
from pynomaly.infrastructure.settings import Settings

if TYPE_CHECKING:
    from pynomaly.application.ports.intake import TableIntake
    from pynomaly.application.ports.stores import TableStore
    from pynomaly.application.use_cases.open_source import ReachSource
    from pynomaly.infrastructure.persistence.unit_of_work import SqlTransactions


CHILD = "pynomaly.child"
"""The module of what disposable processes do."""


def transactions_of(settings: Settings, clock: Clock, new_id: NewId) -> Callable[[Asked], "SqlTransactions"]:
    """Return how transactions are opened on behalf of somebody; the database is opened when the first one begins."""
    opening = threading.Lock()

    @cache
    def opened() -> "Callable[[Asked], SqlTransactions]":
        # SQLAlchemy costs a quarter of a second to import, and one look at a file needs none of it
        from pynomaly.infrastructure.persistence.database import Database
        from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME, SqlTransactions

        if settings.database_url is None:
            database = Database.in_file(settings.home / DATABASE_NAME)
        else:
            database = Database.on_server(settings.database_url)
        return partial(SqlTransactions, database, clock, new_id, sealer=partial(sealer_of, settings))

    def transactions(asked: Asked) -> "SqlTransactions":
        with opening:
            begun = opened()
        return begun(asked)

    return transactions


@dataclass(frozen=True, slots=True)
class Adapters:
    """What every workspace of one program shares.

    reach: reaches a source to test it.  tasks: the module of what disposable processes do.
    """

    settings: Settings
    reader: TableReader
    preparer: Preparer
    catalog: AlgorithmCatalog
    clock: Clock
    new_id: NewId
    transactions: Callable[[Asked], "SqlTransactions"]
    intake: "Callable[[TableStore, Path], TableIntake]"
    cron: CronClock
    notifiers: NotifierCatalog
    sources: SourceCatalog
    reach: "ReachSource"
    telemetry: Telemetry = field(default_factory=Unwatched)
    outlines: OutlineMemory = field(default_factory=OutlineMemory)
    tasks: str = CHILD
