"""One moment of a whole database, as a backup takes it in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pynomaly.application.ports.backups import DatabaseFacts, References
from pynomaly.domain.identifiers import LOCAL_TENANT, TenantId
from pynomaly.infrastructure.persistence.audit_rows import AuditRows
from pynomaly.infrastructure.persistence.database import stamp_in
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.dataset_rows import DatasetRows
from pynomaly.infrastructure.persistence.detection_rows import DetectionRows
from pynomaly.infrastructure.persistence.detector_rows import DetectorRows
from pynomaly.infrastructure.persistence.migrations.env import DESCRIBED
from pynomaly.infrastructure.persistence.people_rows import TenantRows
from pynomaly.infrastructure.persistence.portable_rows import lines_of
from pynomaly.infrastructure.persistence.transaction import Transaction

ALL_TABLES = DESCRIBED[0].metadata
"""Described completely: whoever migrates has imported every module of tables."""

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the whole database, all workspaces of it."""

    transaction: Transaction

    @property
    def facts(self) -> DatabaseFacts:
        """What is true at this moment."""
        with translated(self.transaction.database):
            schema = stamp_in(self.transaction.connection, self.transaction.database)
        tenants = [tenant.id for tenant in TenantRows(self.transaction).all()]
        return DatabaseFacts(schema or "", [_references(self._of(tenant_id)) for tenant_id in tenants])

    @property
    def tables(self) -> Sequence[str]:
        """The tables' names, those that others refer to first."""
        return [table.name for table in ALL_TABLES.sorted_tables]

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield a table's rows, each as a line of JSON."""
        with translated(self.transaction.database):
            yield from lines_of(self.transaction.connection, ALL_TABLES.tables[table], at_once=ROWS_AT_ONCE)

    def audit_log(self, tenant_id: TenantId) -> AuditRows:
        """Return the audit log of a workspace."""
        return AuditRows(self._of(tenant_id))

    def _of(self, tenant_id: TenantId) -> Transaction:
        return reading(self.transaction.connection, self.transaction.database, tenant_id)


def reading(connection: Connection, database: str, tenant_id: TenantId = LOCAL_TENANT) -> Transaction:
    """Return the transaction of one workspace that a connection stands for."""
    return Transaction(connection, tenant_id, database, is_reading=True)


def _references(of_workspace: Transaction) -> References:
    return References(
        of_workspace.tenant_id,
        DatasetRows(of_workspace).fingerprints(),
        DetectorRows(of_workspace).models(),
        DetectionRows(of_workspace).scores(),
    )
