"""`/today`: whether anything is wrong now."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller
from pynomaly.presentation.api.replies import shown
from pynomaly.presentation.api.routing import answers, router
from pynomaly.presentation.api.schemas.today import TodayAnswer

routes = router("today")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]


@routes.get("/today", operation_id="get_today", response_model=TodayAnswer, responses=answers())
def get_today(caller: Reader) -> Response:
    """Say whether anything is wrong now: what stood out, what failed, what stands still, and a verdict."""
    return shown(TodayAnswer.of(caller.workspace.queries.today(datetime.now(UTC))))
