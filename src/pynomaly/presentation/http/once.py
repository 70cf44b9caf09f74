"""One effect however often a request arrives: under a key of the client's, the first answer is everybody's."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from pynomaly.application.ports.asking import Asked, KeyClaim, Reply, RequestKey
from pynomaly.application.workspace import OpenWorkspace, Workspace
from pynomaly.domain.errors import InvalidRequest, PynomalyError
from pynomaly.presentation.http.refusals import IdempotencyKeyReused

Subject = TypeVar("Subject")
log = logging.getLogger("pynomaly.api")


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request under a key.

    route: method and path, the key's scope.  content: the same key with other content is refused.  token: names this
    attempt.
    """

    asked: Asked
    route: str
    key: str
    content: bytes
    token: str


def answered_once(
    open_workspace: OpenWorkspace,
    request: KeyedRequest,
    act: Callable[[Asked], Subject],
    reply_to: Callable[[Subject], Reply],
    *,
    repeat: Callable[[Subject], Reply] | None = None,
) -> tuple[Reply, bool]:
    """Act once and return the answer, and whether it is a repetition of one given before.

    repeat: the answer to repetitions, where the first one holds a secret that is not to be stored.
    Raises StillRunning, IdempotencyKeyReused, and whatever acting raises: then the key may be used again.
    """
    name = RequestKey(request.asked.actor, _short(request.route), request.key)
    claim = KeyClaim(name, request.token, cast(Callable[[object], Reply], repeat or reply_to))
    workspace = open_workspace(request.asked)
    try:
        stored = workspace.reserve_request_key(claim=claim, digest=hashlib.sha256(request.content).hexdigest())
    except InvalidRequest as error:
        raise IdempotencyKeyReused(str(error)) from error
    if stored is not None:
        return stored, True
    with ExitStack() as undo:
        undo.callback(_release, workspace, claim, request.asked.request_id)
        subject = act(replace(request.asked, claim=claim))
        undo.pop_all()
    return reply_to(subject), False


def _release(workspace: Workspace, claim: KeyClaim, request_id: str) -> None:
    try:
        workspace.release_request_key(claim=claim)
    except PynomalyError as error:  # it runs out by itself
        log.warning("key_not_released request_id=%s reason=%s", request_id, error)


def _short(route: str) -> str:
    """Return a route as it fits the column; a long path by its digest."""
    return route if len(route) <= 200 else f"{route[:120]}#{hashlib.sha256(route.encode()).hexdigest()}"
