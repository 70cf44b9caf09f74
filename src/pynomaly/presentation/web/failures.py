"""The one place where exceptions become pages: what happened, why, what to do, and the number to ask about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

import anyio
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from pynomaly.domain.access import Permission, Role, roles_with
from pynomaly.domain.errors import Forbidden, NotFound, NotSignedIn, PynomalyError
from pynomaly.presentation.http.error_handlers import answer_to_unexpected
from pynomaly.presentation.http.errors import UNEXPECTED, row_of
from pynomaly.presentation.http.problems import fit_to_print, problem_response
from pynomaly.presentation.http.refusals import InvalidValues, MalformedRequest, MethodNotAllowed
from pynomaly.presentation.web import cookies
from pynomaly.presentation.web.assets import NOT_BUILT
from pynomaly.presentation.web.nobody import for_nobody
from pynomaly.presentation.web.rendering import HEADERS, as_page, as_part
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.web.web_program import program_behind

MOST_ADMINS = 5  # a few to ask are enough
_BY_STATUS: dict[int, type[PynomalyError]] = {404: NotFound, 405: MethodNotAllowed, 403: Forbidden}


def install_failure_pages(app: FastAPI) -> None:
    """Make the pages answer every exception."""
    app.add_exception_handler(PynomalyError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unknown)


def failure_page(request: Request, error: PynomalyError) -> Response:
    """Return the page for an error; a part of a page where a part was asked for, a problem where no page was."""
    if isinstance(error, NotSignedIn) and _wants_page(request):
        return _to_sign_in(request)
    if not _wants_page(request):
        return problem_response(error, _request_id(request), request.url.path)
    if not program_behind(request).assets.names:
        return PlainTextResponse(f"{NOT_BUILT}\n", 503)
    row = row_of(type(error))
    context = for_nobody(
        request,
        visitor=_visitor(request),
        needed=_needed(request, error),
        row=row,
        reason=fit_to_print(str(error)) if row.tells_why else row.meaning,
        request_id=_request_id(request),
    )
    if _is_for_part(request):
        return as_part("failure.html", "failure", context, status=row.status)
    return as_page("failure.html", context, status=row.status)


@dataclass(frozen=True, slots=True)
class Needed:
    """What somebody lacks, and who can help. roles: those that allow it.  admins: names, a few of them."""

    permission: Permission
    roles: Sequence[Role]
    admins: Sequence[str]


def _needed(request: Request, error: PynomalyError) -> Needed | None:
    visitor = _visitor(request)
    if visitor is None or not isinstance(error, Forbidden) or not error.missing:
        return None
    users = visitor.workspace.queries.users()
    admins = [user.name for user in users if user.role is Role.ADMIN and user.is_active]
    permission = Permission(error.missing)
    return Needed(permission, roles_with(permission), admins[:MOST_ADMINS])


def _visitor(request: Request) -> Visitor | None:
    found: Visitor | None = getattr(request.state, "visitor", None)
    return found


def _to_sign_in(request: Request) -> Response:
    """Send a browser to sign in, and back to where it was; what a form held is not kept."""
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    here = where if request.method == "GET" and not _is_for_part(request) else "/"
    address = "/sign-in" if here == "/" else f"/sign-in?next={quote(here, safe='')}"
    if _is_for_part(request):
        return Response(status_code=401, headers={**HEADERS, "HX-Redirect": address})
    response = RedirectResponse(address, 303, HEADERS)
    cookies.drop_session(request, response)
    return response


def _wants_page(request: Request) -> bool:
    return _is_for_part(request) or "text/html" in request.headers.get("accept", "")


def _is_for_part(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def _request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))


async def _known(request: Request, error: Exception) -> Response:
    known = cast(PynomalyError, error)
    if row_of(type(known)) is UNEXPECTED:
        return await _unknown(request, error)
    return await anyio.to_thread.run_sync(failure_page, request, known)  # it may look up whom to ask


async def _invalid(request: Request, error: Exception) -> Response:
    found = cast(RequestValidationError, error).errors()
    what = "; ".join(f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in found[:5])
    return failure_page(request, InvalidValues(f"this address cannot be read: {what}"))


async def _of_the_framework(request: Request, error: Exception) -> Response:
    kind = _BY_STATUS.get(cast(HTTPException, error).status_code, MalformedRequest)
    return failure_page(request, kind("there is no such page") if kind is NotFound else kind())


async def _gone(request: Request, _error: Exception) -> Response:
    return failure_page(request, MalformedRequest("the request ended before its body did"))


async def _unknown(request: Request, error: Exception) -> Response:
    answer = answer_to_unexpected(error, request.scope)  # logs it, with its trace
    return failure_page(request, PynomalyError()) if _wants_page(request) else answer
