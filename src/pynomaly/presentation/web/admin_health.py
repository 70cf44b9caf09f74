"""`/admin/health`: what a server and its workers need, how each of it stands, and what to do about it."""

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.presentation.http.slow_calls import waiting_for_others
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, code_form
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Admin = Annotated[Visitor, Depends(requires(Permission.MANAGE_USERS))]


@routes.get("/admin/health")
def show_health(visitor: Admin) -> Response:
    """Look at everything now: database, keys, disk, workers, queue, network."""
    with waiting_for_others():
        checks = visitor.program.diagnose()
    return visitor.page(
        "admin/health.html",
        checks=sorted(checks, key=lambda check: ("problem", "missing", "ok").index(check.state)),
        n_problems=sum(check.state == "problem" for check in checks),
        looked_at=visitor.program.clock(),
        forms=[
            code_form(
                visitor.request,
                _("Ask whether the server is ready"),
                ApiCall("GET", "/health/ready"),
                ["doctor", "--server"],
            )
        ],
    )
