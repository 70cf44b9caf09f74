"""Somebody who looks at a page: who they are, what they may, and how they are answered."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pynomaly.application.people import Membership
from pynomaly.application.ports.asking import Asked
from pynomaly.application.workspace import Workspace
from pynomaly.domain.access import Permission, Principal
from pynomaly.domain.errors import PynomalyError
from pynomaly.presentation.http.errors import row_of
from pynomaly.presentation.http.problems import fit_to_print
from pynomaly.presentation.web import cookies
from pynomaly.presentation.web.rendering import HEADERS, as_page, as_part, part_text
from pynomaly.presentation.web.web_program import WebProgram


def reason_of(error: PynomalyError) -> str:
    """Return what readers are told of an error: its own words, unless they name parts of the server."""
    row = row_of(type(error))
    return fit_to_print(str(error)) if row.tells_why else row.meaning


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in user in the middle of one request."""

    principal: Principal
    program: WebProgram
    request: Request

    @property
    def asked(self) -> Asked:
        """On whose behalf things are done here."""
        return Asked(self.principal.tenant_id, self.principal.actor, str(self.request.state.request_id))

    @property
    def workspace(self) -> Workspace:
        """The visitor's workspace, acting on the visitor's behalf."""
        return self.program.open_workspace(self.asked)

    @property
    def membership(self) -> Membership:
        """The people of the visitor's workspace."""
        return self.program.people.membership(self.asked)

    @property
    def is_for_part(self) -> bool:
        """Whether the page is there already and asks for a part of itself."""
        return self.request.headers.get("hx-request") == "true"

    def may(self, permission: str) -> bool:
        """Whether the visitor has a permission, by its name."""
        return Permission(permission) in self.principal.permissions

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Return a page; every template knows its `visitor`, and the sentence left by the page before as `notice`."""
        notice = cookies.notice_of(self.request)
        response = as_page(template, self._context(context, notice), status=status)
        if notice:
            cookies.drop_notice(self.request, response)
        return response

    def part(self, template: str, block: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """Return one block of a page."""
        return as_part(template, block, self._context(context), status=status)

    def part_text(self, template: str, block: str, **context: Any) -> str:
        """Return the text of one block of a page."""
        return part_text(template, block, self._context(context))

    def again(self, template: str, error: PynomalyError, **context: Any) -> Response:
        """Return a page whose form was refused: what was entered stays, the reason stands beside it."""
        return self.page(template, status=row_of(type(error)).status, refusal=reason_of(error), **context)

    def part_again(self, template: str, block: str, error: PynomalyError, **context: Any) -> Response:
        """Return the block of a page that says why what a script asked for was refused."""
        return self.part(template, block, status=row_of(type(error)).status, refusal=reason_of(error), **context)

    def form_page(self, template: str, error: PynomalyError | None, **context: Any) -> Response:
        """Return a page with a form: as it comes, or again after it was refused."""
        return self.page(template, **context) if error is None else self.again(template, error, **context)

    def go_to(self, address: str, *, notice: str = "") -> Response:
        """Send the browser to another page of ours, which says a sentence."""
        if self.is_for_part:
            response = Response(status_code=200, headers={**HEADERS, "HX-Redirect": address})
        else:
            response = RedirectResponse(address, 303, HEADERS)
        if notice:
            cookies.keep_notice(self.request, response, notice)
        return response

    def _context(self, context: dict[str, Any], notice: str = "") -> dict[str, Any]:
        return {
            "visitor": self,
            "request": self.request,
            "program": self.program,
            "form_token": self.program.form_tokens.of(self.principal),
            "theme": cookies.theme_of(self.request),
            "notice": notice,
            "refusal": "",
            **context,
        }
