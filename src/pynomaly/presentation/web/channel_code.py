"""What the pages of channels do, as code."""

from starlette.requests import Request

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.channel import Channel
from pynomaly.domain.connection import ConnectionKind
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.texts import _

NOT_SHOWN = "…"


def code_for_channels(request: Request) -> list[CodeForm]:
    """Return how channels are listed."""
    call = ApiCall("GET", "/channels")
    python = "from pynomaly.application.ports.paging import Piece\n\nworkspace.queries.channel_page(Piece(50))"
    return [code_form(request, _("List the channels"), call, ["channel", "list"], python)]


def code_for_new_channel(request: Request, kind: ConnectionKind | None) -> list[CodeForm]:
    """Return how a channel of a kind is kept; where none is chosen, how the kinds are listed."""
    if kind is None:
        kinds = "workspace.queries.channel_kinds()"
        listing = ApiCall("GET", "/channel-kinds")
        return [code_form(request, _("List the kinds of channels"), listing, ["channel", "kinds"], kinds)]
    settings = {one.name: one.default or NOT_SHOWN for one in kind.fields if one.is_required and not one.is_secret}
    secrets = [one.name for one in kind.fields if one.is_required and one.is_secret]
    body: dict[str, JsonValue] = {"name": "duty", "kind": kind.name}
    body |= {"settings": dict(settings)} if settings else {}
    body |= {"secrets": dict.fromkeys(secrets, NOT_SHOWN)} if secrets else {}
    command = ["channel", "create", "duty", "--kind", kind.name]
    command += [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    command += [word for name in secrets for word in ("--secret", name)]
    from_environment = ", ".join(f'"{name}": os.environ["{name.upper()}"]' for name in secrets)
    python = (
        f'workspace.create_channel(name="duty", kind="{kind.name}", settings={settings!r}, '
        f"secrets={{{from_environment}}})"
    )
    return [code_form(request, _("Create the channel"), ApiCall("POST", "/channels", body), command, python)]


def code_for_channel(request: Request, channel: Channel) -> list[CodeForm]:
    """Return how a channel is tried, changed and deleted."""
    here = f"/channels/{channel.id}"
    switch = "--disable" if channel.is_enabled else "--enable"
    enabled = not channel.is_enabled
    return [
        code_form(
            request,
            _("Send a test message"),
            ApiCall("POST", f"{here}/test"),
            ["channel", "test", channel.id],
            f'workspace.test_channel(channel="{channel.id}")',
        ),
        code_form(
            request,
            _("Let the channel rest") if channel.is_enabled else _("Wake the channel"),
            ApiCall("PATCH", here, {"is_enabled": enabled}),
            ["channel", "change", channel.id, switch],
            f'workspace.change_channel(channel="{channel.id}", is_enabled={enabled})',
        ),
        code_form(
            request,
            _("Delete the channel"),
            ApiCall("DELETE", here),
            ["channel", "remove", channel.id],
            f'workspace.remove_channel(channel="{channel.id}")',
        ),
    ]
