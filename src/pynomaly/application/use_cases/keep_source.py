"""Create, change and forget the places that rows are read from."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.opened_source import owner_of
from pynomaly.application.ports.persistence import Begin, UnitOfWork
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.revisions import require_revision
from pynomaly.domain.connection import Value
from pynomaly.domain.data_source import DataSource, checked_connection
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.events import SourceChanged, SourceCreated, SourceRemoved
from pynomaly.domain.identifiers import SourceId

_UNKNOWN_SECRET = "x"  # noqa: S105 - stands for one that is there and is not looked at


@dataclass(frozen=True, slots=True)
class CreateSource:
    """Name a place; nothing is connected to."""

    begin: Begin
    asked: Asked
    sources: SourceCatalog
    clock: Clock
    new_id: NewId

    def __call__(
        self, *, name: str, kind: str, settings: Mapping[str, object], secrets: Mapping[str, object]
    ) -> DataSource:
        """Return the new source.

        secrets: by field; they are sealed, and shown to nobody again.  Raises InvalidRequest, AlreadyExists.
        """
        connection = self.sources.kind(kind).connection
        plain, hidden = checked_connection(connection, settings, secrets)
        source = DataSource(
            id=SourceId(self.new_id()),
            name=name,
            kind=connection.name,
            settings=plain,
            secret_names=tuple(sorted(hidden)),
            created_by=self.asked.actor,
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.sources.add(source)
            _seal(work, source, hidden)
            work.record(SourceCreated(source.id, source.kind))
            work.conclude(source)
            work.commit()
        return source


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """Give a source another name, other settings or other secrets."""

    begin: Begin
    sources: SourceCatalog

    def __call__(
        self,
        *,
        source: str,
        name: str | None = None,
        settings: Mapping[str, Value | None] | None = None,
        secrets: Mapping[str, str] | None = None,
        revision: int | None = None,
    ) -> DataSource:
        """Return the source as it is now.

        settings: those that are to change; None takes one away.  secrets: one that is left out stays, unless a setting
        changes: a secret goes nowhere but where it was given for.
        revision: the one the caller last saw.  Raises NotFound, StaleWrite, AlreadyExists, InvalidRequest.
        """
        with self.begin() as work:
            found = work.sources.get(source)
            require_revision(found, revision)
            work.sources.save(self._changed(found, name, settings or {}, secrets or {}))
            _seal(work, found, secrets or {})
            stored = work.sources.get(found.id)
            work.record(SourceChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored

    def _changed(
        self, found: DataSource, name: str | None, settings: Mapping[str, Value | None], secrets: Mapping[str, str]
    ) -> DataSource:
        connection = self.sources.kind(found.kind).connection
        hidden = {**dict.fromkeys(found.secret_names, _UNKNOWN_SECRET), **secrets}
        plain, hidden = checked_connection(connection, _merged(found.settings, settings), hidden)
        if plain != dict(found.settings):
            _require_anew(set(found.secret_names) - secrets.keys())
        named = found.name if name is None else name
        return replace(found, name=named, settings=plain, secret_names=tuple(sorted(hidden)))


@dataclass(frozen=True, slots=True)
class RemoveSource:
    """Forget a source and its secrets; datasets that were read from it stay."""

    begin: Begin

    def __call__(self, *, source: str, revision: int | None = None) -> DataSource:
        """Return what was removed. Raises NotFound, StaleWrite."""
        with self.begin() as work:
            found = work.sources.get(source)
            require_revision(found, revision)
            work.sources.remove(found)
            if found.secret_names:
                work.secrets.forget(owner_of(found))
            work.record(SourceRemoved(found.id))
            work.conclude(found)
            work.commit()
        return found


def _seal(work: UnitOfWork, source: DataSource, secrets: Mapping[str, str]) -> None:
    for field, text in secrets.items():
        work.secrets.put(owner_of(source), field, text)


def _merged(before: Mapping[str, Value], changes: Mapping[str, Value | None]) -> dict[str, Value]:
    merged = {**before, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def _require_anew(missing: Set[str]) -> None:
    if missing:
        names = " and ".join(f"'{name}'" for name in sorted(missing))
        raise InvalidRequest(f"give {names} anew: a secret goes nowhere but where it was given for")
