"""What a page does, as curl, as a command and in Python: whoever likes it here can have it run without a page."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from pynomaly.domain.algorithm import JsonValue
from pynomaly.presentation.http.route_names import PREFIX

KEY = "$TOKEN"
"""Where the examples expect an API key: in the environment, never in a history of commands."""
EDITS = ("PUT", "PATCH", "DELETE")
"""What the API does only to something its caller has seen; the examples say that they do not mind what it is now."""


@dataclass(frozen=True, slots=True)
class CodeForm:
    """One action in its three forms. action: what it does, as a heading. A form that does not exist is empty."""

    action: str
    curl: str
    command: str
    python: str


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call of the API. path: below its prefix.  body: sent as JSON.  file: sent as it is, by its name."""

    method: str
    path: str
    body: Mapping[str, JsonValue] | None = None
    file: str | None = None


def code_form(request: Request, action: str, call: ApiCall, command: Sequence[str] = (), python: str = "") -> CodeForm:
    """Return an action in its three forms.

    command: the words after `pynomaly`.  python: what is called on an open workspace, such as
    `workspace.train_detector(detector="…", dataset="…")`.  Both are empty where people cannot do it that way.
    """
    typed = shlex.join(["pynomaly", *command]) if command else ""
    return CodeForm(action, _curl(request, call), typed, _program(python) if python else "")


def _curl(request: Request, call: ApiCall) -> str:
    address = f"{request.url.scheme}://{request.url.netloc}{PREFIX}{call.path}"
    method = "" if call.method == "GET" else f"-X {call.method} "
    lines = [f"curl {method}{shlex.quote(address)}", f'-H "Authorization: Bearer {KEY}"']
    if call.method in EDITS:
        lines.append("-H 'If-Match: *'")
    if call.body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(call.body, ensure_ascii=False))}"]
    if call.file is not None:
        lines += ["-H 'Content-Type: application/octet-stream'", f"--data-binary {shlex.quote('@' + call.file)}"]
    return " \\\n  ".join(lines)


def _program(call: str) -> str:
    imports = "".join(f"import {name}\n\n" for name in ("os", "pathlib") if f"{name}." in call)
    return f"{imports}from pynomaly import open_workspace\n\nworkspace = open_workspace()\n{call}"
