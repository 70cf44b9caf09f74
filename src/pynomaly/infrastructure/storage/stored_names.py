"""The names that files of an installation have below its home, by what refers to them."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pynomaly.application.ports.backups import References
from pynomaly.infrastructure.storage.model_store import ARRAYS, MANIFEST
from pynomaly.infrastructure.storage.table_store import CHECKSUM, ROWS
from pynomaly.infrastructure.storage.tenant_folder import tenant_folder

_NAME = re.compile(
    rf"(tenants/[0-9a-f]{{8,64}}/)?(tables/[0-9a-f]{{64}}/({re.escape(ROWS)}|{re.escape(CHECKSUM)})"
    rf"|models/[0-9a-f]{{64}}/({re.escape(MANIFEST)}|{re.escape(ARRAYS)})|scores/[0-9a-f]{{64}}\.arrow)"
)


def is_stored_name(name: str) -> bool:
    """Whether a file of an installation may have this name; nothing else is ever written below a home.

    >>> is_stored_name("scores/" + "a" * 64 + ".arrow"), is_stored_name("../workspace.db")
    (True, False)
    """
    return _NAME.fullmatch(name) is not None


def names_of(references: References) -> Iterator[tuple[str, ...]]:
    """Yield the names of the files that are there together or not at all."""
    folder = PurePosixPath(tenant_folder(Path(), references.tenant_id).as_posix())
    for digest in sorted(references.tables):
        yield tuple(str(folder / "tables" / digest / part) for part in (ROWS, CHECKSUM))
    for digest in sorted(references.models):
        yield tuple(str(folder / "models" / digest / part) for part in (MANIFEST, ARRAYS))
    for digest in sorted(references.scores):
        yield (str(folder / "scores" / f"{digest}.arrow"),)
