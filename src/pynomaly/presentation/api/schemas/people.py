"""Sessions, users and API keys over the wire; passwords and hashes never come back out."""

from datetime import datetime

from pydantic import Field

from pynomaly.domain.access import Permission, Role
from pynomaly.domain.user import ApiKey, User
from pynomaly.presentation.api.body import Body, Chosen
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import Choices, Days, Email, Name, Password, Token


class Credentials(Body):
    """Who signs in."""

    email: Email
    password: Password


class Refresh(Body):
    """The refresh token of the last answer; it is used up by this."""

    refresh_token: Token


class SessionAnswer(Answer):
    """Tokens: the access token for some minutes, the refresh token for one renewal."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - RFC 6750's word, no secret
    expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


class UserAnswer(Answer):
    """A user of the workspace."""

    id: str
    email: str
    name: str
    role: Role
    is_active: bool
    created_at: datetime
    revision: int

    @staticmethod
    def of(user: User) -> "UserAnswer":
        """Describe a user."""
        return UserAnswer(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            is_active=user.is_active,
            created_at=user.created_at,
            revision=user.revision,
        )


class MeAnswer(Answer):
    """Who the request is made by, and what that allows."""

    kind: str
    id: str
    name: str
    workspace_id: str
    permissions: list[Permission]


class NewUser(Body):
    """Somebody who may sign in to this workspace."""

    email: Email
    name: Name
    role: Chosen[Role] = Role.VIEWER
    password: Password


class UserChange(Body):
    """What is to change (RFC 7396: what is left out stays)."""

    name: Name | None = None
    role: Chosen[Role] | None = None
    is_active: bool | None = None


class PasswordChange(Body):
    """The old password vouches for whoever sets the new one."""

    old_password: Password
    new_password: Password


class NewApiKey(Body):
    """A key for a program: what it may do, and for how long."""

    name: Name
    permissions: Choices[Chosen[Permission]]
    expires_in_days: Days = 90


class ApiKeyAnswer(Answer):
    """An API key without its secret."""

    id: str
    name: str
    permissions: list[Permission]
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @staticmethod
    def of(key: ApiKey) -> "ApiKeyAnswer":
        """Describe a key."""
        return ApiKeyAnswer(
            id=key.id,
            name=key.name,
            permissions=sorted(key.permissions),
            created_by=key.created_by,
            created_at=key.created_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
        )


class NewApiKeyAnswer(ApiKeyAnswer):
    """A new key with its secret, which is shown this once."""

    key: str | None = Field(description="Send it as `Authorization: Bearer …`; it is shown this once, else null.")
