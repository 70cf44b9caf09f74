"""`/datasets`: tables that the workspace keeps, one of them with its columns, rows and uses."""

from typing import Annotated, Any

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.application.quality import quality_of
from pynomaly.application.queries import Queries
from pynomaly.domain.access import Permission
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import CorruptModel, InvalidRequest, PynomalyError
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter
from pynomaly.presentation.web import columns as column_words
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.column_shapes import bars_of, spread_in_words
from pynomaly.presentation.web.columns import roles_in
from pynomaly.presentation.web.dataset_forms import forms_of_dataset, forms_of_list
from pynomaly.presentation.web.forms import Form
from pynomaly.presentation.web.quality_words import advice_on, gravity_word
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.cell_text import quoted
from pynomaly.presentation.words.findings_words import typical_in_words

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Writer = Annotated[Visitor, Depends(requires(Permission.WRITE_DATASETS))]
DatasetPath = Annotated[ObjectId, Path(alias="id")]
FIRST_ROWS, FIRST_COLUMNS = 20, 30
MOST_USES = 10


@routes.get("/datasets")
def show_datasets(visitor: Reader, cursor: CursorParameter = None) -> Response:
    """List the datasets, newest first."""
    cursors, queries = visitor.program.cursors, visitor.workspace.queries
    scope = ("datasets", visitor.principal.tenant_id)
    page = queries.dataset_page(cursors.piece(DEFAULT_LIMIT, cursor, *scope))
    return visitor.page(
        "datasets.html",
        datasets=page.items,
        n_detectors=queries.n_detectors(page.items),
        is_first=cursor is None,
        next_cursor=cursors.next_cursor(page, *scope),
        may_bring=_may_bring(visitor),
        forms=forms_of_list(visitor.request),
    )


@routes.get("/datasets/{id}")
def show_dataset(visitor: Reader, dataset_id: DatasetPath) -> Response:
    """Show one dataset: how it is understood, its first rows, and what came of it."""
    return visitor.page("dataset.html", **_context(visitor, visitor.workspace.queries.dataset(dataset_id)))


@routes.get("/datasets/{id}/columns")
def show_columns(visitor: Reader, dataset_id: DatasetPath) -> Response:
    """Show what each column holds: a part of the dataset's page, which comes after it, or a page of its own."""
    queries = visitor.workspace.queries
    dataset = queries.dataset(dataset_id)
    table, profiles = queries.profile(dataset.id)
    context: dict[str, Any] = {
        "dataset": dataset,
        "profiles": profiles,
        "findings": quality_of(table, profiles),
        "advice": advice_on,
        "gravity": gravity_word,
        "bars": bars_of,
        "spread": spread_in_words,
        "typical": typical_in_words,
        "roles": tuple(ColumnRole),
        "words": column_words,
        "may_change": visitor.may(Permission.WRITE_DATASETS),
    }
    if visitor.is_for_part:
        return visitor.part("dataset_columns.html", "columns", **context)
    return visitor.page("dataset_columns.html", **context)


@routes.post("/datasets/{id}/columns")
def change_columns(visitor: Writer, dataset_id: DatasetPath, form: Form) -> Response:
    """Use the columns as chosen."""
    workspace = visitor.workspace
    dataset = workspace.queries.dataset(dataset_id)
    try:
        roles = roles_in(form, dataset.columns)
        workspace.change_dataset(dataset=dataset.id, roles=roles, revision=form.whole_number("revision"))
    except PynomalyError as error:
        return visitor.again("dataset.html", error, **_context(visitor, dataset))
    said = _("The columns are used so from now on. Detectors that learned from them before stay as they are.")
    return visitor.go_to(f"/datasets/{dataset.id}", notice=said)


@routes.post("/datasets/{id}/name")
def rename_dataset(visitor: Writer, dataset_id: DatasetPath, form: Form) -> Response:
    """Call a dataset otherwise."""
    workspace = visitor.workspace
    dataset, name = workspace.queries.dataset(dataset_id), ""
    try:
        name = form.needed("name")
        changed = workspace.change_dataset(dataset=dataset.id, name=name, revision=form.whole_number("revision"))
    except PynomalyError as error:
        return visitor.again("dataset.html", error, **{**_context(visitor, dataset), "new_name": name})
    return visitor.go_to(f"/datasets/{dataset.id}", notice=_("It is called %s now.") % quoted(changed.name))


@routes.post("/datasets/{id}/delete")
def delete_dataset(visitor: Writer, dataset_id: DatasetPath, form: Form) -> Response:
    """Forget a dataset and its rows, once its name was typed."""
    workspace = visitor.workspace
    dataset = workspace.queries.dataset(dataset_id)
    try:
        if form.text("confirmed") != dataset.name.strip():
            raise InvalidRequest(_("what was typed is not the dataset's name, so nothing was deleted"))
        workspace.remove_dataset(dataset=dataset.id, revision=form.whole_number("revision"))
    except PynomalyError as error:
        return visitor.again("dataset.html", error, **_context(visitor, dataset))
    return visitor.go_to("/datasets", notice=_("%s and its rows are deleted.") % quoted(dataset.name))


def _context(visitor: Visitor, dataset: Dataset) -> dict[str, Any]:
    queries = visitor.workspace.queries
    return {
        "dataset": dataset,
        "new_name": dataset.name,
        "uses": queries.dataset_uses(dataset.id, limit=MOST_USES),
        "may_bring": _may_bring(visitor),
        "may_change": visitor.may(Permission.WRITE_DATASETS),
        **_first_rows(queries, dataset),
        "forms": forms_of_dataset(visitor.request, dataset),
    }


def _first_rows(queries: Queries, dataset: Dataset) -> dict[str, Any]:
    """Return the first rows; None where they cannot be read, so that the dataset can be deleted still."""
    columns = dataset.columns[:FIRST_COLUMNS]
    left = len(dataset.columns) - len(columns)
    try:
        table = queries.dataset_rows(dataset.id)
    except CorruptModel:
        return {"shown_columns": columns, "shown_rows": None, "n_columns_left": left}
    rows = range(min(table.n_rows, FIRST_ROWS))
    cells = [table.cells(column.name, rows) for column in columns]
    return {"shown_columns": columns, "shown_rows": list(zip(*cells, strict=True)), "n_columns_left": left}


def _may_bring(visitor: Visitor) -> bool:
    return visitor.may(Permission.WRITE_DATASETS) and visitor.may(Permission.SCORE)
