"""Putting a source's settings and secrets together."""

from collections.abc import Mapping

from pynomaly.application.connection_secrets import revealed
from pynomaly.application.ports.opened_source import OpenedSource
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.sources import SourceKind
from pynomaly.domain.connection import ConnectionKind, Value


def open_source(work: UnitOfWork, name_or_id: str) -> OpenedSource:
    """Return a source with its secrets, for whoever is about to use it.

    Raises NotFound, SealBroken, InvalidRequest where the key that they are sealed with is not set.
    """
    found = work.sources.get(name_or_id)
    return OpenedSource(found.id, found.name, found.kind, found.settings, revealed(work, found))


def checked_selection(kind: SourceKind, selection: Mapping[str, object]) -> dict[str, Value]:
    """Return what is to be read of a source, defaults filled in. Raises InvalidRequest."""
    return ConnectionKind(f"a selection of {kind.connection.name}", "", kind.selection).checked(selection)
