"""What pages say about curl, the command line and Python is true: held against what there is."""

import ast
import html
import inspect
import re
import shlex
from dataclasses import fields
from typing import get_type_hints
from urllib.parse import urlsplit

import pytest
from click import Command, Group
from typer.main import get_command

from pynomaly.application.queries import Queries
from pynomaly.application.workspace import Workspace
from pynomaly.domain.access import Role
from pynomaly.presentation.cli.app import app
from tests.presentation.web.page_addresses import filled, page_routes
from tests.service.furnished import furnished
from tests.service.installed import Workplace, workplace

CODE = re.compile(r'<pre id="code-\d+-(\d)"[^>]*>(.*?)</pre>', re.S)
SHOWN = sorted(
    {path for path, method in page_routes() if method == "GET" and "{build}" not in path and not path.endswith("/live")}
)
"""Pages. Not what follows something for as long as more may happen to it: that need not end."""
NEVER = {400, 404, 405, 415, 422}
"""What a call that does not fit the API is answered."""


@pytest.fixture(scope="module")
def spent(installation) -> Workplace:
    """A workspace of these tests alone: what pages say to run is run, so it does not stay as it was furnished."""
    return workplace(installation.client, furnished(installation.shared, "linden"))


def code_on(browse, place: Workplace, path: str) -> list[tuple[int, str]]:
    answer = browse(Role.ADMIN, at=place).get(filled(path, place.furniture))
    return [(int(form), html.unescape(text)) for form, text in CODE.findall(answer.text)]


@pytest.mark.parametrize("path", SHOWN)
def test_every_form_of_code_on_a_page_is_true(browse, spent, path) -> None:
    for form, text in code_on(browse, spent, path):
        (check_curl, check_command, check_python)[form - 1](text, spent)


def check_curl(text: str, place: Workplace) -> None:
    words = shlex.split(text.replace("\\\n", " "))
    address = urlsplit(next(word for word in words if word.startswith("http")))
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    if method == "DELETE":
        operations = place.client.get("/api/openapi.json").json()["paths"]
        assert any(fits(template, address.path) and "delete" in operations[template] for template in operations)
        return
    body = words[words.index("-d") + 1] if "-d" in words else None
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if "--data-binary" in words:
        body, headers = "x,y\n1,2\n3,4\n", {"Content-Type": "application/octet-stream"}
    path = address.path.removeprefix("/api/v1") + (f"?{address.query}" if address.query else "")
    answer = place.ask(method, path, Role.ADMIN, content=body, headers=headers)
    assert answer.status_code not in NEVER, (text, answer.text)


def fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


def check_command(text: str, _place: Workplace) -> None:
    words = shlex.split(text)
    assert words.pop(0) == "pynomaly"
    command: Command = get_command(app)
    context = None
    while isinstance(command, Group):
        context = command.make_context(command.name, list(words), parent=context)
        _, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
    command.make_context(command.name, list(words), parent=context).close()


def check_python(text: str, _place: Workplace) -> None:
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    on_workspace = [call for call in calls if ast.unparse(call.func).startswith("workspace.")]
    assert on_workspace
    for call in on_workspace:
        name = ast.unparse(call.func).removeprefix("workspace.")
        given = {keyword.arg for keyword in call.keywords}
        assert given <= parameters_of(name), (text, given)


def parameters_of(name: str) -> set[str]:
    if name.startswith("queries."):
        return set(inspect.signature(getattr(Queries, name.removeprefix("queries."))).parameters)
    assert name in {field.name for field in fields(Workspace)}
    return set(inspect.signature(get_type_hints(Workspace)[name].__call__).parameters)
