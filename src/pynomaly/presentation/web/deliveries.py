"""`/deliveries`: messages on their way, those that arrived, and those that did not, with the reason."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.delivery import Delivery, DeliveryStatus
from pynomaly.domain.errors import Conflict, NotFound, PynomalyError
from pynomaly.presentation.http.bounds import Name, ObjectId
from pynomaly.presentation.http.cursors import CursorParameter
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.forms import CHECKED
from pynomaly.presentation.web.listing import listed
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Keeper = Annotated[Visitor, Depends(requires(Permission.MANAGE_CHANNELS))]
DeliveryPath = Annotated[ObjectId, Path(alias="id")]


@routes.get("/deliveries")
def list_deliveries(
    visitor: Keeper,
    cursor: CursorParameter = None,
    status: Annotated[DeliveryStatus | None, Query()] = None,
    channel: Annotated[Name | None, Query()] = None,
) -> Response:
    """Show deliveries, newest first: those that stand so, those of a channel."""
    queries = visitor.workspace.queries
    only = None if channel is None else queries.channel(channel)
    of_channel = None if only is None else only.id
    found = listed(
        visitor,
        cursor,
        lambda piece: queries.delivery_page(piece, status=status, channel=of_channel),
        "deliveries",
        status=status,
        channel=of_channel,
    )
    return visitor.page(
        "deliveries/list.html",
        deliveries=found,
        names=_names(visitor, found.items),
        standing=status or "",
        channel=only,
        forms=[_listing(visitor)],
    )


@routes.get("/deliveries/{id}")
def show_delivery(visitor: Keeper, delivery: DeliveryPath) -> Response:
    """Show a message, how it stands, and what went wrong last."""
    return _delivery_page(visitor, visitor.workspace.queries.delivery(delivery))


@routes.post("/deliveries/{id}/retry", dependencies=[CHECKED])
def retry_delivery(visitor: Keeper, delivery: DeliveryPath) -> Response:
    """Have a message sent again that failed, under the same id."""
    try:
        waiting = visitor.workspace.retry_delivery(delivery=delivery)
    except Conflict as error:
        return _delivery_page(visitor, visitor.workspace.queries.delivery(delivery), error)
    return visitor.go_to(f"/deliveries/{waiting.id}", notice=_("The message is on its way again, for up to a day."))


def _delivery_page(visitor: Visitor, delivery: Delivery, error: PynomalyError | None = None) -> Response:
    retry = code_form(
        visitor.request,
        _("Send it again"),
        ApiCall("POST", f"/deliveries/{delivery.id}/retry"),
        ["delivery", "retry", delivery.id],
        f'workspace.retry_delivery(delivery="{delivery.id}")',
    )
    names = _names(visitor, [delivery])
    return visitor.form_page("deliveries/delivery.html", error, delivery=delivery, names=names, forms=[retry])


def _names(visitor: Visitor, deliveries: Sequence[Delivery]) -> dict[str, str]:
    """Return the names of the channels of some deliveries, by id."""
    names: dict[str, str] = {}
    for channel_id in {delivery.channel_id for delivery in deliveries}:
        try:
            names[channel_id] = visitor.workspace.queries.channel(channel_id).name
        except NotFound:  # deleted since the list was read
            continue
    return names


def _listing(visitor: Visitor) -> CodeForm:
    return code_form(
        visitor.request,
        _("List the deliveries that failed"),
        ApiCall("GET", "/deliveries?status=failed"),
        ["delivery", "list", "--status", "failed"],
        "from pynomaly.application.ports.paging import Piece\n"
        "from pynomaly.domain.delivery import DeliveryStatus\n\n"
        "workspace.queries.delivery_page(Piece(50), status=DeliveryStatus.FAILED)",
    )
