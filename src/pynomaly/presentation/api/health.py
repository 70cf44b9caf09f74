"""`/health`: is the process alive, and can it work?"""

from typing import Literal

from fastapi import Request
from starlette.responses import Response

from pynomaly.presentation.api.access import PUBLIC
from pynomaly.presentation.api.api_program import program_behind
from pynomaly.presentation.api.replies import shown
from pynomaly.presentation.api.routing import public_answers, router
from pynomaly.presentation.api.schemas.pages import Answer

routes = router("health")


class HealthAnswer(Answer):
    """All is well; if it is not, the answer is a problem document."""

    status: Literal["ok"] = "ok"


@routes.get(
    "/health/live",
    operation_id="is_live",
    response_model=HealthAnswer,
    responses=public_answers(),
    dependencies=[PUBLIC],
)
def is_live() -> Response:
    """Say that the process answers."""
    return shown(HealthAnswer())


@routes.get(
    "/health/ready",
    operation_id="is_ready",
    response_model=HealthAnswer,
    responses=public_answers(),
    dependencies=[PUBLIC],
)
def is_ready(request: Request) -> Response:
    """Say that the database answers and files can be written; 503 if not."""
    program_behind(request).check_ready()
    return shown(HealthAnswer())
