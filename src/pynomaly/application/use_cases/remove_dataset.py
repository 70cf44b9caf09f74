"""Forget a dataset and delete its rows where no other dataset shares them."""

from dataclasses import dataclass

from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.stores import TableStore
from pynomaly.domain.dataset import Dataset


@dataclass(frozen=True, slots=True)
class RemoveDataset:
    """The row goes first, the file after: a crash between leaves a file too many, never a dataset without rows."""

    begin: Begin
    tables: TableStore

    def __call__(self, *, dataset: str) -> Dataset:
        """Return what was removed. Raises NotFound."""
        with self.begin() as work:
            found = work.datasets.get(dataset)
            work.datasets.remove(found)
            work.commit()
        with self.begin() as work:  # holds off anybody who is registering the same rows
            if all(other.fingerprint != found.fingerprint for other in work.datasets.all()):
                self.tables.discard(found.fingerprint)
        return found
