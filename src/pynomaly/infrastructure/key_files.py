"""Keys that the embedded default keeps in files of its own, made at first use and for this user alone."""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pynomaly.domain.errors import Conflict

SHORTEST = 32
"""A file that holds fewer characters was cut off: no key is shorter."""


def kept_key(path: Path, make: Callable[[], str], *, if_damaged: str) -> str:
    """Return the key in a file, made first if there is none; of two who make it at once both get the same.

    if_damaged: what to do about a damaged one, and what it costs.  Raises Conflict if others may read it, or if it
    cannot be kept.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, make)
        status = path.stat()
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Conflict(f"the key {path} cannot be kept or read: {error}") from error
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise Conflict(f"others may read the key {path}; run: chmod 600 {path}")
    if len(text) < SHORTEST:
        raise Conflict(f"the key {path} is damaged; {if_damaged}")
    return text


def _write_once(path: Path, make: Callable[[], str]) -> None:
    if path.exists():
        return
    draft = path.with_name(f".{secrets.token_hex(8)}.key")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(make())
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike renaming, it never replaces
    finally:
        draft.unlink()
