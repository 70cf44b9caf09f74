"""Files the workspace keeps: tables, models and score vectors, each found by the digest of its content."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol

from numpy.typing import NDArray

from pynomaly.application.ports.tables import Table
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import BoolVector, FloatVector
from pynomaly.domain.columns import Column
from pynomaly.domain.identifiers import ModelDigest, ScoresDigest


@dataclass(frozen=True, slots=True, eq=False)
class ModelArtifact:
    """A trained model as data: a JSON manifest and named arrays."""

    manifest: Mapping[str, JsonValue]
    arrays: Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredRows:
    """The full result of one detection, one entry per input row in input order.

    identifiers: the id column's values where there is one.  probabilities, severities: None where unknown.
    """

    scores: FloatVector
    p_values: FloatVector
    probabilities: FloatVector | None
    is_anomaly: BoolVector
    identifier_name: str | None = None
    identifiers: Sequence[object] | None = None
    severities: FloatVector | None = None


class TableStore(Protocol):
    """Keeps rows."""

    def keep(self, table: Table) -> str:
        """Store a table and return its fingerprint; storing the same rows again changes nothing."""
        ...

    def open(self, fingerprint: str, columns: tuple[Column, ...], name: str) -> Table:
        """Return stored rows with the columns described as given. Raises NotFound, CorruptModel if damaged."""
        ...

    def holds(self, fingerprint: str) -> bool:
        """Whether rows of this fingerprint are there."""
        ...

    def discard(self, fingerprint: str) -> None:
        """Delete stored rows; nothing happens if they are gone already."""
        ...

    def discard_unused(self, used: AbstractSet[str], *, older_than_seconds: float) -> int:
        """Delete all rows but those in use and those kept a short while ago; return how many tables that were."""
        ...


class ModelStore(Protocol):
    """Keeps trained models; writing is all or nothing."""

    def save(self, artifact: ModelArtifact) -> ModelDigest:
        """Store a model durably and return the digest it is found by."""
        ...

    def load(self, digest: ModelDigest) -> ModelArtifact:
        """Return a model, its checksums verified before anything is parsed. Raises NotFound, CorruptModel."""
        ...

    def discard_unused(self, used: AbstractSet[str], *, older_than_seconds: float) -> int:
        """Delete all models but those in use and those saved a short while ago; return how many that were."""
        ...


class ModelFiles(Protocol):
    """Models outside the workspace: a folder with `manifest.json` and `arrays.safetensors`."""

    def write(self, artifact: ModelArtifact, path: PurePath) -> None:
        """Write a model folder, all or nothing. Raises AlreadyExists if something is there, UnreadableFile."""
        ...

    def read(self, path: PurePath) -> ModelArtifact:
        """Read and verify a model folder. Raises NotFound, CorruptModel."""
        ...


class ScoreStore(Protocol):
    """Keeps full score vectors as Arrow files."""

    def save(self, rows: ScoredRows) -> ScoresDigest:
        """Store a result durably and return its digest."""
        ...

    def load(self, digest: ScoresDigest) -> ScoredRows:
        """Return a result, memory-mapped. Raises NotFound, CorruptModel."""
        ...

    def discard_unused(self, used: AbstractSet[str], *, older_than_seconds: float) -> int:
        """Delete all results but those in use and those saved a short while ago; return how many that were."""
        ...


class ResultFiles(Protocol):
    """Results as files for people and other programs."""

    def check(self, path: PurePath) -> None:
        """See, before any work is done, that a result could be written there.

        Raises InvalidRequest for an unknown suffix, UnreadableFile for a missing folder or where a folder stands.
        """
        ...

    def write(self, rows: ScoredRows, path: PurePath) -> None:
        """Write one line per input row to a .parquet, .csv, .jsonl or .arrow file, all or nothing.

        Raises InvalidRequest for another suffix, UnreadableFile if the place cannot be written.
        """
        ...
