"""The rows that a detection scored, where they were kept."""

from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import Table
from pynomaly.domain.detection import Detection
from pynomaly.domain.errors import Conflict, NotFound


def kept_rows(detection: Detection, begin_reading: BeginReading, tables: TableStore) -> Table:
    """Return the rows of a detection.

    Raises Conflict where they were not kept, NotFound where their dataset is gone, CorruptModel.
    """
    if detection.dataset_id is None:
        raise Conflict(f"the rows of detection {detection.id[:8]} were not kept; detect on a stored dataset instead")
    with begin_reading() as work:
        dataset = work.datasets.get(detection.dataset_id)
    return tables.open(dataset.fingerprint, dataset.columns, dataset.name)


def require_row(detection: Detection, row: int) -> None:
    """Check that a detection has a row. Raises NotFound."""
    if not 0 <= row < detection.n_rows:
        raise NotFound(f"detection {detection.id[:8]} has rows 0 to {detection.n_rows - 1}, not {row}")
