"""Forget a dataset and delete its rows where no other dataset shares them."""

from dataclasses import dataclass

from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.revisions import require_revision
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.events import DatasetRemoved


@dataclass(frozen=True, slots=True)
class RemoveDataset:
    """The row goes first, the file after: a crash between leaves a file too many, never a dataset without rows.

    begin_unclaimed: opens a transaction of its own, after the one that the request was concluded in.
    """

    begin: Begin
    begin_unclaimed: Begin
    tables: TableStore

    def __call__(self, *, dataset: str, revision: int | None = None) -> Dataset:
        """Return what was removed.

        revision: the one the caller last saw.  Raises NotFound, StaleWrite if it is another by now.
        """
        with self.begin() as work:
            found = work.datasets.get(dataset)
            require_revision(found, revision)
            work.datasets.remove(found)
            work.record(DatasetRemoved(found.id))
            work.conclude(found)
            work.commit()
        self._discard_unused(found.fingerprint)
        return found

    def _discard_unused(self, fingerprint: str) -> None:
        with self.begin_unclaimed() as work:
            work.datasets.hold_rows(fingerprint)  # holds off anybody who is registering the same rows
            if all(other.fingerprint != fingerprint for other in work.datasets.all()):
                self.tables.discard(fingerprint)
