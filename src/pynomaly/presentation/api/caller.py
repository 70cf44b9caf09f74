"""Somebody who calls a route, and the one effect that a repeated call has."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

from fastapi import Header
from starlette.responses import Response

from pynomaly.application.people import Membership
from pynomaly.application.ports.asking import Asked, Reply
from pynomaly.application.workspace import Workspace
from pynomaly.domain.access import Permission, Principal
from pynomaly.presentation.http.bounds import IdempotencyKey
from pynomaly.presentation.http.once import KeyedRequest, answered_once

if TYPE_CHECKING:
    from pynomaly.presentation.api.api_program import ApiProgram

Subject = TypeVar("Subject")
KeyHeader: TypeAlias = Annotated[
    IdempotencyKey | None,
    Header(
        alias="Idempotency-Key",
        description="A key of your own making: the same request under the same key has one effect and one answer, "
        "for 24 hours (draft-ietf-httpapi-idempotency-key-header).",
    ),
]
log = logging.getLogger("pynomaly.api")


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal in the middle of one request; route: method and path, the scope of an idempotency key."""

    principal: Principal
    service: "ApiProgram"
    request_id: str
    route: str

    @property
    def workspace(self) -> Workspace:
        """The caller's workspace, acting on the caller's behalf."""
        return self.service.open_workspace(self._asked())

    def may(self, permission: Permission) -> bool:
        """Whether the caller has a further permission."""
        return permission in self.principal.permissions

    def answer(
        self,
        act: Callable[[Workspace], Subject],
        reply_to: Callable[[Subject], Reply],
        *,
        key: str | None = None,
        content: bytes = b"",
    ) -> Response:
        """Act on stored things and answer; see `once`."""
        open_workspace = self.service.open_workspace
        return self.once(lambda asked: act(open_workspace(asked)), reply_to, key=key, content=content)

    def people_answer(
        self,
        act: Callable[[Membership], Subject],
        reply_to: Callable[[Subject], Reply],
        *,
        key: str | None = None,
        content: bytes = b"",
        repeat: Callable[[Subject], Reply] | None = None,
    ) -> Response:
        """Act on the people of the workspace and answer; see `once`."""
        membership = self.service.people.membership
        return self.once(lambda asked: act(membership(asked)), reply_to, key=key, content=content, repeat=repeat)

    def once(
        self,
        act: Callable[[Asked], Subject],
        reply_to: Callable[[Subject], Reply],
        *,
        key: str | None,
        content: bytes,
        repeat: Callable[[Subject], Reply] | None = None,
    ) -> Response:
        """Act and answer; under an idempotency key, act once and give every repetition the same answer.

        content: of the request; the same key with other content is refused.  repeat: the answer to repetitions, where
        the first one holds a secret that is not to be stored.
        Raises StillRunning, IdempotencyKeyReused, and whatever acting raises: then the key may be used again.
        """
        if key is None:
            return as_response(reply_to(act(self._asked())))
        request = KeyedRequest(self._asked(), self.route, key, content, self.service.new_id())
        reply, is_repeated = answered_once(self.service.open_workspace, request, act, reply_to, repeat=repeat)
        return as_response(reply, {"Idempotent-Replayed": "true"} if is_repeated else None)

    def _asked(self) -> Asked:
        return Asked(self.principal.tenant_id, self.principal.actor, self.request_id)


def as_response(reply: Reply, more_headers: dict[str, str] | None = None) -> Response:
    """Return a reply as it goes over the wire."""
    return Response(reply.body, reply.status, dict(reply.headers) | (more_headers or {}))
