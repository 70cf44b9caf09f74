"""A session lives on while somebody is there."""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from pynomaly.assembly.people import people_of
from pynomaly.domain.access import Role
from pynomaly.presentation.web import renewal
from pynomaly.presentation.web.app import create_web
from pynomaly.presentation.web.cookies import SESSION
from pynomaly.presentation.web.renewal import RENEWED_WITH
from tests.presentation.web.whole_program import Numbered, web_program

HEADERS = {"Accept": "text/html"}


@pytest.fixture
def pages(installation):
    """Pages whose clock can be put forward, and a client that carries a session."""

    def opened(forward=timedelta(0)):
        program = web_program(installation)
        later = replace(program, clock=lambda: program.clock() + forward)
        client = TestClient(Numbered(create_web(later)), raise_server_exceptions=False)
        client.cookies.set(SESSION, token(installation), domain="testserver.local", path="/")
        return client

    return opened


def token(installation, role=Role.VIEWER):
    furniture = installation.here.furniture
    people = people_of(installation.shared)
    return people.open_browser_session(tenant_id=furniture.tenant_id, user_id=furniture.users[role]).token


def test_a_young_session_keeps_its_token(pages):
    assert "set-cookie" not in pages().get("/help", headers=HEADERS).headers


def test_a_session_of_an_hour_gets_a_new_token_that_opens_pages(pages):
    client = pages(forward=timedelta(hours=12) - RENEWED_WITH + timedelta(minutes=5))
    before = client.cookies[SESSION]
    answer = client.get("/help", headers=HEADERS)
    assert answer.status_code == 200
    assert client.cookies[SESSION] != before
    assert client.get("/help", headers=HEADERS).status_code == 200


def test_an_answer_that_is_no_page_renews_nothing(pages):
    client = pages(forward=timedelta(hours=11))
    assert SESSION not in client.get("/channels", headers=HEADERS).headers.get("set-cookie", "")  # 403


def test_signing_out_is_not_undone_by_a_renewal(pages, installation, newcomer):
    _, user_id = newcomer()
    client = pages(forward=timedelta(hours=11))
    furniture = installation.here.furniture
    session = people_of(installation.shared).open_browser_session(tenant_id=furniture.tenant_id, user_id=user_id)
    client.cookies.set(SESSION, session.token, domain="testserver.local", path="/")
    form_token = web_program(installation).form_tokens.of(
        people_of(installation.shared).authenticate_browser(credentials=session.token)
    )
    answer = client.post(
        "/sign-out",
        data={"form_token": form_token},
        headers={**HEADERS, "Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    about_session = [one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION)]
    assert len(about_session) == 1
    assert about_session[0].startswith(f'{SESSION}=""')


def test_a_session_is_renewed_well_before_it_ends():
    assert timedelta(hours=1) <= renewal.RENEWED_WITH < timedelta(hours=12)
