"""A whole installation in this process: the application behind its wall, and two workspaces that must not meet."""

import ipaddress
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.asgi import asgi_application
from pynomaly.bootstrap import adapters
from pynomaly.domain.access import Permission, Role
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from pynomaly.infrastructure.settings import Settings
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.fakes.sources import FakeSources
from tests.service.furnished import PASSWORD, Furnished, Things, furnished

PREFIX = "/api/v1"
FAKE_TASKS = "tests.fakes.source_child"
HOST = "testserver"
_MOVES = itertools.count()
MASTER_KEY = MasterKeys.new()
KEY = "a key of the tests, which is long enough to sign their tokens, and hostile ones as well"


@dataclass(frozen=True)
class Workplace:
    """One workspace as its people see it: what is in it, and a way to ask for it."""

    furniture: Furnished
    client: TestClient
    tokens: Mapping[Role, str]

    @property
    def keys(self) -> Mapping[Permission, str]:
        """The text of an API key for each permission."""
        return self.furniture.keys

    @property
    def things(self) -> Things:
        """The id of one thing of each kind."""
        return self.furniture.things

    def ask(self, method: str, path: str, role: Role = Role.ADMIN, **request: Any) -> Any:
        """Ask as somebody of a role."""
        return self.ask_with(self.tokens[role], method, path, **request)

    def ask_with(self, credentials: str, method: str, path: str, **request: Any) -> Any:
        """Ask with a token or key."""
        headers = {"Authorization": f"Bearer {credentials}", **request.pop("headers", {})}
        return self.client.request(method, PREFIX + path, headers=headers, **request)

    def get(self, path: str, role: Role = Role.VIEWER, **request: Any) -> Any:
        """Return what an address answers, which has to be a success."""
        answer = self.ask("GET", path, role, **request)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, role: Role = Role.ADMIN, **request: Any) -> Any:
        """Return what came of posting, which has to be a success."""
        answer = self.ask("POST", path, role, **request)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()


@dataclass(frozen=True)
class Installation:
    """The application, what it is put together from, and its two workspaces."""

    application: Any
    shared: Adapters
    client: TestClient
    here: Workplace
    elsewhere: Workplace


@contextmanager
def installed(folder: Path, database_url: str | None = None) -> Iterator[Installation]:
    """Lend an installation: what it keeps is in the folder and the database, what it does is done in this process."""
    fakes = adapters(settings_in(folder, database_url), notifiers=FakeNotifierCatalog(), sources=FakeSources())
    shared = replace(fakes, tasks=FAKE_TASKS)
    application = FromEverywhere(asgi_application(shared))
    try:
        with TestClient(application, raise_server_exceptions=False) as client:
            here, elsewhere = (workplace(client, furnished(shared, word)) for word in ("birch", "walrus"))
            yield Installation(application, shared, client, here, elsewhere)
    finally:
        shared.transactions(Asked(LOCAL_TENANT, "the tests")).database.close()


def refurbished(installation: Installation) -> Installation:
    """Return the installation with a first workspace in which nobody has been yet."""
    host = f"{next(_MOVES)}.example.org"
    return replace(installation, here=workplace(installation.client, furnished(installation.shared, "birch", host)))


def settings_in(folder: Path, database_url: str | None) -> Settings:
    """Return settings under which nobody is turned away for asking often."""
    return Settings(
        home=folder / "home",
        threads=1,
        origins={},
        database_url=database_url,
        secret_key=KEY,
        allowed_hosts=(HOST,),
        requests_per_minute=100_000_000,
        master_keys=(MASTER_KEY,),
    )


@dataclass
class FromEverywhere:
    """Lets each request come from another address: nobody vouches for a failed one, so they are counted by it."""

    application: Any

    def __post_init__(self) -> None:
        self._addresses = map(str, itertools.cycle(ipaddress.ip_network("10.0.0.0/8").hosts()))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = {**scope, "client": (next(self._addresses), 50_000)}
        await self.application(scope, receive, send)


def signed_in(client: TestClient, email: str, password: str = PASSWORD) -> str:
    """Return an access token for somebody."""
    answer = client.post(f"{PREFIX}/sessions", json={"email": email, "password": password})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["access_token"])


def workplace(client: TestClient, furniture: Furnished) -> Workplace:
    """Let everybody into a furnished workspace."""
    return Workplace(furniture, client, Tokens(client, furniture.emails))


class Tokens(dict[Role, str]):
    """An access token of somebody of each role, who signs in when it is first asked for."""

    def __init__(self, client: TestClient, emails: Mapping[Role, str]) -> None:
        super().__init__()
        self._client, self._emails = client, emails

    def __missing__(self, role: Role) -> str:
        self[role] = signed_in(self._client, self._emails[role])
        return self[role]
