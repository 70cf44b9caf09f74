"""`/schedules`: work that is done again and again."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import AlreadyExists, Conflict, InvalidRequest, NotFound, NotTrained
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.replies import created, edited, gone, shown, unchanged
from pynomaly.presentation.api.revisions import IfMatch, IfNoneMatch, is_known, require_match
from pynomaly.presentation.api.routing import CONDITIONAL, KEYED, LISTED, WITH_BODY, answers, leads_to, router
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.api.schemas.schedules import NewSchedule, ScheduleAnswer, ScheduleChange
from pynomaly.presentation.http.bounds import Name
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter

routes = router("schedules")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Writer = Annotated[Caller, Depends(requires(Permission.WRITE_SCHEDULES))]
SchedulePath = Annotated[Name, Path(alias="id", description="A schedule's id or name.")]
_HERE = "/schedules/{id}"


@routes.post(
    "/schedules",
    operation_id="create_schedule",
    status_code=201,
    response_model=ScheduleAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, NotTrained, Conflict, AlreadyExists, InvalidRequest)
    | {201: leads_to("get_schedule", edits=("change_schedule", "delete_schedule"))},
)
def create_schedule(caller: Writer, body: NewSchedule, key: KeyHeader = None) -> Response:
    """Have a training, a detection or a pull done again and again."""
    if body.source_id is not None:
        caller.principal.require(Permission.WRITE_DATASETS)
    return caller.answer(
        lambda workspace: workspace.create_schedule(
            name=body.name, cron=body.cron, time_zone=body.time_zone, kind=body.kind, payload=body.payload()
        ),
        lambda made: created(ScheduleAnswer.of(made), f"/schedules/{made.id}", made),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.get(
    "/schedules", operation_id="list_schedules", response_model=PageAnswer[ScheduleAnswer], responses=answers(LISTED)
)
def list_schedules(caller: Reader, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List schedules, newest first."""
    cursors, scope = caller.service.cursors, ("schedules", caller.principal.tenant_id)
    page = caller.workspace.queries.schedule_page(cursors.piece(limit, cursor, *scope))
    items = [ScheduleAnswer.of(schedule) for schedule in page.items]
    return shown(PageAnswer[ScheduleAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE,
    operation_id="get_schedule",
    response_model=ScheduleAnswer,
    responses=answers(NotFound, InvalidRequest) | {304: {"description": "It is as you have it."}},
)
def get_schedule(caller: Reader, schedule_id: SchedulePath, if_none_match: IfNoneMatch = None) -> Response:
    """Describe a schedule."""
    schedule = caller.workspace.queries.schedule(schedule_id)
    return unchanged(schedule) if is_known(schedule, if_none_match) else shown(ScheduleAnswer.of(schedule), schedule)


@routes.patch(
    _HERE,
    operation_id="change_schedule",
    response_model=ScheduleAnswer,
    responses=answers(WITH_BODY, KEYED, CONDITIONAL, NotFound, AlreadyExists, InvalidRequest),
)
def change_schedule(
    caller: Writer, schedule_id: SchedulePath, body: ScheduleChange, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Give a schedule another name or time, let it rest, or wake it; missed times are not made up for."""
    return caller.answer(
        lambda workspace: workspace.change_schedule(
            schedule=schedule_id,
            revision=require_match(workspace.queries.schedule(schedule_id), if_match),
            **body.model_dump(),
        ),
        lambda changed: edited(ScheduleAnswer.of(changed), changed),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.delete(
    _HERE,
    operation_id="delete_schedule",
    status_code=204,
    responses=answers(KEYED, CONDITIONAL, NotFound, InvalidRequest),
)
def delete_schedule(
    caller: Writer, schedule_id: SchedulePath, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Forget a schedule; the jobs it submitted stay."""
    return caller.answer(
        lambda workspace: workspace.remove_schedule(
            schedule=schedule_id, revision=require_match(workspace.queries.schedule(schedule_id), if_match)
        ),
        lambda _: gone(),
        key=key,
    )
