"""Change a dataset: another name, or other roles of its columns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.revisions import require_revision
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.events import DatasetChanged


@dataclass(frozen=True, slots=True)
class ChangeDataset:
    """The rows stay; what they are called and used for changes."""

    begin: Begin
    tables: TableStore

    def __call__(
        self,
        *,
        dataset: str,
        name: str | None = None,
        roles: Mapping[str, ColumnRole] | None = None,
        revision: int | None = None,
    ) -> Dataset:
        """Return the dataset as it is now.

        revision: the one the caller last saw.  Raises NotFound, StaleWrite, AlreadyExists, ColumnMismatch.
        """
        with self.begin() as work:
            found = work.datasets.get(dataset)
            require_revision(found, revision)
            changed = found if name is None else replace(found, name=name)
            if roles:
                table = self.tables.open(found.fingerprint, found.columns, found.name)
                changed = replace(changed, columns=table.describe(roles=roles, kinds={}).columns)
            work.datasets.save(changed)
            stored = work.datasets.get(found.id)
            work.record(DatasetChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored
