"""Files from browsers: their bytes alone where a script sends them, inside a form where none runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
from fastapi import Depends, Request

from pynomaly.presentation.http.form_file import MULTIPART, FormFile
from pynomaly.presentation.web.access import signed_in
from pynomaly.presentation.web.form_tokens import FIELD, HEADER, require_own_page
from pynomaly.presentation.web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in. name: what its owner calls it, as it was sent."""

    path: Path
    name: str


async def checked_upload(request: Request) -> None:
    """Check where a file comes from before any of it is read; a form's token is checked as soon as it came.

    Raises NotSignedIn, Forbidden.
    """
    require_own_page(request)
    visitor = await anyio.to_thread.run_sync(signed_in, request)
    if not _is_form(request):
        visitor.program.form_tokens.check(visitor.principal, request.headers.get(HEADER, ""))


CHECKED_UPLOAD = Depends(checked_upload)


@asynccontextmanager
async def uploaded(visitor: Visitor, name: str) -> AsyncIterator[Upload]:
    """Lend the file that a request carries. name: of one that comes without a form.

    Raises Forbidden for a form without its token, MalformedRequest, InvalidRequest, EmptyDataset, StorageFull.
    """
    request, incoming = visitor.request, visitor.program.incoming
    if not _is_form(request):
        async with incoming.received(request) as path:
            yield Upload(path, name)
        return
    sent = FormFile(lambda fields: visitor.program.form_tokens.check(visitor.principal, fields.get(FIELD, "")))
    async with incoming.written(sent.pieces(request)) as path:
        yield Upload(path, sent.name)


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith(MULTIPART)
