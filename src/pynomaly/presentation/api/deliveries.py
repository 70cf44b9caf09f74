"""`/deliveries`: messages on their way, and those that did not arrive."""

from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.errors import Conflict, InvalidRequest, NotFound
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.replies import json_reply, shown
from pynomaly.presentation.api.routing import KEYED, LISTED, answers, router
from pynomaly.presentation.api.schemas.deliveries import DeliveryAnswer
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.http.bounds import Name, ObjectId
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter
from pynomaly.presentation.http.route_names import PREFIX

routes = router("deliveries")
Keeper = Annotated[Caller, Depends(requires(Permission.MANAGE_CHANNELS))]
DeliveryPath = Annotated[ObjectId, Path(alias="id", description="A delivery's id.")]
_HERE = "/deliveries/{id}"


@routes.get(
    "/deliveries",
    operation_id="list_deliveries",
    response_model=PageAnswer[DeliveryAnswer],
    responses=answers(LISTED, NotFound, InvalidRequest),
)
def list_deliveries(
    caller: Keeper,
    limit: LimitParameter = DEFAULT_LIMIT,
    cursor: CursorParameter = None,
    status: Annotated[DeliveryStatus | None, Query(description="Only those that stand so.")] = None,
    channel: Annotated[Name | None, Query(description="Only those of this channel, by id or name.")] = None,
) -> Response:
    """List deliveries, newest first; those that ended are kept for a month."""
    cursors, scope = caller.service.cursors, ("deliveries", caller.principal.tenant_id, status, channel)
    piece = cursors.piece(limit, cursor, *scope)
    page = caller.workspace.queries.delivery_page(piece, status=status, channel=channel)
    items = [DeliveryAnswer.of(delivery) for delivery in page.items]
    return shown(PageAnswer[DeliveryAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE, operation_id="get_delivery", response_model=DeliveryAnswer, responses=answers(NotFound, InvalidRequest)
)
def get_delivery(caller: Keeper, delivery_id: DeliveryPath) -> Response:
    """Say how a delivery stands, and what went wrong last."""
    return shown(DeliveryAnswer.of(caller.workspace.queries.delivery(delivery_id)))


@routes.post(
    _HERE + "/retry",
    operation_id="retry_delivery",
    status_code=202,
    response_model=DeliveryAnswer,
    responses=answers(KEYED, NotFound, Conflict, InvalidRequest),
)
def retry_delivery(caller: Keeper, delivery_id: DeliveryPath, key: KeyHeader = None) -> Response:
    """Have a message sent again that failed, under the same id."""
    return caller.answer(
        lambda workspace: workspace.retry_delivery(delivery=delivery_id),
        lambda waiting: json_reply(
            DeliveryAnswer.of(waiting), 202, headers={"Location": f"{PREFIX}/deliveries/{waiting.id}"}
        ),
        key=key,
    )
