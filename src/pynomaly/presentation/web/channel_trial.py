"""`/channels/{id}/test`: a message is sent now, and the page tells what the other side said."""

from dataclasses import dataclass

from starlette.responses import Response

from pynomaly.domain.errors import (
    Conflict,
    ExtraNotInstalled,
    InvalidRequest,
    RemoteRefused,
    RemoteUnavailable,
    TooManyRequests,
)
from pynomaly.presentation.http.errors import row_of
from pynomaly.presentation.http.slow_calls import waiting_for_others
from pynomaly.presentation.web.channels import ChannelPath, Keeper, channel_page
from pynomaly.presentation.web.forms import CHECKED
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import reason_of

routes = pages()
REFUSALS = (InvalidRequest, Conflict, ExtraNotInstalled, RemoteRefused, RemoteUnavailable, TooManyRequests)


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test message fared. reason: in the other side's words, empty where it arrived.  remedy: what to do."""

    reason: str = ""
    remedy: str = ""


@routes.post("/channels/{id}/test", dependencies=[CHECKED])
def test_channel(visitor: Keeper, channel: ChannelPath) -> Response:
    """Send a test message: the page says that it arrived, or exactly what stood in the way."""
    found = visitor.workspace.queries.channel(channel)
    try:
        with waiting_for_others():
            visitor.workspace.test_channel(channel=found.id)
    except REFUSALS as error:
        if not visitor.is_for_part:
            return channel_page(visitor, found.id, error=error)
        row = row_of(type(error))
        return visitor.part("channels/channel.html", "trial", trial=Trial(reason_of(error), row.remedy), channel=found)
    if visitor.is_for_part:
        return visitor.part("channels/channel.html", "trial", trial=Trial(), channel=found)
    return visitor.go_to(f"/channels/{found.id}", notice=_("The test message arrived: the other side took it."))


test_channel.__test__ = False  # type: ignore[attr-defined]  # its name means no test of ours
