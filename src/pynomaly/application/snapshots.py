"""What a source held at one moment, as a dataset."""

from datetime import datetime

from pynomaly.application.ports.intake import TakenIn
from pynomaly.application.ports.opened_source import Wanted
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.stores import TableStore
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import Unavailable
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.identifiers import DatasetId


def snapshot_of(wanted: Wanted, taken: TakenIn, dataset_id: str, name: str, at: datetime) -> Dataset:
    """Return rows that were taken in as a dataset. at: when reading began."""
    return Dataset(
        id=DatasetId(dataset_id),
        name=name,
        fingerprint=taken.fingerprint,
        source=wanted.origin,
        n_rows=taken.n_rows,
        columns=taken.columns,
        created_at=at,
    )


def add_snapshot(work: UnitOfWork, tables: TableStore, dataset: Dataset) -> None:
    """Store a dataset whose rows are kept. Raises AlreadyExists, Unavailable if somebody discarded the rows since."""
    work.datasets.hold_rows(dataset.fingerprint)
    if not tables.holds(dataset.fingerprint):
        raise Unavailable("the same rows were deleted while they were read; try again in a moment")
    work.datasets.add(dataset)
    work.record(DatasetRegistered(dataset.id, dataset.n_rows))
