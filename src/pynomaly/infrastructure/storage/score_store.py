"""The workspace's score vectors: one Arrow file each, named by the digest of its content."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pynomaly.application.ports.stores import ScoredRows
from pynomaly.domain.arrays import read_only
from pynomaly.domain.errors import CorruptModel, NotFound
from pynomaly.domain.identifiers import ScoresDigest
from pynomaly.infrastructure.storage.arrow_files import file_sha256, read_arrow, write_arrow
from pynomaly.infrastructure.storage.atomic_files import (
    discard_all_but,
    ensure_private_folder,
    sweep_abandoned,
    unfinished_file,
)
from pynomaly.infrastructure.storage.file_errors import reading, writing
from pynomaly.infrastructure.storage.scored_columns import StoredIdentifiers, identifier_column

if TYPE_CHECKING:
    import pyarrow as pa

_DIGEST = re.compile(r"[0-9a-f]{64}")
_IDENTIFIER_NAME = b"identifier_name"


@dataclass(frozen=True, slots=True)
class ArrowScoreStore:
    """Keeps results in `folder`, created when the first one is saved.

    Columns: score, p_value, is_anomaly; severity, probability and id only where there are any. Not compressed, so a
    result is mapped and not read. Its checksum is verified at every load: 0.05 s for a million rows.
    """

    folder: Path

    def save(self, rows: ScoredRows) -> ScoresDigest:
        """Store a result durably and return its digest. Raises StorageFull, UnreadableFile if it cannot be written."""
        with writing(self.folder):
            ensure_private_folder(self.folder)
            sweep_abandoned(self.folder)
            with unfinished_file(self.folder) as draft:
                write_arrow(_to_arrow(rows), draft.path)
                digest = file_sha256(draft.path)
                draft.publish(self._file(digest))
        return ScoresDigest(digest)

    def load(self, digest: ScoresDigest) -> ScoredRows:
        """Return a result, memory-mapped and read-only. Raises NotFound, CorruptModel, UnreadableFile."""
        if not _DIGEST.fullmatch(digest) or not self._file(digest).is_file():
            raise NotFound(f"the workspace keeps no scores {digest[:64]}; run the detection again")
        with reading(self._file(digest)):
            data = read_arrow(self._file(digest), sha256=digest, remedy="run the detection again")
        if not {"score", "p_value", "is_anomaly"} <= set(data.column_names):
            raise CorruptModel(f"{self._file(digest)} holds no scores; run the detection again")
        return _from_arrow(data)

    def discard_unused(self, used: AbstractSet[str], *, older_than_seconds: float) -> int:
        """Delete all results but those in use and those saved a short while ago; return how many that were."""
        with writing(self.folder):
            return discard_all_but(used, self.folder, suffix=".arrow", older_than_seconds=older_than_seconds)

    def _file(self, digest: str) -> Path:
        return self.folder / f"{digest}.arrow"


def _to_arrow(rows: ScoredRows) -> "pa.Table":
    import pyarrow as pa

    columns: dict[str, Any] = {"score": rows.scores, "p_value": rows.p_values, "is_anomaly": rows.is_anomaly}
    if rows.severities is not None:
        columns["severity"] = rows.severities
    if rows.probabilities is not None:
        columns["probability"] = rows.probabilities
    if rows.identifiers is not None:
        columns["id"] = identifier_column(rows.identifiers)
    name = None if rows.identifier_name is None else {_IDENTIFIER_NAME: rows.identifier_name.encode()}
    return pa.table(columns).replace_schema_metadata(name)


def _from_arrow(data: "pa.Table") -> ScoredRows:
    def vector(name: str) -> Any:
        return read_only(data.column(name).combine_chunks().to_numpy(zero_copy_only=False))

    names = set(data.column_names)
    name = (data.schema.metadata or {}).get(_IDENTIFIER_NAME)
    return ScoredRows(
        scores=vector("score"),
        p_values=vector("p_value"),
        probabilities=vector("probability") if "probability" in names else None,
        is_anomaly=vector("is_anomaly"),
        identifier_name=None if name is None else name.decode(),
        identifiers=StoredIdentifiers(data.column("id").combine_chunks()) if "id" in names else None,
        severities=vector("severity") if "severity" in names else None,
    )
