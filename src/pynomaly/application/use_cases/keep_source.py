"""Create, change and forget the places that rows are read from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pynomaly.application.connection_secrets import forget_secrets, keep_secrets
from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock, NewId
from pynomaly.application.ports.persistence import Begin
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.revisions import require_revision
from pynomaly.domain.connection_events import SourceChanged, SourceCreated, SourceRemoved
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.filled_fields import filled, refilled
from pynomaly.domain.identifiers import SourceId


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
        held = filled(self.sources.kind(kind).connection, settings, secrets)
        source = DataSource(
            id=SourceId(self.new_id()),
            name=name,
            kind=kind,
            settings=held.settings,
            secret_names=held.secret_names,
            created_by=self.asked.actor,
            created_at=self.clock(),
        )
        with self.begin() as work:
            work.sources.add(source)
            keep_secrets(work, source, held)
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
        settings: Mapping[str, object] | None = None,
        secrets: Mapping[str, object] | None = None,
        revision: int | None = None,
    ) -> DataSource:
        """Return the source as it is now.

        settings, secrets: those that are to change; None takes one away. Secrets that are left out stay, unless a field
        changes that says where the source leads.
        revision: the one the caller last saw.  Raises NotFound, StaleWrite, AlreadyExists, InvalidRequest.
        """
        with self.begin() as work:
            found = work.sources.get(source)
            require_revision(found, revision)
            held = refilled(self.sources.kind(found.kind).connection, found, settings or {}, secrets or {})
            keep_secrets(work, found, held)
            named = found.name if name is None else name
            work.sources.save(replace(found, name=named, settings=held.settings, secret_names=held.secret_names))
            stored = work.sources.get(found.id)
            work.record(SourceChanged(stored.id))
            work.conclude(stored)
            work.commit()
        return stored


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
            forget_secrets(work, found)
            work.record(SourceRemoved(found.id))
            work.conclude(found)
            work.commit()
        return found
