"""The wall around the API: ids, headers, and an answer for everything that falls over inside."""

import asyncio

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.http.edge import SECURITY_HEADERS, at_the_edge
from tests.presentation.http.walled import answer, application, client, exchange


def test_a_sane_request_id_is_kept_and_returned():
    response = client().get("/id", headers={"x-request-id": "Order_66-a"})
    assert response.headers["x-request-id"] == response.json()["id"] == "Order_66-a"


@pytest.mark.parametrize("given", ["", "a b", "é", "x" * 65, "a\tb", "<script>", "a;b", "a\u0661"])
def test_an_odd_request_id_is_replaced(given):
    response = client().get("/id", headers={"x-request-id": given.encode()})
    made = response.headers["x-request-id"]
    assert made == response.json()["id"] != given
    assert len(made) == 32


def test_two_request_ids_are_none():
    response = client().get("/id", headers=[("x-request-id", "a"), ("x-request-id", "b")])
    assert len(response.json()["id"]) == 32


def test_no_two_requests_get_the_same_id():
    one = client()
    assert len({one.get("/id").json()["id"] for _ in range(50)}) == 50


@pytest.mark.parametrize("path", ["/id", "/nowhere", "/bug", "/stream", "/%00"])
def test_every_answer_has_the_security_headers(path):
    headers = client().get(path).headers
    assert {name: headers.get_list(name.decode()) for name, _ in SECURITY_HEADERS} == {
        name: [value.decode()] for name, value in SECURITY_HEADERS
    }


def test_an_answer_may_have_its_own_policy():
    headers = client().get("/page").headers
    assert headers.get_list("cache-control") == ["max-age=60"]
    assert headers.get_list("content-security-policy") == ["script-src 'self'"]
    assert headers["x-frame-options"] == "DENY"


def test_forwarded_headers_are_ignored_from_anybody():
    forged = {
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "evil",
        "forwarded": "for=1",
    }
    seen = client().get("/id", headers=forged).json()
    assert (seen["client"], seen["scheme"]) == ("203.0.113.9", "http")
    assert client(trusted_proxies=["10.9.9.9"]).get("/id", headers=forged).json()["client"] == "203.0.113.9"


def test_forwarded_headers_are_believed_from_a_configured_proxy():
    behind = client(address="10.0.0.2", trusted_proxies=["10.0.0.0/24"])
    forwarded = {"x-forwarded-for": "6.6.6.6, 198.51.100.7, 10.0.0.3", "x-forwarded-proto": "https"}
    seen = behind.get("/id", headers=forwarded).json()
    assert (seen["client"], seen["scheme"]) == ("198.51.100.7", "https")


@pytest.mark.parametrize("proxy", ["*", "", "proxy.example.org", "10.0.0.1/24", "10.0.0"])
def test_only_addresses_and_networks_can_be_trusted(proxy):
    with pytest.raises(InvalidRequest):
        at_the_edge(application(), trusted_proxies=[proxy])


def test_an_unexpected_error_is_logged_once_and_not_told(caplog):
    response = client().get("/bug")
    assert (response.status_code, response.json()["type"]) == (500, "/problems/unexpected")
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert "secret" not in response.text
    assert [record.name for record in caplog.records] == ["pynomaly.api"]
    assert response.headers["x-request-id"] in caplog.text


async def falls_over(scope, receive, send):
    raise KeyError("a secret")


async def falls_over_midway(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x", "more_body": True})
    raise KeyError("a secret")


async def falls_over_afterwards(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})
    raise KeyError("a secret")


def test_an_application_without_handlers_is_answered_for(caplog):
    status, problem = answer(at_the_edge(falls_over))
    assert (status, problem["type"]) == (500, "/problems/unexpected")
    assert len(caplog.records) == 1


def test_an_answer_that_broke_off_breaks_the_connection(caplog):
    with pytest.raises(KeyError):
        answer(at_the_edge(falls_over_midway))
    assert len(caplog.records) == 1


def test_an_error_after_the_answer_is_only_logged(caplog):
    assert answer(at_the_edge(falls_over_afterwards)) == (200, {})
    assert len(caplog.records) == 1


def test_web_sockets_are_refused():
    assert asyncio.run(exchange(at_the_edge(application()), kind="websocket")) == [
        {"type": "websocket.close", "code": 1008}
    ]


def test_start_and_end_pass_through():
    events = []

    async def app(scope, receive, send):
        events.append(scope["type"])

    asyncio.run(at_the_edge(app)({"type": "lifespan"}, None, None))
    assert events == ["lifespan"]
