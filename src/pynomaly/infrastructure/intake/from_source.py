"""Taking rows in from a source outside: streamed into a file, and from there into the table store."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pynomaly.application.ports.intake import TakenIn
from pynomaly.application.ports.opened_source import Wanted
from pynomaly.application.ports.progress import Progress
from pynomaly.application.ports.sources import SourceBounds, SourceCatalog
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import Table
from pynomaly.application.redaction import discreet
from pynomaly.application.source_opening import checked_selection

LendFolder: TypeAlias = Callable[[], AbstractContextManager[Path]]
"""Lends an empty folder that is gone afterwards."""
ReadMapped: TypeAlias = Callable[[Path, str], Table]
"""Returns the rows of an Arrow file under a name, without holding them in memory."""


@dataclass(frozen=True, slots=True)
class FromSource:
    """Rows are never in memory as a whole, however many there are."""

    sources: SourceCatalog
    bounds: SourceBounds
    lend_folder: LendFolder
    read: ReadMapped
    tables: TableStore

    def take_in(self, wanted: Wanted, progress: Progress) -> TakenIn:
        """Keep the rows that are wanted. Raises what reading, describing and storing raise, without secrets in it."""
        opened = wanted.source
        with discreet(opened.secret_texts), self.lend_folder() as folder:
            file = folder / "rows.arrow"
            progress("reading", 0.0)
            source = self.sources.open(opened.kind, opened.values, self.bounds)
            selection = checked_selection(self.sources.kind(opened.kind), wanted.selection)
            found = source.read_into(selection, file, lambda _n_rows: progress("reading", 0.0))
            progress("keeping", 0.0)
            table = self.read(file, opened.name).describe(roles=wanted.roles, kinds=wanted.kinds)
            fingerprint = self.tables.keep(table)
            return TakenIn(fingerprint, table.columns, table.n_rows, (*found.notes, *table.notes))
