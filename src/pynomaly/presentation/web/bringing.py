"""Bringing rows: a file becomes a dataset under a name of its own, and the first look at it begins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pynomaly.application.drafting import free_name
from pynomaly.application.workspace import Workspace
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import AlreadyExists
from pynomaly.domain.job import Job

ATTEMPTS = 3
LONGEST_NAME = 150
PACKED = (".gz", ".gzip", ".zst", ".zstd")
UNNAMED = "rows"
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Brought:
    """A new dataset, what was noticed while it was read, and the job of the look at it."""

    dataset: Dataset
    notes: tuple[str, ...]
    look: Job


def bring(workspace: Workspace, file: Path, file_name: str, roles: Mapping[str, ColumnRole] | None = None) -> Brought:
    """Read a file into a dataset named after it and begin to look at it.

    roles: of columns whose use is known; the others are guessed.
    Raises what reading raises, each with one clear sentence.
    """
    source = printable(file_name)
    wanted = name_from(source)

    def register() -> tuple[Dataset, tuple[str, ...]]:
        name = free_name(wanted, (one.name for one in workspace.queries.datasets()))
        return workspace.register_dataset(source=str(file), name=name, source_name=source, roles=roles)

    dataset, notes = _while_taken(register)
    return Brought(dataset, notes, look_at(workspace, dataset))


def look_at(workspace: Workspace, dataset: Dataset) -> Job:
    """Begin to look at a dataset; return the job that does it first."""
    return _while_taken(lambda: workspace.look_at_dataset(dataset=dataset.id))[1]


def name_from(file_name: str) -> str:
    """Return what a dataset is called that came as a file.

    >>> name_from("C:/tmp/card payments.csv.gz"), name_from("..."), name_from(".csv")
    ('card payments', 'rows', 'csv')
    """
    last = file_name.replace("\\", "/").rstrip("/").rpartition("/")[2].strip()
    for ending in PACKED:
        last = last.removesuffix(ending)
    stem, _, ending = last.rpartition(".")
    name = (stem or ending).strip(" .")
    return name[:LONGEST_NAME].rstrip() or UNNAMED


def printable(text: str) -> str:
    r"""Return text that may be a name: what cannot be seen is left out.

    >>> printable("a\x00b\u202ec.csv")
    'abc.csv'
    """
    return "".join(sign for sign in text if sign.isprintable())[:200].strip() or UNNAMED


def _while_taken(make: Callable[[], Made]) -> Made:
    """Make something under a free name; try again where somebody else took it a moment before."""
    for _ in range(ATTEMPTS - 1):
        try:
            return make()
        except AlreadyExists:
            continue
    return make()
