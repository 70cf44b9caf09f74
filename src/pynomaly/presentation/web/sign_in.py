"""`/sign-in`, `/enter`, `/sign-out`: how a browser comes to carry a session, and loses it."""

from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from pynomaly.application.use_cases.sign_in import BrowserSession
from pynomaly.domain.access import Permission
from pynomaly.domain.errors import InvalidRequest, NotSignedIn, PynomalyError, TooManyRequests
from pynomaly.presentation.http.errors import row_of
from pynomaly.presentation.web import cookies
from pynomaly.presentation.web.access import PUBLIC, requires, signed_in
from pynomaly.presentation.web.forms import CHECKED, OpenForm
from pynomaly.presentation.web.nobody import for_nobody
from pynomaly.presentation.web.rendering import HEADERS, as_page
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.web.web_program import program_behind

routes = pages()
Anybody = Annotated[Visitor, Depends(requires(Permission.READ))]
Next = Annotated[str, Query(max_length=2000)]


@routes.get("/sign-in", dependencies=[PUBLIC])
def show_sign_in(request: Request, next: Next = "/") -> Response:
    """Ask who it is; whoever is signed in goes on."""
    try:
        signed_in(request)
    except NotSignedIn:
        return _page(request, next)
    return RedirectResponse(own_address(next), 303, HEADERS)


@routes.post("/sign-in", dependencies=[PUBLIC])
def sign_in(request: Request, form: OpenForm) -> Response:
    """Exchange e-mail address and password for a session."""
    program = program_behind(request)
    address = request.client.host if request.client else "unknown"
    where = form.text("next", most=2000)
    try:
        program.limits.spend_for_address(address)
        session = program.people.sign_in_browser(
            email=form.text("email", most=320),
            password=form.raw("password", most=1000),
            request_id=request.state.request_id,
        )
    except (NotSignedIn, InvalidRequest, TooManyRequests) as error:
        return _page(request, where, error, email=form.text("email", most=320))
    return _admitted(request, session, where)


@routes.get("/enter", dependencies=[PUBLIC])
def enter(request: Request, ticket: Annotated[str, Query(max_length=200)], next: Next = "/") -> Response:
    """Exchange a ticket, which is good once, for a session: the address that `pynomaly start` prints."""
    program = program_behind(request)
    try:
        program.limits.spend_for_address(request.client.host if request.client else "unknown")
        tenant_id, user_id = program.redeem_ticket(ticket)
    except (NotSignedIn, TooManyRequests) as error:
        return _page(request, next, error)
    session = program.people.open_browser_session(
        tenant_id=tenant_id, user_id=user_id, request_id=request.state.request_id
    )
    return _admitted(request, session, next)


@routes.post("/sign-out", dependencies=[CHECKED])
def sign_out(visitor: Anybody) -> Response:
    """End every session of the user, on every device."""
    principal = visitor.principal
    visitor.program.people.sign_out(
        tenant_id=principal.tenant_id, user_id=principal.id, request_id=visitor.asked.request_id
    )
    response = RedirectResponse("/sign-in?left=yes", 303, {**HEADERS, "Clear-Site-Data": '"storage"'})
    cookies.drop_session(visitor.request, response)
    return response


def own_address(given: str) -> str:
    """Return where a reader wanted to go, the first page for anything that is not an address of this server.

    >>> own_address("/datasets?x=1"), own_address("//elsewhere.example"), own_address("https://elsewhere.example")
    ('/datasets?x=1', '/', '/')
    """
    is_ours = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if is_ours and "\\" not in given else "/"


def _admitted(request: Request, session: BrowserSession, where: str) -> Response:
    response = RedirectResponse(own_address(where), 303, HEADERS)
    cookies.keep_session(request, response, session.token, session.expires_at)
    return response


def _page(request: Request, where: str, error: PynomalyError | None = None, *, email: str = "") -> Response:
    context = for_nobody(
        request,
        refusal="" if error is None else str(error),
        next=own_address(where),
        email=email,
        has_left=request.query_params.get("left") == "yes",
    )
    return as_page("sign_in.html", context, status=200 if error is None else row_of(type(error)).status)
