"""`/drop`: a file, pasted rows or the sample go in; the look at them begins by itself."""

from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import anyio
from fastapi import Depends, Query
from starlette.responses import Response

from pynomaly.application.sample import SAMPLE_ROLES
from pynomaly.domain.access import Permission
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.errors import Forbidden, InvalidRequest, NotSignedIn, PynomalyError
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.bringing import Brought, bring
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.forms import CHECKED, Form
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _, ngettext
from pynomaly.presentation.web.uploads import CHECKED_UPLOAD, uploaded
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.cell_text import quoted
from pynomaly.presentation.words.figures import count

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Bringer = Annotated[Visitor, Depends(requires(Permission.WRITE_DATASETS))]
PASTED = "pasted rows.csv"
MOST_PASTED = 300_000  # characters: a form has a mebibyte, in which a comma takes three bytes


@routes.get("/drop")
def show_drop(visitor: Reader) -> Response:
    """Show where a table goes in."""
    return visitor.page("drop.html", **_context(visitor))


@routes.post("/drop/file", dependencies=[CHECKED_UPLOAD])
async def drop_file(visitor: Bringer, name: Annotated[str, Query(max_length=1000)] = "") -> Response:
    """Take a file in: its bytes alone, or inside a form. name: what its owner calls it, where there is no form."""
    visitor.principal.require(Permission.SCORE)
    try:
        async with uploaded(visitor, name) as upload:
            return await anyio.to_thread.run_sync(partial(_begin, visitor, upload.path, upload.name))
    except (NotSignedIn, Forbidden):
        raise
    except PynomalyError as error:
        return _refused(visitor, error)


@routes.post("/drop/rows")
async def drop_rows(visitor: Bringer, form: Form) -> Response:
    """Take in rows that were pasted as text."""
    visitor.principal.require(Permission.SCORE)
    text = ""
    try:
        text = form.raw("rows", most=MOST_PASTED)
        if not text.strip():
            raise InvalidRequest("there are no rows: paste a header and some rows, a line each")
        async with visitor.program.incoming.written(_bytes_of(text)) as path:
            return await anyio.to_thread.run_sync(partial(_begin, visitor, path, PASTED))
    except PynomalyError as error:
        return _refused(visitor, error, rows=text)


@routes.post("/drop/sample", dependencies=[CHECKED])
def drop_sample(visitor: Bringer) -> Response:
    """Take in the table that comes with the installation."""
    visitor.principal.require(Permission.SCORE)
    with TemporaryDirectory(prefix="pynomaly-sample-") as folder:
        path = Path(visitor.program.write_sample(Path(folder)))
        return _begin(visitor, path, path.name, SAMPLE_ROLES)


def _begin(visitor: Visitor, path: Path, name: str, roles: Mapping[str, ColumnRole] | None = None) -> Response:
    brought = bring(visitor.workspace, path, name, roles)
    return visitor.go_to(f"/drop/{brought.dataset.id}?look={brought.look.id}", notice=_notice(brought))


def _notice(brought: Brought) -> str:
    dataset = brought.dataset
    told = {"rows": count(dataset.n_rows), "name": quoted(dataset.name)}
    read = ngettext(
        "Read one row; it is kept as %(name)s.", "Read %(rows)s rows; they are kept as %(name)s.", dataset.n_rows
    )
    noticed = [note for note in brought.notes if not note.startswith("left out:")]  # the page lists these itself
    return " ".join([read % told, *(f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in noticed)])


async def _bytes_of(text: str) -> AsyncIterator[bytes]:
    yield text.encode("utf-8", "replace")


def _refused(visitor: Visitor, error: PynomalyError, **context: Any) -> Response:
    """Say why nothing came of it: as a part of the page for a script, as the page with what was entered else."""
    if visitor.is_for_part:
        return visitor.part_again("drop.html", "refusal", error)
    return visitor.again("drop.html", error, **{**_context(visitor), **context})


def _context(visitor: Visitor) -> dict[str, Any]:
    return {
        "rows": "",
        "may_bring": visitor.may(Permission.WRITE_DATASETS) and visitor.may(Permission.SCORE),
        "most_bytes": BOUNDS.upload_bytes,
        "most_pasted": MOST_PASTED,
        "words": _script_words(),
        "forms": _forms(visitor),
    }


def _script_words() -> dict[str, str]:
    """Return the sentences that the page's script puts together."""
    return {
        "tooLarge": _(
            "This file has {size}; at most {most} are taken. Save fewer rows or columns, or pack it with gzip."
        ),
        "sent": _("{percent} · {sent} of {size} · {rate} a second · about {left} left"),
        "sending": _("{percent} · {sent} of {size}"),
        "reading": _("All of it is here. Now it is read: a few seconds."),
        "cancelled": _("Cancelled. Nothing was kept."),
        "broken": _("The connection broke. Your file is still chosen: send it again."),
        "noPreview": _("No preview: this file is not text."),
        "preview": _("Preview of its first rows, guessed by this page. The server reads them properly."),
        "several": _("One file at a time: the first one is taken."),
    }


def _forms(visitor: Visitor) -> list[CodeForm]:
    make = partial(code_form, visitor.request)
    return [
        make(
            _("Keep a file as a dataset"),
            ApiCall("POST", "/datasets?name=orders", file="orders.csv"),
            ["dataset", "load", "orders.csv", "--name", "orders"],
            'workspace.register_dataset(source="orders.csv", name="orders", source_name="orders.csv")',
        ),
        make(
            _("Look for its anomalies"),
            ApiCall("POST", "/datasets/orders/look", {}),
            ["dataset", "look", "orders"],
            'workspace.look_at_dataset(dataset="orders")',
        ),
    ]
