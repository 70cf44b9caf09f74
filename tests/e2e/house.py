"""A server as people run it, in a process of its own with workers beside it, on a home of its own."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pynomaly.application.ports.asking import Asked
from pynomaly.application.workspace import Workspace
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.people import people_of
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.domain.access import Role
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.infrastructure.settings import load_settings

PASSWORD = "correct horse battery staple"
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Workplace:
    """One workspace, with somebody of each role in it."""

    tenant_id: TenantId
    users: Mapping[Role, UserId]
    emails: Mapping[Role, str]
    workspace: Workspace
    """Everything that can be done in it, without a browser."""


@dataclass(frozen=True)
class House:
    """A running server. shared: its adapters, on the same database and files."""

    url: str
    home: Path
    shared: Adapters
    log: Path

    def workplace(self, word: str) -> Workplace:
        """Make a workspace, named after a word, with somebody of each role."""
        people = people_of(self.shared)
        tenant = people.create_tenant(name=f"{word} {secrets.token_hex(3)}")
        membership = people.membership(Asked(tenant.id, "the tests"))
        emails = {role: f"{word}.{role}.{secrets.token_hex(3)}@example.org" for role in Role}
        users = {
            role: membership.create_user(
                email=email, name=f"{word.title()} {role.value.title()}", role=role, password=PASSWORD
            ).id
            for role, email in emails.items()
        }
        asked = Asked(tenant.id, f"user:{users[Role.ADMIN]}")
        return Workplace(tenant.id, users, emails, open_workspace(self.shared, asked))

    def session(self, place: Workplace, role: Role) -> str:
        """Return the token of a browser session."""
        people = people_of(self.shared)
        return people.open_browser_session(tenant_id=place.tenant_id, user_id=place.users[role]).token


@contextmanager
def running(folder: Path, *, n_workers: int = 1, more: Mapping[str, str] | None = None) -> Iterator[House]:
    """Lend a running server; its log lies in the folder."""
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYNOMALY_")},
        "PYNOMALY_HOME": str(folder / "home"),
        "PYNOMALY_REQUESTS_PER_MINUTE": "1000000",
        "PYNOMALY_THREADS": "1",
        **(more or {}),
    }
    shared = adapters(load_settings(environment, folder))
    log = folder / "server.log"
    command = [sys.executable, "-m", "pynomaly", "serve", "--port", str(port), "--workers", str(n_workers)]
    with log.open("wb") as sink:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=sink, stderr=sink)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/api/v1/health/live", server, log)
            yield House(url, folder / "home", shared, log)
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)
            shared.transactions(Asked(TenantId("local"), "the tests")).database.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    raise TimeoutError(f"the server did not come up: {log.read_text('utf-8', 'replace')[-2000:]}")
