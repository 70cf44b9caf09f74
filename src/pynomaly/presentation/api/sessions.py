"""`/sessions`: sign in, renew, sign out."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from pynomaly.application.use_cases.sign_in import Session
from pynomaly.domain.access import Permission
from pynomaly.domain.errors import Forbidden, InvalidRequest, NotSignedIn
from pynomaly.presentation.api.access import PUBLIC, requires
from pynomaly.presentation.api.api_program import program_behind
from pynomaly.presentation.api.caller import Caller, as_response
from pynomaly.presentation.api.replies import gone, json_reply
from pynomaly.presentation.api.routing import answers, public_answers, router
from pynomaly.presentation.api.schemas.people import Credentials, Refresh, SessionAnswer
from pynomaly.presentation.http.refusals import PayloadTooLarge, UnsupportedMediaType

routes = router("sessions")
_ERRORS = (PayloadTooLarge, UnsupportedMediaType, NotSignedIn, InvalidRequest)


@routes.post(
    "/sessions",
    operation_id="sign_in",
    status_code=201,
    response_model=SessionAnswer,
    responses=public_answers(*_ERRORS),
    dependencies=[PUBLIC],
)
def sign_in(request: Request, body: Credentials) -> Response:
    """Exchange e-mail address and password for an access token and a refresh token."""
    service = program_behind(request)
    service.limits.spend_for_address(request.client.host if request.client else "unknown")
    session = service.people.sign_in(email=body.email, password=body.password, request_id=request.state.request_id)
    return as_response(json_reply(_answer(session), 201))


@routes.post(
    "/sessions/renew",
    operation_id="renew_session",
    status_code=201,
    response_model=SessionAnswer,
    responses=public_answers(*_ERRORS),
    dependencies=[PUBLIC],
)
def renew_session(request: Request, body: Refresh) -> Response:
    """Exchange a refresh token for new tokens. One that comes twice was copied, and ends all that descend from it."""
    service = program_behind(request)
    service.limits.spend_for_address(request.client.host if request.client else "unknown")
    session = service.people.renew_session(refresh_token=body.refresh_token, request_id=request.state.request_id)
    return as_response(json_reply(_answer(session), 201))


@routes.delete("/sessions", operation_id="sign_out", status_code=204, responses=answers())
def sign_out(caller: Annotated[Caller, Depends(requires(Permission.READ))]) -> Response:
    """End every session of the user who asks; access tokens that are still out end within seconds."""
    if caller.principal.kind != "user":
        raise Forbidden("an API key has no session; revoke it instead")
    principal = caller.principal
    caller.service.people.sign_out(tenant_id=principal.tenant_id, user_id=principal.id, request_id=caller.request_id)
    return as_response(gone())


def _answer(session: Session) -> SessionAnswer:
    return SessionAnswer(
        access_token=session.access_token,
        expires_at=session.expires_at,
        refresh_token=session.refresh_token,
        refresh_expires_at=session.refresh_expires_at,
    )
