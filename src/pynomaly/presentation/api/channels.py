"""`/channels`: ways to tell somebody outside, to keep and to try."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import (
    AlreadyExists,
    Conflict,
    DestinationRefused,
    ExtraNotInstalled,
    InvalidRequest,
    NotFound,
    RemoteRefused,
    RemoteUnavailable,
    SealBroken,
)
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader, as_response
from pynomaly.presentation.api.replies import created, edited, gone, shown, unchanged
from pynomaly.presentation.api.revisions import IfMatch, IfNoneMatch, is_known, require_match
from pynomaly.presentation.api.routing import CONDITIONAL, KEYED, LISTED, WITH_BODY, answers, leads_to, router
from pynomaly.presentation.api.schemas.channels import (
    ChannelAnswer,
    ChannelChange,
    ChannelKindAnswer,
    ChannelKindsAnswer,
    NewChannel,
)
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.http.bounds import Name
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter
from pynomaly.presentation.http.slow_calls import waiting_for_others

routes = router("channels")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Keeper = Annotated[Caller, Depends(requires(Permission.MANAGE_CHANNELS))]
ChannelPath = Annotated[Name, Path(alias="id", description="A channel's id or name.")]
_HERE = "/channels/{id}"
_SEALING = (InvalidRequest, DestinationRefused, SealBroken, ExtraNotInstalled, Conflict)


@routes.get("/channel-kinds", operation_id="list_channel_kinds", response_model=ChannelKindsAnswer, responses=answers())
def list_channel_kinds(caller: Reader) -> Response:
    """List every kind of channel with the fields it wants filled."""
    kinds = caller.workspace.queries.channel_kinds()
    return shown(ChannelKindsAnswer(items=[ChannelKindAnswer.of(kind) for kind in kinds]))


@routes.post(
    "/channels",
    operation_id="create_channel",
    status_code=201,
    response_model=ChannelAnswer,
    responses=answers(WITH_BODY, KEYED, AlreadyExists, _SEALING)
    | {201: leads_to("get_channel", "test_channel", edits=("change_channel", "delete_channel"))},
)
def create_channel(caller: Keeper, body: NewChannel, key: KeyHeader = None) -> Response:
    """Keep a way to tell somebody outside; nothing is sent yet. Its secrets are sealed and never shown."""
    return caller.answer(
        lambda workspace: workspace.create_channel(
            name=body.name, kind=body.kind, settings=body.settings, secrets=body.secrets
        ),
        lambda made: created(ChannelAnswer.of(made), f"/channels/{made.id}", made),
        key=key,
        content=body.known_by(),
    )


@routes.get(
    "/channels", operation_id="list_channels", response_model=PageAnswer[ChannelAnswer], responses=answers(LISTED)
)
def list_channels(caller: Keeper, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List channels, newest first."""
    cursors, scope = caller.service.cursors, ("channels", caller.principal.tenant_id)
    page = caller.workspace.queries.channel_page(cursors.piece(limit, cursor, *scope))
    items = [ChannelAnswer.of(channel) for channel in page.items]
    return shown(PageAnswer[ChannelAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE,
    operation_id="get_channel",
    response_model=ChannelAnswer,
    responses=answers(NotFound, InvalidRequest) | {304: {"description": "It is as you have it."}},
)
def get_channel(caller: Keeper, channel_id: ChannelPath, if_none_match: IfNoneMatch = None) -> Response:
    """Describe a channel; of its secrets only which there are."""
    channel = caller.workspace.queries.channel(channel_id)
    return unchanged(channel) if is_known(channel, if_none_match) else shown(ChannelAnswer.of(channel), channel)


@routes.patch(
    _HERE,
    operation_id="change_channel",
    response_model=ChannelAnswer,
    responses=answers(WITH_BODY, KEYED, CONDITIONAL, NotFound, AlreadyExists, _SEALING),
)
def change_channel(
    caller: Keeper, channel_id: ChannelPath, body: ChannelChange, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Give a channel another name, other settings or secrets, let it rest, or wake it; what waits for it is kept."""
    return caller.answer(
        lambda workspace: workspace.change_channel(
            channel=channel_id,
            revision=require_match(workspace.queries.channel(channel_id), if_match),
            name=body.name,
            settings=body.settings,
            secrets=body.secrets,
            is_enabled=body.is_enabled,
        ),
        lambda changed: edited(ChannelAnswer.of(changed), changed),
        key=key,
        content=body.known_by(),
    )


@routes.delete(
    _HERE,
    operation_id="delete_channel",
    status_code=204,
    responses=answers(KEYED, CONDITIONAL, NotFound, InvalidRequest, Conflict),
)
def delete_channel(
    caller: Keeper, channel_id: ChannelPath, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Forget a channel with its secrets and deliveries; one that a rule names stays."""
    return caller.answer(
        lambda workspace: workspace.remove_channel(
            channel=channel_id, revision=require_match(workspace.queries.channel(channel_id), if_match)
        ),
        lambda _: gone(),
        key=key,
    )


@routes.post(
    _HERE + "/test",
    operation_id="test_channel",
    status_code=204,
    responses=answers(NotFound, _SEALING, RemoteRefused, RemoteUnavailable),
)
def test_channel(caller: Keeper, channel_id: ChannelPath) -> Response:
    """Send a test message now: the answer says that it arrived, or exactly what stood in the way."""
    with waiting_for_others():
        caller.workspace.test_channel(channel=channel_id)
    return as_response(gone())
