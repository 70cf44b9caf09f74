"""Bodies that are files: streamed to disk, never held in memory, deleted when the request is over."""

import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import anyio
from starlette.requests import ClientDisconnect, Request

from pynomaly.domain.errors import EmptyDataset, StorageFull
from pynomaly.presentation.http.refusals import MalformedRequest

FLUSHED_BYTES = 1024**2
NO_ROOM = {28, 122}  # ENOSPC, EDQUOT
ABANDONED_AFTER_SECONDS = 3600.0  # the slowest upload that is let in takes half of that: a killed server left the rest
_PART = ".part"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A folder for files that are on their way in."""

    folder: Path

    @asynccontextmanager
    async def received(self, request: Request) -> AsyncIterator[Path]:
        """Lend a file with the body of a request, as `written` does; EmptyDataset says how to send one."""
        async with self.written(request.stream()) as path:
            yield path

    @asynccontextmanager
    async def written(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[Path]:
        """Lend a file of what comes in, piece by piece.

        Raises EmptyDataset where nothing came, StorageFull, MalformedRequest if the client went away.
        """
        path = self.folder / f"{secrets.token_hex(16)}{_PART}"
        await anyio.to_thread.run_sync(_sweep_abandoned, self.folder)
        try:
            await self._write(chunks, path)
            yield path
        finally:
            await anyio.to_thread.run_sync(_delete, path)

    def check(self) -> None:
        """See that something can be written. Raises StorageFull."""
        probe = self.folder / f"{secrets.token_hex(16)}.probe"
        try:
            _append(probe, b"ready")
        finally:
            _delete(probe)

    async def _write(self, chunks: AsyncIterator[bytes], path: Path) -> None:
        n_bytes, buffer = 0, bytearray()
        try:
            async for chunk in chunks:
                buffer += chunk
                if len(buffer) >= FLUSHED_BYTES:
                    n_bytes += await anyio.to_thread.run_sync(_append, path, bytes(buffer))
                    buffer.clear()
            n_bytes += await anyio.to_thread.run_sync(_append, path, bytes(buffer))
        except ClientDisconnect:
            raise MalformedRequest("the request ended before its body did") from None
        if not n_bytes:
            raise EmptyDataset("the body is empty (0 bytes): send the file as the body of the request")


def _append(path: Path, content: bytes) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as stream:
            return stream.write(content)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull from error
        raise


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)


def _sweep_abandoned(folder: Path) -> None:
    horizon = time.time() - ABANDONED_AFTER_SECONDS
    for path in folder.glob("*"):  # what came in, what it was unfolded to, and exports on their way out
        with suppress(FileNotFoundError):  # another server swept it first
            if path.stat().st_mtime < horizon:
                path.unlink()
