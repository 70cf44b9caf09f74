"""Proof that a form comes from a page of ours."""

import pytest
from starlette.requests import Request

from pynomaly.domain.access import ROLE_PERMISSIONS, Principal, Role
from pynomaly.domain.errors import Forbidden
from pynomaly.domain.identifiers import TenantId
from pynomaly.presentation.web.form_tokens import FormTokens, require_own_page

TOKENS = FormTokens(b"a key of the tests")


def somebody(user="ada", tenant="birch", kind="user"):
    return Principal(TenantId(tenant), kind, user, user, ROLE_PERMISSIONS[Role.VIEWER])


def sent(**headers):
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"here.example"), *given]})


def test_a_users_own_token_is_good():
    TOKENS.check(somebody(), TOKENS.of(somebody()))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "é" * 43,
        "\ud800",
        TOKENS.of(somebody("bo")),
        TOKENS.of(somebody(tenant="walrus")),
        TOKENS.of(somebody(kind="api_key")),
        FormTokens(b"another key").of(somebody()),
        TOKENS.of(somebody())[:-1],
        TOKENS.of(somebody()) + "=",
    ],
)
def test_any_other_is_refused(given):
    with pytest.raises(Forbidden, match="not sent from a page of this server"):
        TOKENS.check(somebody(), given)


def test_the_key_is_not_told():
    assert "key of the tests" not in repr(TOKENS)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": "https://elsewhere.example"},
        {"origin": "https://here.example"},
        {"origin": "https://HERE.example"},
    ],
)
def test_a_page_of_this_server_may_send(headers):
    """The browser's own word on where a request comes from outweighs the address it gives."""
    require_own_page(sent(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": ""},
        {"sec_fetch_site": "cross-site", "origin": "https://here.example"},
        {"origin": "https://elsewhere.example"},
        {"origin": "https://here.example.elsewhere.example"},
        {"origin": "https://here.example:444"},
        {"origin": "null"},
        {"origin": "here.example"},
    ],
)
def test_any_other_page_may_not(headers):
    with pytest.raises(Forbidden):
        require_own_page(sent(**headers))
