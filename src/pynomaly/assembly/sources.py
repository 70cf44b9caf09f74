"""The sources that rows can be read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pynomaly.application.ports.sources import Source, SourceBounds, SourceCatalog, SourceKind
from pynomaly.domain.connection import Value
from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.settings import Settings


@dataclass(frozen=True, slots=True)
class EmptyCatalog:
    """No kind of source at all."""

    def kinds(self) -> Sequence[SourceKind]:
        """Return none."""
        return ()

    def kind(self, name: str) -> SourceKind:
        """Raise InvalidRequest: there is none."""
        raise InvalidRequest(f"there is no kind of source '{name[:100]}'")

    def open(self, kind: str, values: Mapping[str, Value], bounds: SourceBounds) -> Source:  # noqa: ARG002
        """Raise InvalidRequest: there is none."""
        raise InvalidRequest(f"there is no kind of source '{kind[:100]}'")


def source_catalog(settings: Settings) -> SourceCatalog:  # noqa: ARG001
    """Return the kinds of sources there are."""
    return EmptyCatalog()
