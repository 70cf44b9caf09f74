"""`/channels`: ways to tell somebody outside, with how their last message ended."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.application.ports.paging import Piece
from pynomaly.domain.access import Permission
from pynomaly.domain.connection import ConnectionKind
from pynomaly.domain.errors import Conflict, DestinationRefused, InvalidRequest, PynomalyError, StaleWrite
from pynomaly.presentation.http.bounds import KindName, Name
from pynomaly.presentation.http.cursors import CursorParameter
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.channel_code import code_for_channel, code_for_channels, code_for_new_channel
from pynomaly.presentation.web.connection_form import entries, given
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.listing import listed
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Keeper = Annotated[Visitor, Depends(requires(Permission.MANAGE_CHANNELS))]
ChannelPath = Annotated[Name, Path(alias="id")]
Kind = Annotated[KindName | None, Query()]
LATEST = 10
_REFUSALS = (InvalidRequest, DestinationRefused, Conflict)


@routes.get("/channels")
def list_channels(visitor: Keeper, cursor: CursorParameter = None) -> Response:
    """Show the channels, newest first, and how each one's last message ended."""
    queries = visitor.workspace.queries
    found = listed(visitor, cursor, queries.channel_page, "channels")
    return visitor.page(
        "channels/list.html",
        channels=found,
        last=queries.last_deliveries(found.items),
        forms=code_for_channels(visitor.request),
    )


@routes.get("/channels/new")
def new_channel(visitor: Keeper, kind: Kind = None) -> Response:
    """Ask what kind of channel, then what it needs."""
    queries = visitor.workspace.queries
    return _new_page(visitor, None if kind is None else queries.channel_kind(kind))


@routes.post("/channels/new")
def create_channel(visitor: Keeper, form: Form, kind: KindName) -> Response:
    """Keep a channel; nothing is sent yet."""
    chosen = visitor.workspace.queries.channel_kind(kind)
    try:
        filled = given(chosen, form)
        settings = {name: value for name, value in filled.settings.items() if value is not None}
        made = visitor.workspace.create_channel(
            name=form.needed("name"), kind=kind, settings=settings, secrets=filled.secrets
        )
    except _REFUSALS as error:
        return _new_page(visitor, chosen, form=form, error=error)
    notice = _("Channel {name} is kept. Nothing was sent yet: send a test message to see that it arrives.")
    return visitor.go_to(f"/channels/{made.id}", notice=notice.format(name=made.name))


@routes.get("/channels/{id}")
def show_channel(visitor: Keeper, channel: ChannelPath) -> Response:
    """Show a channel: what it is reached by, whether it works, and what it was sent."""
    return channel_page(visitor, channel)


@routes.post("/channels/{id}")
def change_channel(visitor: Keeper, channel: ChannelPath, form: Form) -> Response:
    """Store what was entered; secrets that were left empty stay as they are."""
    before = visitor.workspace.queries.channel(channel)
    try:
        filled = given(visitor.workspace.queries.channel_kind(before.kind), form, before)
        visitor.workspace.change_channel(
            channel=before.id,
            name=form.needed("name"),
            settings=filled.settings,
            secrets=filled.secrets,
            revision=form.whole_number("revision"),
        )
    except _REFUSALS as error:
        return channel_page(visitor, channel, form=form, error=error)
    return visitor.go_to(f"/channels/{before.id}", notice=_("The channel is stored as you entered it."))


@routes.post("/channels/{id}/enabled")
def enable_channel(visitor: Keeper, channel: ChannelPath, form: Form) -> Response:
    """Let a channel rest, or wake it."""
    is_enabled = form.text("enabled") == "yes"
    changed = visitor.workspace.change_channel(channel=channel, is_enabled=is_enabled)
    rests = _("The channel rests: nothing is sent to it, and what waits goes on waiting.")
    return visitor.go_to(
        f"/channels/{changed.id}", notice=_("The channel is awake: what waits is sent now.") if is_enabled else rests
    )


@routes.post("/channels/{id}/delete")
def delete_channel(visitor: Keeper, channel: ChannelPath, form: Form) -> Response:
    """Forget a channel with its secrets and deliveries; one that a rule names stays."""
    try:
        gone = visitor.workspace.remove_channel(channel=channel, revision=form.whole_number("revision"))
    except Conflict as error:
        return channel_page(visitor, channel, error=error)
    notice = _("Channel {name} is deleted, with its secrets and deliveries.").format(name=gone.name)
    return visitor.go_to("/channels", notice=notice)


def _new_page(
    visitor: Visitor, kind: ConnectionKind | None, *, form: Fields | None = None, error: PynomalyError | None = None
) -> Response:
    context: dict[str, Any] = {
        "kinds": visitor.workspace.queries.channel_kinds(),
        "kind": kind,
        "name": "" if form is None else form.entered("name"),
        "entries": [] if kind is None else entries(kind, form=form),
        "forms": code_for_new_channel(visitor.request, kind),
    }
    return visitor.form_page("channels/new.html", error, **context)


def channel_page(
    visitor: Visitor, name_or_id: str, *, form: Fields | None = None, error: PynomalyError | None = None
) -> Response:
    """Return the page of a channel, with what was refused and what had been entered. Raises NotFound."""
    queries = visitor.workspace.queries
    channel = queries.channel(name_or_id)
    context: dict[str, Any] = {
        "channel": channel,
        "name": channel.name if form is None else form.entered("name"),
        "entries": entries(queries.channel_kind(channel.kind), channel, form),
        "deliveries": queries.delivery_page(Piece(LATEST), channel=channel.id).items,
        "is_stale": isinstance(error, StaleWrite),
        "trial": None,
        "forms": code_for_channel(visitor.request, channel),
    }
    return visitor.form_page("channels/channel.html", error, **context)
