"""`/sources`: places outside that rows are read from."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.application.ports.sources import SourceKind
from pynomaly.domain.access import Permission
from pynomaly.domain.connection import ConnectionKind
from pynomaly.domain.errors import Conflict, ExtraNotInstalled, InvalidRequest, PynomalyError
from pynomaly.presentation.http.bounds import KindName, Name
from pynomaly.presentation.http.cursors import CursorParameter
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.connection_form import entries, given
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.listing import listed
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.source_code import code_for_new_source, code_for_source, code_for_sources
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Keeper = Annotated[Visitor, Depends(requires(Permission.MANAGE_SOURCES))]
SourcePath = Annotated[Name, Path(alias="id")]
Kind = Annotated[KindName | None, Query()]
REFUSALS = (InvalidRequest, Conflict, ExtraNotInstalled)
"""What a form can be wrong about, or the installation not be ready for."""


@routes.get("/sources")
def list_sources(visitor: Reader, cursor: CursorParameter = None) -> Response:
    """Show the sources, newest first."""
    found = listed(visitor, cursor, visitor.workspace.queries.source_page, "sources")
    return visitor.page("sources/list.html", sources=found, **_rights(visitor), forms=code_for_sources(visitor.request))


@routes.get("/sources/new")
def new_source(visitor: Keeper, kind: Kind = None) -> Response:
    """Ask what kind of source, then what it takes to reach it."""
    return _new_page(visitor, None if kind is None else visitor.program.sources.kind(kind))


@routes.post("/sources/new")
def create_source(visitor: Keeper, form: Form, kind: KindName) -> Response:
    """Keep a source; nothing is connected to yet."""
    chosen = visitor.program.sources.kind(kind)
    try:
        filled = given(chosen.connection, form)
        settings = {name: value for name, value in filled.settings.items() if value is not None}
        made = visitor.workspace.create_source(
            name=form.needed("name"), kind=kind, settings=settings, secrets=filled.secrets
        )
    except REFUSALS as error:
        return _new_page(visitor, chosen, form=form, error=error)
    notice = _("Source {name} is kept. Nothing was connected to yet: test it to see that it can be reached.")
    return visitor.go_to(f"/sources/{made.id}", notice=notice.format(name=made.name))


@routes.get("/sources/{id}")
def show_source(visitor: Reader, source: SourcePath) -> Response:
    """Show a source: what it is reached by, and what to read from it."""
    return source_page(visitor, source)


@routes.post("/sources/{id}")
def change_source(visitor: Keeper, source: SourcePath, form: Form) -> Response:
    """Store what was entered; secrets that were left empty stay as they are."""
    before = visitor.workspace.queries.source(source)
    try:
        filled = given(visitor.program.sources.kind(before.kind).connection, form, before)
        visitor.workspace.change_source(
            source=before.id,
            name=form.needed("name"),
            settings=filled.settings,
            secrets=filled.secrets,
            revision=form.whole_number("revision"),
        )
    except REFUSALS as error:
        return source_page(visitor, source, form=form, error=error)
    return visitor.go_to(f"/sources/{before.id}", notice=_("The source is stored as you entered it."))


@routes.post("/sources/{id}/delete")
def delete_source(visitor: Keeper, source: SourcePath, form: Form) -> Response:
    """Forget a source and its secrets; datasets that were read from it stay."""
    try:
        gone = visitor.workspace.remove_source(source=source, revision=form.whole_number("revision"))
    except Conflict as error:
        return source_page(visitor, source, error=error)
    notice = _("Source {name} and its secrets are deleted; datasets read from it stay.").format(name=gone.name)
    return visitor.go_to("/sources", notice=notice)


def source_page(
    visitor: Visitor,
    name_or_id: str,
    *,
    form: Fields | None = None,
    selected: Fields | None = None,
    error: PynomalyError | None = None,
) -> Response:
    """Return the page of a source, with what was refused and what had been entered. Raises NotFound.

    form: of how it is reached.  selected: of what to read.
    """
    source = visitor.workspace.queries.source(name_or_id)
    kind = visitor.program.sources.kind(source.kind)
    context: dict[str, Any] = {
        "source": source,
        "name": source.name if form is None else form.entered("name"),
        "entries": entries(kind.connection, source, form),
        "selection": entries(selection_of(kind), form=selected),
        "dataset_name": "" if selected is None else selected.entered("dataset_name"),
        "trial": None,
        **_rights(visitor),
        "forms": code_for_source(visitor.request, source, kind),
    }
    return visitor.form_page("sources/source.html", error, **context)


def selection_of(kind: SourceKind) -> ConnectionKind:
    """Return what is to be read from a kind of source as a form knows it."""
    return ConnectionKind(kind.connection.name, kind.connection.summary, kind.selection)


def _rights(visitor: Visitor) -> dict[str, bool]:
    return {
        "may_keep": visitor.may(Permission.MANAGE_SOURCES),
        "may_pull": visitor.may(Permission.WRITE_DATASETS),
    }


def _new_page(
    visitor: Visitor, kind: SourceKind | None, *, form: Fields | None = None, error: PynomalyError | None = None
) -> Response:
    context: dict[str, Any] = {
        "kinds": [one.connection for one in visitor.program.sources.kinds()],
        "kind": None if kind is None else kind.connection,
        "name": "" if form is None else form.entered("name"),
        "entries": [] if kind is None else entries(kind.connection, form=form),
        "forms": code_for_new_source(visitor.request, kind),
    }
    return visitor.form_page("sources/new.html", error, **context)
