"""Taking rows in within this process."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.ports.intake import TakenIn
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import TableReader
from pynomaly.domain.columns import ColumnKind, ColumnRole


@dataclass(frozen=True, slots=True)
class InProcessIntake:
    """Reads and keeps rows here: for sources that whoever runs the program trusts."""

    reader: TableReader
    tables: TableStore

    def take_in(
        self,
        source: object,
        *,
        name: str,  # noqa: ARG002 - the reader knows it
        roles: Mapping[str, ColumnRole],
        kinds: Mapping[str, ColumnKind],
    ) -> TakenIn:
        """Keep the rows of a source. Raises what reading and storing raise."""
        table = self.reader.read(source).describe(roles=roles, kinds=kinds)
        return TakenIn(self.tables.keep(table), table.columns, table.n_rows, table.notes)
