"""What a backup says of itself: one JSON file that vouches for every other one by size and SHA-256."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from pynomaly.application.ports.backups import Backup, Contents
from pynomaly.domain.audit import ChainHead, ChainVerdict
from pynomaly.domain.errors import Conflict, UnreadableFile
from pynomaly.domain.identifiers import TenantId
from pynomaly.infrastructure.storage.stored_names import is_stored_name

MANIFEST = "manifest.json"
CHECKSUM = "manifest.sha256"
FORMAT, FORMAT_VERSION = "pynomaly-backup", 1
DATABASE, FILES, KEYS = "database/", "files/", "keys/"
_TABLE = re.compile(r"database/[a-z_]{1,60}\.jsonl")

Sums: TypeAlias = Mapping[str, tuple[int, str]]
"""Size and SHA-256 (hex) by name."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup's contents, and what vouches for its files. program: the version that made it."""

    contents: Contents
    rows: Mapping[str, int]
    files: Sums
    program: str

    def as_bytes(self) -> bytes:
        """Return the manifest as it is written."""
        contents = self.contents
        found = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "program": self.program,
            "made_at": contents.made_at.astimezone(UTC).isoformat(),
            "schema": contents.schema,
            "rows": dict(self.rows),
            "logs": {tenant: _log_as_json(verdict) for tenant, verdict in contents.logs.items()},
            "missing": list(contents.missing),
            "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in self.files.items()},
        }
        return (json.dumps(found, indent=1) + "\n").encode("ascii")

    def told(self, folder: Path, digest: str) -> Backup:
        """Return what people are told of the backup. digest: the manifest's, as it lies there."""
        stored = [size for name, (size, _) in self.files.items() if name.startswith(FILES)]
        return Backup(
            path=folder,
            digest=digest,
            contents=self.contents,
            rows=self.rows,
            n_files=len(stored),
            n_bytes=sum(stored),
            keys=tuple(name.removeprefix(KEYS) for name in self.files if name.startswith(KEYS)),
        )


def read_manifest(text: bytes, *, known_keys: tuple[str, ...]) -> Manifest:
    """Read a manifest. Raises UnreadableFile if it is none, Conflict if a newer program wrote it."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise ValueError("it does not say that it is a backup")
        if found["format_version"] != FORMAT_VERSION:
            raise Conflict(f"the backup has format {found['format_version']}; upgrade this Pynomaly to restore it")
        return _read(found, known_keys)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableFile(f"the backup's {MANIFEST} makes no sense: {error}") from error


def _read(found: Mapping[str, Any], known_keys: tuple[str, ...]) -> Manifest:
    files = {str(name): (int(one["bytes"]), str(one["sha256"])) for name, one in found["files"].items()}
    rows = {str(table): int(n_rows) for table, n_rows in found["rows"].items()}
    _require_usable_names(files, rows, known_keys)
    contents = Contents(
        made_at=datetime.fromisoformat(found["made_at"]),
        schema=str(found["schema"]),
        logs={TenantId(str(tenant)): _log(one) for tenant, one in found["logs"].items()},
        missing=tuple(str(name) for name in found["missing"]),
    )
    return Manifest(contents, rows, files, str(found["program"]))


def _require_usable_names(files: Sums, rows: Mapping[str, int], known_keys: tuple[str, ...]) -> None:
    for name in files:
        is_table = _TABLE.fullmatch(name) is not None and name[len(DATABASE) : -len(".jsonl")] in rows
        is_file = name.startswith(FILES) and is_stored_name(name.removeprefix(FILES))
        if not (is_table or is_file or name in {KEYS + key for key in known_keys}):
            raise ValueError(f"{name!r} is no file of a backup")
    for table in rows:
        if table_file(table) not in files:
            raise ValueError(f"table {table!r} has no file")


def table_file(table: str) -> str:
    """Return the name of the file that holds a table's rows."""
    return f"{DATABASE}{table}.jsonl"


def checksum_line(digest: str) -> bytes:
    """Return what stands beside the manifest, as `sha256sum --check` reads it."""
    return f"{digest}  {MANIFEST}\n".encode("ascii")


def _log_as_json(verdict: ChainVerdict) -> dict[str, str | int]:
    return {"sequence": verdict.head.sequence, "hash": verdict.head.hash, "problem": verdict.problem}


def _log(found: Mapping[str, Any]) -> ChainVerdict:
    return ChainVerdict(ChainHead(int(found["sequence"]), str(found["hash"])), str(found["problem"]))
