"""From what a request carries to the principal it is made by."""

from collections.abc import Callable
from dataclasses import dataclass

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.credentials import AccessTokens, Secrets
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.domain.access import Principal
from pynomaly.domain.errors import NotFound, NotSignedIn
from pynomaly.domain.identifiers import LOCAL_TENANT


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Reads an access token or an API key; roles and revocations are read from the database, not from the token."""

    begin_reading_in: Callable[[Asked], UnitOfWork]
    tokens: AccessTokens
    secrets: Secrets
    clock: Clock

    def __call__(self, *, credentials: str) -> Principal:
        """Return the principal. Raises NotSignedIn, with the same sentence whatever is wrong."""
        key = self.secrets.parse_api_key(credentials)
        return self._user(credentials) if key is None else self._api_key(*key)

    def _user(self, token: str) -> Principal:
        claims = self.tokens.read(token, self.clock())
        try:
            with self.begin_reading_in(Asked(claims.tenant_id, f"user:{claims.user_id}")) as work:
                user = work.users.get(claims.user_id)
        except NotFound:
            raise NotSignedIn from None
        if user.login_version != claims.login_version:
            raise NotSignedIn
        return user.principal()

    def _api_key(self, key_id: str, secret_hash: str) -> Principal:
        with self.begin_reading_in(Asked(LOCAL_TENANT, f"api_key:{key_id}")) as work:
            key = work.api_keys.by_id(key_id)
        stored = "" if key is None else key.secret_hash
        if not self.secrets.are_equal(stored, secret_hash) or key is None:
            raise NotSignedIn
        return key.principal(self.clock())
