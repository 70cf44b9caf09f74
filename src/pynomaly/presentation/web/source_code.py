"""What the pages of sources do, as code."""

from functools import partial

from starlette.requests import Request

from pynomaly.application.ports.sources import SourceKind
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.data_source import DataSource
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.texts import _

NOT_SHOWN = "…"
JOB_KINDS = "from pynomaly.domain.job import JobKind\n\n"


def code_for_sources(request: Request) -> list[CodeForm]:
    """Return how sources are listed."""
    return [
        code_form(
            request,
            _("List the sources"),
            ApiCall("GET", "/sources"),
            ["source", "list"],
            "workspace.queries.sources()",
        )
    ]


def code_for_new_source(request: Request, kind: SourceKind | None) -> list[CodeForm]:
    """Return how a source of a kind is kept; where none is chosen, how the kinds are listed."""
    if kind is None:
        kinds, listing = "workspace.queries.sources()", ApiCall("GET", "/source-kinds")
        return [code_form(request, _("List the kinds of sources"), listing, ["source", "kinds"], kinds)]
    fields = [one for one in kind.connection.fields if one.is_required and one.default is None]
    settings = {one.name: NOT_SHOWN for one in fields if not one.is_secret}
    secrets = [one.name for one in fields if one.is_secret]
    body: dict[str, JsonValue] = {"name": "shop", "kind": kind.connection.name, "settings": dict(settings)}
    body |= {"secrets": dict.fromkeys(secrets, NOT_SHOWN)} if secrets else {}
    command = ["source", "create", "shop", "--kind", kind.connection.name]
    command += [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    command += [word for name in secrets for word in ("--secret", name)]
    hidden = ", ".join(f'"{name}": os.environ["{name.upper()}"]' for name in secrets)
    python = (
        f'workspace.create_source(name="shop", kind="{kind.connection.name}", settings={settings!r}, '
        f"secrets={{{hidden}}})"
    )
    return [code_form(request, _("Create the source"), ApiCall("POST", "/sources", body), command, python)]


def code_for_source(request: Request, source: DataSource, kind: SourceKind) -> list[CodeForm]:
    """Return how a source is tested, read and deleted."""
    make, one = partial(code_form, request), source.id
    what = kind.selection[0].name
    payload = {"source_id": one, "selection": {what: "orders"}}
    return [
        make(
            _("Test the source"),
            ApiCall("POST", f"/sources/{one}/test"),
            ["source", "test", one],
            f'workspace.check_source(source="{one}")',
        ),
        make(
            _("Read rows into a dataset"),
            ApiCall("POST", f"/sources/{one}/pull", {"selection": {what: "orders"}}),
            ["dataset", "pull", one, "--select", f"{what}=orders"],
            f"{JOB_KINDS}workspace.submit_job(kind=JobKind.PULL, payload={payload!r})",
        ),
        make(
            _("Delete the source"),
            ApiCall("DELETE", f"/sources/{one}"),
            ["source", "remove", one],
            f'workspace.remove_source(source="{one}")',
        ),
    ]
