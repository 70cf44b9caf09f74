"""Putting a source's settings and secrets together."""

from collections.abc import Mapping

from pynomaly.application.ports.opened_source import OpenedSource, owner_of
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.sources import SourceCatalog, SourceKind
from pynomaly.domain.connection import ConnectionKind, Value
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.errors import SealBroken


def open_source(work: UnitOfWork, sources: SourceCatalog, name_or_id: str) -> OpenedSource:
    """Return a source with its secrets, for whoever is about to use it.

    Raises NotFound, SealBroken, InvalidRequest where a key that is needed is not set.
    """
    found = work.sources.get(name_or_id)
    return OpenedSource(found.id, found.name, found.kind, found.settings, _revealed(work, sources, found))


def checked_selection(kind: SourceKind, selection: Mapping[str, object]) -> dict[str, Value]:
    """Return what is to be read of a source, defaults filled in. Raises InvalidRequest."""
    return ConnectionKind(f"a selection of {kind.connection.name}", "", kind.selection).checked(selection)


def _revealed(work: UnitOfWork, sources: SourceCatalog, source: DataSource) -> dict[str, str]:
    revealed: dict[str, str] = {}
    for field in sources.kind(source.kind).connection.fields:
        text = work.secrets.reveal(owner_of(source), field.name) if field.is_secret else None
        if text is not None:
            revealed[field.name] = text
        elif field.is_secret and field.is_required:
            raise SealBroken(f"'{field.name}' of source '{source.name}' is gone; set it anew")
    return revealed
