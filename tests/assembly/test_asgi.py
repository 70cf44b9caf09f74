"""What a server is put together from."""

import pytest
from starlette.testclient import TestClient

from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.assembly.asgi import asgi_application
from pynomaly.assembly.people import people_of
from pynomaly.bootstrap import adapters, program_on
from pynomaly.domain.access import Role
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.settings import Settings
from pynomaly.presentation.web.cookies import SESSION

PAGE = {"Accept": "text/html"}


@pytest.fixture
def shared(tmp_path):
    return adapters(Settings(home=tmp_path / "home", threads=None, origins={}))


def test_a_ticket_that_a_start_issues_lets_one_browser_in_once(shared):
    local = (
        people_of(shared)
        .membership(BY_LOCAL_USER)
        .create_user(email="ada@example.org", name="Ada", role=Role.ADMIN, password="correct horse battery staple")
    )
    tickets = program_on(shared).new_tickets()
    client = TestClient(asgi_application(shared, tickets=tickets), base_url="http://localhost", follow_redirects=False)
    question = {"params": {"ticket": tickets.issue(local.id, LOCAL_TENANT), "next": "/detections"}}
    first = client.get("/enter", headers=PAGE, **question)
    assert (first.status_code, first.headers["location"]) == (303, "/detections")
    assert client.get("/detections", headers=PAGE).status_code == 200
    again = TestClient(client.app, base_url="http://localhost").get("/enter", headers=PAGE, **question)
    assert (again.status_code, "used already" in again.text, SESSION in again.cookies) == (401, True, False)


def test_a_server_that_issued_no_tickets_takes_none(shared):
    client = TestClient(asgi_application(shared), base_url="http://localhost")
    assert client.get("/enter", headers=PAGE, params={"ticket": "x" * 43}).status_code == 401


def test_a_secret_of_the_program_has_256_bits(tmp_path):
    program = program_on(adapters(Settings(home=tmp_path / "home", threads=None, origins={})))
    assert program.is_embedded
    secrets = {program.new_secret() for _ in range(100)}
    assert {len(secret) for secret in secrets} == {43}  # of 64 characters each
    assert len(secrets) == 100
