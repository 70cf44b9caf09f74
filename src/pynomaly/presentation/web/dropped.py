"""`/drop/{dataset}`: what the columns were taken for, how far the look is, and another look with other roles."""

from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import PynomalyError
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.web import columns as column_words
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.bringing import look_at
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.columns import roles_in, with_roles
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.jobs import job_context
from pynomaly.presentation.web.live import Told, followed
from pynomaly.presentation.web.looks import Look, look_of
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Bringer = Annotated[Visitor, Depends(requires(Permission.WRITE_DATASETS))]
DatasetPath = Annotated[ObjectId, Path(alias="id")]
LookWanted = Annotated[ObjectId | None, Query(alias="look")]


@routes.get("/drop/{id}")
def show_dropped(visitor: Reader, dataset_id: DatasetPath, look_id: LookWanted = None) -> Response:
    """Show a dataset's columns as they were understood, and the look at it."""
    queries = visitor.workspace.queries
    dataset = queries.dataset(dataset_id)
    look = None if look_id is None else look_of(queries, look_id, dataset.id)
    return visitor.page("dropped.html", **_context(visitor, dataset, look))


@routes.get("/drop/{id}/live")
async def follow_look(visitor: Reader, dataset_id: DatasetPath, look: Annotated[ObjectId, Query()]) -> Response:
    """Send the page's part on the look again whenever it changes."""
    return await followed(visitor.request, partial(_told, visitor, dataset_id, look))


@routes.post("/drop/{id}/look")
def look_again(visitor: Bringer, dataset_id: DatasetPath, form: Form) -> Response:
    """Use the columns as chosen, and look."""
    visitor.principal.require(Permission.SCORE)
    workspace = visitor.workspace
    dataset = workspace.queries.dataset(dataset_id)
    try:
        roles = roles_in(form, dataset.columns)
        if roles:
            revision = form.whole_number("revision")
            dataset = workspace.change_dataset(dataset=dataset.id, roles=roles, revision=revision)
        job = look_at(workspace, dataset)
    except PynomalyError as error:
        return visitor.again("dropped.html", error, **_entered(visitor, dataset, form))
    return visitor.go_to(f"/drop/{dataset.id}?look={job.id}")


def _told(visitor: Visitor, dataset_id: str, look_id: str) -> Told:
    queries = visitor.workspace.queries
    dataset = queries.dataset(dataset_id)
    look = look_of(queries, look_id, dataset.id)
    fragment = visitor.part_text("look_live.html", "live", **_of_look(visitor, dataset, look))
    return Told(fragment, look.is_final)


def _context(visitor: Visitor, dataset: Dataset, look: Look | None) -> dict[str, Any]:
    return {
        **_of_look(visitor, dataset, look),
        "columns": dataset.columns,
        "roles": tuple(ColumnRole),
        "column_words": column_words,
        "may_bring": visitor.may(Permission.WRITE_DATASETS) and visitor.may(Permission.SCORE),
        "forms": _forms(visitor, dataset),
    }


def _of_look(visitor: Visitor, dataset: Dataset, look: Look | None) -> dict[str, Any]:
    of_job = {} if look is None else job_context(visitor, look.job)
    return {"dataset": dataset, "look": look, **of_job}


def _entered(visitor: Visitor, dataset: Dataset, form: Fields) -> dict[str, Any]:
    """Return what the page shows again: the columns as they were chosen."""
    chosen = {
        column.name: ColumnRole(given)
        for place, column in enumerate(dataset.columns)
        if (given := form.text(column_words.field_of(place))) in list(ColumnRole)
    }
    return {**_context(visitor, dataset, None), "columns": with_roles(dataset.columns, chosen)}


def _forms(visitor: Visitor, dataset: Dataset) -> list[CodeForm]:
    make = partial(code_form, visitor.request)
    return [
        make(
            _("Look for anomalies"),
            ApiCall("POST", f"/datasets/{dataset.id}/look", {}),
            ["dataset", "look", dataset.id],
            f'workspace.look_at_dataset(dataset="{dataset.id}")',
        ),
        make(
            _("See what its columns hold"),
            ApiCall("GET", f"/datasets/{dataset.id}/profile"),
            ["dataset", "profile", dataset.id],
            f'workspace.queries.dataset_rows("{dataset.id}")',
        ),
    ]
