"""`/me`, `/users` and `/api-keys`: who may do what in the workspace."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.application.ports.asking import Reply
from pynomaly.domain.access import Permission
from pynomaly.domain.errors import AlreadyExists, Conflict, Forbidden, InvalidRequest, NotFound, NotSignedIn
from pynomaly.domain.user import ApiKey, User
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.replies import created, edited, gone, json_reply, shown, unchanged
from pynomaly.presentation.api.revisions import IfMatch, IfNoneMatch, is_known, require_match
from pynomaly.presentation.api.routing import CONDITIONAL, KEYED, LISTED, WITH_BODY, answers, leads_to, router
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.api.schemas.people import (
    ApiKeyAnswer,
    MeAnswer,
    NewApiKey,
    NewApiKeyAnswer,
    NewUser,
    PasswordChange,
    UserAnswer,
    UserChange,
)
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter

routes = router("people")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Admin = Annotated[Caller, Depends(requires(Permission.MANAGE_USERS))]
KeyKeeper = Annotated[Caller, Depends(requires(Permission.MANAGE_KEYS))]
UserPath = Annotated[ObjectId, Path(alias="id", description="A user's id.")]
KeyPath = Annotated[ObjectId, Path(alias="id", description="A key's id.")]


@routes.get("/me", operation_id="who_am_i", response_model=MeAnswer, responses=answers())
def who_am_i(caller: Reader) -> Response:
    """Say who the request is made by, and what that allows."""
    principal = caller.principal
    return shown(
        MeAnswer(
            kind=principal.kind,
            id=principal.id,
            name=principal.name,
            workspace_id=principal.tenant_id,
            permissions=sorted(principal.permissions),
        )
    )


@routes.post(
    "/me/password",
    operation_id="change_password",
    status_code=204,
    responses=answers(WITH_BODY, KEYED, NotSignedIn, Forbidden, InvalidRequest),
)
def change_password(caller: Reader, body: PasswordChange, key: KeyHeader = None) -> Response:
    """Set another password for oneself; every session ends."""
    if caller.principal.kind != "user":
        raise Forbidden("an API key has no password; make a new key instead")
    return caller.people_answer(
        lambda people: people.change_password(
            user=caller.principal.id, old_password=body.old_password, new_password=body.new_password
        ),
        lambda _: gone(),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.post(
    "/users",
    operation_id="create_user",
    status_code=201,
    response_model=UserAnswer,
    responses=answers(WITH_BODY, KEYED, AlreadyExists, InvalidRequest)
    | {201: leads_to("get_user", edits=("change_user",))},
)
def create_user(caller: Admin, body: NewUser, key: KeyHeader = None) -> Response:
    """Let somebody sign in to this workspace, with a role that allows no more than whoever makes it may do."""
    caller.principal.require_all_of(body.role)
    return caller.people_answer(
        lambda people: people.create_user(email=body.email, name=body.name, role=body.role, password=body.password),
        lambda made: created(UserAnswer.of(made), f"/users/{made.id}", made),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.get("/users", operation_id="list_users", response_model=PageAnswer[UserAnswer], responses=answers(LISTED))
def list_users(caller: Admin, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List the users of the workspace, newest first."""
    cursors, scope = caller.service.cursors, ("users", caller.principal.tenant_id)
    page = caller.workspace.queries.user_page(cursors.piece(limit, cursor, *scope))
    items = [UserAnswer.of(user) for user in page.items]
    return shown(PageAnswer[UserAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    "/users/{id}",
    operation_id="get_user",
    response_model=UserAnswer,
    responses=answers(NotFound) | {304: {"description": "It is as you have it."}},
)
def get_user(caller: Admin, user_id: UserPath, if_none_match: IfNoneMatch = None) -> Response:
    """Describe a user."""
    user = caller.workspace.queries.user(user_id)
    return unchanged(user) if is_known(user, if_none_match) else shown(UserAnswer.of(user), user)


@routes.patch(
    "/users/{id}",
    operation_id="change_user",
    response_model=UserAnswer,
    responses=answers(WITH_BODY, KEYED, CONDITIONAL, NotFound, Conflict, InvalidRequest),
)
def change_user(
    caller: Admin, user_id: UserPath, body: UserChange, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Give a user another name or role, or end or restore their access. A change of rights ends their sessions."""
    if body.role is not None:
        caller.principal.require_all_of(body.role)

    def reply_to(changed: User) -> Reply:
        return edited(UserAnswer.of(changed), changed)

    return caller.people_answer(
        lambda people: people.change_user(
            user=user_id,
            name=body.name,
            role=body.role,
            is_active=body.is_active,
            revision=require_match(caller.workspace.queries.user(user_id), if_match),
        ),
        reply_to,
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.post(
    "/api-keys",
    operation_id="create_api_key",
    status_code=201,
    response_model=NewApiKeyAnswer,
    responses=answers(WITH_BODY, KEYED, InvalidRequest) | {201: leads_to("get_api_key", "revoke_api_key")},
)
def create_api_key(caller: KeyKeeper, body: NewApiKey, key: KeyHeader = None) -> Response:
    """Make a key for a program; it can do no more than whoever makes it. Repetitions do not show it."""

    def reply_to(made: tuple[ApiKey, str], *, shows_key: bool = True) -> Reply:
        answer = ApiKeyAnswer.of(made[0]).model_dump() | {"key": made[1] if shows_key else None}
        return created(NewApiKeyAnswer.model_validate(answer), f"/api-keys/{made[0].id}")

    return caller.people_answer(
        lambda people: people.create_api_key(
            name=body.name,
            permissions=body.permissions,
            days=body.expires_in_days,
            of_creator=caller.principal.permissions,
        ),
        reply_to,
        key=key,
        content=body.model_dump_json().encode(),
        repeat=lambda made: reply_to(made, shows_key=False),
    )


@routes.get(
    "/api-keys", operation_id="list_api_keys", response_model=PageAnswer[ApiKeyAnswer], responses=answers(LISTED)
)
def list_api_keys(caller: KeyKeeper, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List the keys of the workspace, newest first."""
    cursors, scope = caller.service.cursors, ("api_keys", caller.principal.tenant_id)
    page = caller.workspace.queries.api_key_page(cursors.piece(limit, cursor, *scope))
    items = [ApiKeyAnswer.of(one) for one in page.items]
    return shown(PageAnswer[ApiKeyAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get("/api-keys/{id}", operation_id="get_api_key", response_model=ApiKeyAnswer, responses=answers(NotFound))
def get_api_key(caller: KeyKeeper, key_id: KeyPath) -> Response:
    """Describe a key; its secret cannot be read again."""
    return shown(ApiKeyAnswer.of(caller.workspace.queries.api_key(key_id)))


@routes.post(
    "/api-keys/{id}/revoke",
    operation_id="revoke_api_key",
    response_model=ApiKeyAnswer,
    responses=answers(KEYED, NotFound),
)
def revoke_api_key(caller: KeyKeeper, key_id: KeyPath, key: KeyHeader = None) -> Response:
    """Make a key open nothing any more, within seconds; it stays listed as revoked. Again does no harm."""
    return caller.people_answer(
        lambda people: people.revoke_api_key(key=key_id),
        lambda revoked: json_reply(ApiKeyAnswer.of(revoked)),
        key=key,
    )
