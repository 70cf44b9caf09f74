"""System health: what is broken stands first, with what to do."""

from dataclasses import replace

from starlette.testclient import TestClient

from pynomaly.application.program import Check
from pynomaly.assembly.people import people_of
from pynomaly.domain.access import Role
from pynomaly.presentation.web.app import create_web
from pynomaly.presentation.web.cookies import SESSION
from tests.presentation.web.whole_program import Numbered, web_program

CHECKS = (
    Check("database", "ok", "schema 9"),
    Check("metrics", "missing", "shown nowhere", "set a port"),
    Check("disk", "problem", "<b>0.1</b> GiB free", "make room"),
)


def health_of(installation, checks):
    program = replace(web_program(installation), diagnose=lambda: checks)
    client = TestClient(Numbered(create_web(program)), raise_server_exceptions=False)
    furniture = installation.here.furniture
    session = people_of(installation.shared).open_browser_session(
        tenant_id=furniture.tenant_id, user_id=furniture.users[Role.ADMIN]
    )
    client.cookies.set(SESSION, session.token)
    answer = client.get("/admin/health", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_what_is_broken_is_counted_stands_first_and_says_what_to_do(installation):
    shown = health_of(installation, CHECKS)
    assert "One thing is broken." in shown
    assert shown.index("make room") < shown.index("set a port") < shown.index("schema 9")
    assert "&lt;b&gt;0.1&lt;/b&gt;" in shown


def test_where_nothing_is_broken_the_page_says_so(installation):
    assert "Nothing is broken." in health_of(installation, CHECKS[:2])


def test_a_real_server_is_looked_at(browse):
    shown = browse(Role.ADMIN).shown("/admin/health")
    assert "checks were made" in shown
    assert "workers" in shown
