"""People of a workspace, with credentials that a test can read and a clock that it moves."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pynomaly.application.people import Membership, People
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
from pynomaly.application.use_cases.sign_in import Desk, OpenBrowserSession, RenewSession, Session, SignIn, SignOut
from pynomaly.domain.access import Role
from pynomaly.domain.user import User
from pynomaly.infrastructure.persistence.unit_of_work import SqlTransactions
from tests.fakes.people import FakePasswords, FakeSecrets, FakeTokens
from tests.infrastructure.persistence.examples import NOON, new_id

PASSWORD = "correct horse battery"
BY_ADMIN = Asked("local", "user:admin", "req-1")


@dataclass
class House:
    """Everything that is done about people, on one database."""

    transactions: SqlTransactions
    now: datetime = NOON
    passwords: FakePasswords = field(default_factory=FakePasswords)
    tokens: FakeTokens = field(default_factory=FakeTokens)
    browser_tokens: FakeTokens = field(default_factory=FakeTokens)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    session: Session | None = None

    def clock(self) -> datetime:
        return self.now

    def wait(self, **period: float) -> None:
        self.now += timedelta(**period)

    @property
    def people(self) -> People:
        begin_in, begin_reading_in, tokens = self.begin_in, self.begin_reading_in, self.tokens
        desk = Desk(
            begin_in, begin_reading_in, self.passwords, tokens, self.browser_tokens, self.secrets, self.clock, new_id
        )
        return People(
            authenticate=Authenticate(begin_reading_in, tokens, self.secrets, self.clock),
            authenticate_browser=Authenticate(begin_reading_in, self.browser_tokens, self.secrets, self.clock),
            sign_in=SignIn(desk, desk.issue),
            sign_in_browser=SignIn(desk, desk.issue_for_browser),
            open_browser_session=OpenBrowserSession(desk),
            browser_session_ends=lambda token: self.browser_tokens.read(token, self.now).expires_at,
            renew_session=RenewSession(desk),
            sign_out=SignOut(desk),
            create_tenant=CreateTenant(self.transactions.begin, self.clock, new_id),
            membership=self.membership,
        )

    def membership(self, asked: Asked = BY_ADMIN) -> Membership:
        opened = replace(self.transactions, asked=asked)
        return Membership(
            create_user=CreateUser(opened.begin, asked, self.passwords, self.clock, new_id),
            change_user=ChangeUser(opened.begin),
            change_password=ChangePassword(opened.begin, opened.begin_reading, self.passwords, self.clock),
            create_api_key=CreateApiKey(opened.begin, asked, self.secrets, self.clock, new_id),
            revoke_api_key=RevokeApiKey(opened.begin, self.clock),
        )

    def create(self, email: str = "ada@example.org", role: Role = Role.ANALYST, asked: Asked = BY_ADMIN) -> User:
        return self.membership(asked).create_user(email=email, name=email, role=role, password=PASSWORD)

    def sign_in(self) -> None:
        """Open a session for the user of the example."""
        self.session = self.people.sign_in(email="ada@example.org", password=PASSWORD)

    def user(self, user_id: str) -> User:
        with self.transactions.begin_reading() as work:
            return work.users.get(user_id)

    def begin_in(self, asked: Asked):
        return replace(self.transactions, asked=asked).begin()

    def begin_reading_in(self, asked: Asked):
        return replace(self.transactions, asked=asked).begin_reading()
