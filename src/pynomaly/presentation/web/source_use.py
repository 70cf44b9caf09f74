"""`/sources/{id}/test` and `/sources/{id}/pull`: whether a source can be reached, and rows read from it."""

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import (
    Conflict,
    DestinationRefused,
    ExtraNotInstalled,
    InvalidRequest,
    RemoteRefused,
    RemoteUnavailable,
    TooManyRequests,
)
from pynomaly.domain.job import JobKind
from pynomaly.presentation.http.slow_calls import waiting_for_others
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.connection_form import given
from pynomaly.presentation.web.forms import CHECKED, Form
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.sources import Keeper, SourcePath, selection_of, source_page
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Writer = Annotated[Visitor, Depends(requires(Permission.WRITE_DATASETS))]
REFUSALS = (
    InvalidRequest,
    Conflict,
    ExtraNotInstalled,
    DestinationRefused,
    RemoteRefused,
    RemoteUnavailable,
    TooManyRequests,
)


@routes.post("/sources/{id}/test", dependencies=[CHECKED])
def reach_source(visitor: Keeper, source: SourcePath) -> Response:
    """Connect, and tell what is there or exactly what stood in the way."""
    found = visitor.workspace.queries.source(source)
    try:
        with waiting_for_others():
            said = visitor.workspace.check_source(source=found.id)
    except REFUSALS as error:
        return source_page(visitor, found.id, error=error)
    return visitor.go_to(f"/sources/{found.id}", notice=_("It can be reached: %s") % said)


@routes.post("/sources/{id}/pull")
def pull_dataset(visitor: Writer, source: SourcePath, form: Form) -> Response:
    """Read rows into a dataset; a job does it."""
    found = visitor.workspace.queries.source(source)
    kind = visitor.program.sources.kind(found.kind)
    try:
        selection: dict[str, JsonValue] = {
            name: value for name, value in given(selection_of(kind), form).settings.items() if value is not None
        }
        name = form.text("dataset_name") or None
        payload: dict[str, JsonValue] = {"source_id": found.id, "selection": selection, "name": name}
        job = visitor.workspace.submit_job(kind=JobKind.PULL, payload=payload)
    except REFUSALS as error:
        return source_page(visitor, found.id, selected=form, error=error)
    return visitor.go_to(f"/jobs/{job.id}")
