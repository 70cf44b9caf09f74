"""People: credentials and the use cases around them."""

from functools import cache, partial
from pathlib import Path
from secrets import token_urlsafe

from pynomaly.application.people import Membership, People
from pynomaly.application.ports.asking import BY_LOCAL_USER, Asked
from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.use_cases.administer_people import (
    ChangePassword,
    ChangeUser,
    CreateApiKey,
    CreateTenant,
    CreateUser,
    RevokeApiKey,
)
from pynomaly.application.use_cases.authenticate import Authenticate
from pynomaly.application.use_cases.sign_in import Desk, OpenBrowserSession, RenewSession, SignIn, SignOut
from pynomaly.assembly.adapters import Adapters
from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest
from pynomaly.infrastructure.key_files import kept_key
from pynomaly.infrastructure.settings import Settings

SIGNING_KEY = "secret.key"
"""The file in the home that holds the key of tokens where none is set."""


def people_of(shared: Adapters) -> People:
    """Return what is done about people. Raises ExtraNotInstalled, InvalidRequest for a bad key, Conflict."""
    try:
        from pynomaly.infrastructure.credentials.access_tokens import BROWSER, SignedTokens
        from pynomaly.infrastructure.credentials.passwords import ArgonPasswords
        from pynomaly.infrastructure.credentials.secrets import RandomSecrets
        from pynomaly.infrastructure.credentials.signing_key import derived
    except ImportError:
        raise ExtraNotInstalled("people need: pip install 'pynomaly-platform[server]'") from None
    passwords, secrets, clock, new_id = ArgonPasswords(), RandomSecrets(), shared.clock, shared.new_id
    key = signing_key_of(shared.settings)
    tokens, browser_tokens = SignedTokens(key), SignedTokens(derived(key, "browser sessions"), BROWSER)

    def begin_in(asked: Asked) -> UnitOfWork:
        return shared.transactions(asked).begin()

    def begin_reading_in(asked: Asked) -> UnitOfWork:
        return shared.transactions(asked).begin_reading()

    def membership(asked: Asked) -> Membership:
        opened = shared.transactions(asked)
        return Membership(
            create_user=CreateUser(opened.begin, asked, passwords, clock, new_id),
            change_user=ChangeUser(opened.begin),
            change_password=ChangePassword(opened.begin, opened.begin_reading, passwords, clock),
            create_api_key=CreateApiKey(opened.begin, asked, secrets, clock, new_id),
            revoke_api_key=RevokeApiKey(opened.begin, clock),
        )

    desk = Desk(begin_in, begin_reading_in, passwords, tokens, browser_tokens, secrets, clock, new_id)
    return People(
        authenticate=Authenticate(begin_reading_in, tokens, secrets, clock),
        authenticate_browser=Authenticate(begin_reading_in, browser_tokens, secrets, clock),
        sign_in=SignIn(desk, desk.issue),
        sign_in_browser=SignIn(desk, desk.issue_for_browser),
        open_browser_session=OpenBrowserSession(desk),
        browser_session_ends=lambda token: browser_tokens.read(token, clock()).expires_at,
        renew_session=RenewSession(desk),
        sign_out=SignOut(desk),
        create_tenant=CreateTenant(shared.transactions(BY_LOCAL_USER).begin, clock, new_id),
        membership=membership,
    )


def signing_key_of(settings: Settings) -> bytes:
    """Return the key that tokens are signed with.

    Raises InvalidRequest where none is set beside a database server, or one that can be guessed; Conflict where the
    kept one is readable by others.
    """
    from pynomaly.infrastructure.credentials.signing_key import checked_key

    if settings.secret_key is not None:
        return checked_key(settings.secret_key)
    if settings.database_url is not None:
        raise InvalidRequest(
            "PYNOMALY_SECRET_KEY is not set: servers that share a database have to share the key that signs tokens; "
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return _kept(settings.home)


@cache
def _kept(home: Path) -> bytes:
    damaged = "delete it, and everybody has to sign in again"
    return kept_key(home / SIGNING_KEY, partial(token_urlsafe, 48), if_damaged=damaged).encode()
