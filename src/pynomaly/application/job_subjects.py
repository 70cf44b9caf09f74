"""What jobs are about, by name: of a whole list in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from pynomaly.application.ports.persistence import BeginReading, UnitOfWork
from pynomaly.domain.errors import NotFound
from pynomaly.domain.job import Job


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def names_of_subjects(begin_reading: BeginReading, jobs: Iterable[Job]) -> dict[str, str]:
    """Return the names of the detectors, datasets and sources of jobs by id, and of the users who want them by actor.

    What was deleted meanwhile has none.
    """
    wanted = {pair for job in jobs for pair in _subjects(job)}
    with begin_reading() as work:
        found = {one: _name(_finder(work, kind), one) for kind, one in wanted}
    return {one: name for one, name in found.items() if name is not None}


def _subjects(job: Job) -> Iterator[tuple[str, str]]:
    told = {**job.payload, **(job.result or {})}
    for kind in ("detector", "dataset", "source"):
        one = told.get(f"{kind}_id")
        if isinstance(one, str):
            yield kind, one
    if job.created_by.startswith("user:"):
        yield "user", job.created_by


def _finder(work: UnitOfWork, kind: str) -> Callable[[str], _Named]:
    finders: Mapping[str, Callable[[str], _Named]] = {
        "detector": work.detectors.get,
        "dataset": work.datasets.get,
        "source": work.sources.get,
        "user": lambda actor: work.users.get(actor.removeprefix("user:")),
    }
    return finders[kind]


def _name(find: Callable[[str], _Named], one: str) -> str | None:
    try:
        return find(one).name
    except NotFound:
        return None
