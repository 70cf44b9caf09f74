"""What templates know where nobody is signed in."""

from typing import Any

from starlette.requests import Request

from pynomaly.presentation.web import cookies
from pynomaly.presentation.web.web_program import program_behind


def for_nobody(request: Request, **context: Any) -> dict[str, Any]:
    """Return what every template needs, for somebody who is not known."""
    return {
        "visitor": None,
        "request": request,
        "program": program_behind(request),
        "form_token": "",
        "theme": cookies.theme_of(request),
        "notice": "",
        "refusal": "",
        **context,
    }
