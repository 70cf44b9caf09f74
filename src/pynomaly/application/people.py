"""What people can do about themselves and each other, as the doors of the house receive it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.administer_people import (
    ChangePassword,
    ChangeUser,
    CreateApiKey,
    CreateTenant,
    CreateUser,
    RevokeApiKey,
)
from pynomaly.application.use_cases.authenticate import Authenticate
from pynomaly.application.use_cases.sign_in import (
    BrowserSession,
    OpenBrowserSession,
    RenewSession,
    Session,
    SignIn,
    SignOut,
)


@dataclass(frozen=True, slots=True)
class Membership:
    """What is done about the people of one workspace, on behalf of whoever asked."""

    create_user: CreateUser
    change_user: ChangeUser
    change_password: ChangePassword
    create_api_key: CreateApiKey
    revoke_api_key: RevokeApiKey


@dataclass(frozen=True, slots=True)
class People:
    """What is done before a workspace is known, and the way to the people of one.

    browser_session_ends: when a browser's token expires; raises NotSignedIn.
    """

    authenticate: Authenticate
    authenticate_browser: Authenticate
    sign_in: SignIn[Session]
    sign_in_browser: SignIn[BrowserSession]
    open_browser_session: OpenBrowserSession
    browser_session_ends: Callable[[str], datetime]
    renew_session: RenewSession
    sign_out: SignOut
    create_tenant: CreateTenant
    membership: Callable[[Asked], Membership]
