"""Names of datasets that are about to be kept."""

from datetime import datetime

from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.domain.dataset import require_name
from pynomaly.domain.errors import AlreadyExists

_LONGEST_STEM = 150


def require_free_name(work: UnitOfWork, name: str) -> None:
    """Check, before any rows are read, that a dataset may be called so. Raises InvalidRequest, AlreadyExists."""
    require_name(name)
    if any(dataset.name == name for dataset in work.datasets.all()):
        raise AlreadyExists(f"there is a dataset '{name}' already; choose another name or delete it first")


def name_of_snapshot(work: UnitOfWork, source: str, at: datetime) -> str:
    """Return a free name for what a source held at a moment, such as "shop 2026-03-14 12:00:00"."""
    taken = {dataset.name for dataset in work.datasets.all()}
    name = f"{source[:_LONGEST_STEM].rstrip()} {at:%Y-%m-%d %H:%M:%S}"
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
