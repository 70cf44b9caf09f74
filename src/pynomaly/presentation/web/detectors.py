"""`/detectors`: which there are, how each stands, and all that is known of one."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import UnknownAlgorithm
from pynomaly.presentation.http.bounds import Cursor, ObjectId
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.detector_page import detector_context
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
CursorQuery = Annotated[Cursor | None, Query()]
AT_ONCE = 50


@routes.get("/detectors")
def show_detectors(visitor: Reader, cursor: CursorQuery = None) -> Response:
    """List detectors, newest first, each with the last that came of it."""
    cursors, scope = visitor.program.cursors, ("detectors page", visitor.principal.tenant_id)
    page, n_total = visitor.workspace.queries.detector_overviews(cursors.piece(AT_ONCE, cursor, *scope))
    return visitor.page(
        "detectors.html",
        overviews=page.items,
        titles={one.detector.algorithm: algorithm_title(visitor, one.detector.algorithm) for one in page.items},
        n_total=n_total,
        next_cursor=cursors.next_cursor(page, *scope),
    )


@routes.get("/detectors/{id}")
def show_detector(visitor: Reader, id: ObjectId) -> Response:
    """Show one detector: whether it is well, what came of it, what can be done with it."""
    return visitor.page("detector.html", **detector_context(visitor, id))


def algorithm_title(visitor: Visitor, name: str) -> str:
    """Return what an algorithm is called, its bare name where its package was removed since."""
    try:
        return visitor.program.catalog.describe(name).title
    except UnknownAlgorithm:
        return name
