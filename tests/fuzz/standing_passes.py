"""Credentials that stay good whatever the fuzzer does: it signs people out, demotes them and locks them out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.people import people_of, signing_key_of
from pynomaly.domain.access import Role
from pynomaly.infrastructure.credentials.access_tokens import SignedTokens
from tests.service.installed import Installation


def pass_of(role: Role) -> str:
    """Return what stands for a role's token in the requests of the fuzzer."""
    return f"Bearer standing-pass-of-{role}"


@dataclass
class StandingPasses:
    """Wraps the application: a pass becomes a token of the day; one that was turned away is issued anew.

    replayed: the ids in answers to repeated idempotency keys.
    """

    installation: Installation
    replayed: set[str] = field(default_factory=set)
    _tokens: dict[Role, str] = field(default_factory=dict)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        role = _role_of(scope)
        if role is None:
            await self.installation.application(scope, receive, send)
            return

        is_replay = False

        async def send_and_look(message: Mapping[str, Any]) -> None:
            nonlocal is_replay
            if message.get("status") == 401:
                self._tokens.pop(role, None)
            is_replay = is_replay or (b"idempotent-replayed", b"true") in message.get("headers", ())
            if is_replay and message.get("body"):
                self.replayed.add(str(json.loads(message["body"]).get("id")))
            await send(message)

        headers = [pair for pair in scope["headers"] if pair[0] != b"authorization"]
        token = (b"authorization", f"Bearer {self._token(role)}".encode())
        await self.installation.application({**scope, "headers": [*headers, token]}, receive, send_and_look)

    def _token(self, role: Role) -> str:
        if role not in self._tokens:
            self._tokens[role] = self._issued(role)
        return self._tokens[role]

    def _issued(self, role: Role) -> str:
        shared, there = self.installation.shared, self.installation.here.furniture
        asked = Asked(there.tenant_id, "the fuzzer")
        user = people_of(shared).membership(asked).change_user(user=there.users[role], role=role, is_active=True)
        return SignedTokens(signing_key_of(shared.settings)).issue(user, shared.clock())[0]


def _role_of(scope: Any) -> Role | None:
    given = next((value for name, value in scope.get("headers", ()) if name == b"authorization"), b"").decode("latin-1")
    return next((role for role in Role if given == pass_of(role)), None)
