"""A data source: a place outside that a workspace reads rows from, known by name; its credentials lie elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pynomaly.domain.connection import Value
from pynomaly.domain.dataset import require_name
from pynomaly.domain.identifiers import SourceId


@dataclass(frozen=True, slots=True)
class DataSource:
    """A place and how to reach it, but for what is secret: of that, only which there is.

    kind: of connection, such as "postgresql".  settings: its fields that are not secret.
    secret_names: those that are, as far as they are set, in their order.
    revision: grows with every stored change, so that two writers notice each other.
    """

    noun: ClassVar = "source"

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
