"""Browsers without a browser: clients that carry a session and send forms as pages do."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.people import people_of
from pynomaly.domain.access import Role
from pynomaly.presentation.web.cookies import SESSION
from tests.fakes.notifiers import FakeNotifierCatalog, Receiver
from tests.presentation.web.holdings import Holdings, held
from tests.service.furnished import PASSWORD
from tests.service.installed import Installation, Workplace

TOKEN = re.compile(r'X-Form-Token":"([\w-]+)"')
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@dataclass(frozen=True)
class Browsing:
    """Somebody at the pages. token: what their forms carry."""

    client: TestClient
    token: str

    def get(self, path: str, **request: Any) -> Any:
        """Ask for a page; where it leads elsewhere, the answer says so."""
        headers = {"Accept": "text/html", **request.pop("headers", {})}
        return self.client.get(path, headers=headers, follow_redirects=False, **request)

    def shown(self, path: str) -> str:
        """Return the text of a page, which has to be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def send(self, path: str, **fields: Any) -> Any:
        """Send a form as a page of ours does."""
        return self.client.post(
            path, data={"form_token": self.token, **fields}, headers=FROM_OUR_PAGE, follow_redirects=False
        )

    def send_without_token(self, path: str, **fields: Any) -> Any:
        """Send a form that no page of ours made."""
        return self.client.post(path, data=fields, headers=FROM_OUR_PAGE, follow_redirects=False)


@pytest.fixture(scope="module")
def browse(installation: Installation) -> Callable[..., Browsing]:
    """Return somebody of a role, signed in, at a workplace of the installation (its first one by default).

    user_id: of somebody in particular, such as one whose sessions may be ended.
    """

    def as_somebody(
        role: Role | None = Role.ADMIN, at: Workplace | None = None, user_id: str | None = None
    ) -> Browsing:
        furniture = (at or installation.here).furniture
        client = TestClient(installation.application, raise_server_exceptions=False)
        if role is None:
            return Browsing(client, "")
        people = people_of(installation.shared)
        session = people.open_browser_session(tenant_id=furniture.tenant_id, user_id=user_id or furniture.users[role])
        client.cookies.set(SESSION, session.token)
        found = TOKEN.search(client.get("/help", headers={"Accept": "text/html"}).text)
        assert found is not None
        return Browsing(client, found[1])

    return as_somebody


@pytest.fixture(scope="module")
def holdings(installation: Installation) -> Holdings:
    """Return detections that have labels, rivals and fresh rows."""
    return held(installation)


@pytest.fixture
def newcomer(installation: Installation, browse: Callable[..., Browsing]) -> Callable[..., tuple[Browsing, str]]:
    """Let somebody in who belongs to one test alone; return them at the pages, and their id."""

    def made(role: Role = Role.VIEWER) -> tuple[Browsing, str]:
        word = secrets.token_hex(4)
        membership = people_of(installation.shared).membership(
            Asked(installation.here.furniture.tenant_id, "the tests")
        )
        user = membership.create_user(email=f"{word}@example.org", name=f"new {word}", role=role, password=PASSWORD)
        return browse(role, user_id=user.id), user.id

    return made


@pytest.fixture(scope="session")
def receiver(building: Installation) -> Receiver:
    """The other end of every channel."""
    notifiers = building.shared.notifiers
    assert isinstance(notifiers, FakeNotifierCatalog)
    return notifiers.receiver
