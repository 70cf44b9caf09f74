"""A data source: a place outside that a workspace reads rows from, known by name; its credentials lie elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pynomaly.domain.connection import ConnectionKind, Value
from pynomaly.domain.dataset import require_name
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.identifiers import SourceId


@dataclass(frozen=True, slots=True)
class DataSource:
    """A place and how to reach it, but for what is secret: of that, only which there is.

    kind: of connection, such as "postgresql".  settings: its fields that are not secret.
    secret_names: those that are, as far as they are set.
    revision: grows with every stored change, so that two writers notice each other.
    """

    id: SourceId
    name: str
    kind: str
    settings: Mapping[str, Value]
    secret_names: tuple[str, ...]
    created_by: str
    created_at: datetime
    revision: int = 0

    def __post_init__(self) -> None:
        require_name(self.name)


def checked_connection(
    kind: ConnectionKind, settings: Mapping[str, object], secrets: Mapping[str, object]
) -> tuple[dict[str, Value], dict[str, str]]:
    """Return settings with their defaults, and secrets, as a kind of connection takes them.

    Raises InvalidRequest, also for a secret among the settings: there it would be shown to everybody.
    """
    secret_names = kind.secret_names()
    for name in settings.keys() & secret_names:
        raise InvalidRequest(f"'{name}' is secret: give it among the secrets, not among the settings")
    for name in sorted(secrets.keys() - secret_names):
        takes = ", ".join(sorted(secret_names)) or "none"
        raise InvalidRequest(f"'{name[:100]}' is no secret of {kind.name}; its secrets: {takes}")
    values = kind.checked({**settings, **secrets})
    plain = {name: value for name, value in values.items() if name not in secret_names}
    return plain, {name: str(value) for name, value in values.items() if name in secret_names}
