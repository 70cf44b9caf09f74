"""THE TABLE of sources: what each kind needs, and who reads it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from pynomaly.application.ports.sources import Source, SourceBounds, SourceKind
from pynomaly.domain.connection import Value
from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest, did_you_mean
from pynomaly.infrastructure.sources.kinds import POSTGRESQL, S3, SQLITE
from pynomaly.infrastructure.sources.surroundings import Surroundings

_SOURCES = "pynomaly.infrastructure.sources"
_Open = Callable[[Mapping[str, Value], SourceBounds, Surroundings], Source]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row. opener: "module:function", imported when first needed.  extra: the optional group it needs."""

    kind: SourceKind
    opener: str
    extra: str | None = None

    @property
    def name(self) -> str:
        """What the kind is called."""
        return self.kind.connection.name


ROWS = (
    SourceRow(POSTGRESQL, f"{_SOURCES}.postgresql:open_postgresql", extra="postgres"),
    SourceRow(S3, f"{_SOURCES}.s3:open_s3", extra="s3"),
    SourceRow(SQLITE, f"{_SOURCES}.sqlite:open_sqlite"),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """The kinds of sources there are, and what their readers are given."""

    around: Surroundings
    rows: tuple[SourceRow, ...] = ROWS

    def kinds(self) -> Sequence[SourceKind]:
        """Return every kind."""
        return [row.kind for row in self.rows]

    def kind(self, name: str) -> SourceKind:
        """Return a kind by its name. Raises InvalidRequest with the closest name."""
        return self._row(name).kind

    def open(self, kind: str, values: Mapping[str, Value], bounds: SourceBounds) -> Source:
        """Return a source, nothing being connected to yet.

        Raises InvalidRequest, ExtraNotInstalled, DestinationRefused.
        """
        row = self._row(kind)
        checked = row.kind.connection.checked(values)
        return _opener(row)(checked, bounds, self.around)

    def _row(self, name: str) -> SourceRow:
        for row in self.rows:
            if row.name == name:
                return row
        known = [row.name for row in self.rows]
        close = did_you_mean(name, known)
        raise InvalidRequest(f"sources are of kind {', '.join(known)}, not '{name[:100]}'{close}")


def _opener(row: SourceRow) -> _Open:
    module, function = row.opener.split(":")
    try:
        return cast(_Open, getattr(import_module(module), function))
    except ImportError as error:
        if row.extra is None or str(error.name).startswith("pynomaly"):
            raise
        wanted = f"pip install 'pynomaly-platform[{row.extra}]'"
        raise ExtraNotInstalled(f"sources of kind {row.name} need: {wanted}") from None
