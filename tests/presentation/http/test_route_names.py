"""What requests are counted by: templates of routes and a few methods, whatever a client writes."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from pynomaly.assembly.asgi import asgi_application
from pynomaly.domain.access import Permission
from pynomaly.presentation.api.app import create_app
from pynomaly.presentation.http.edge import CLIENT_LEFT, at_the_edge
from pynomaly.presentation.http.route_names import RouteNames, declared_routes
from tests.fakes.telemetry import Heard
from tests.presentation.http.walled import exchange
from tests.service.installed import PREFIX
from tests.service.operations import OPERATIONS

APP = create_app(SimpleNamespace(), version="0")
NAMES = RouteNames.of(APP)
IDS = {one.path.split("/")[3]: "made-up-by-the-client" for one in OPERATIONS if one.is_about_a_thing}


def heard_of(app=APP, headers=((b"host", b"localhost"),), **request):
    """Return what telemetry hears of one request; nothing behind the routes works."""
    telemetry = Heard()
    walled = at_the_edge(app, telemetry=telemetry, routes=NAMES)
    asyncio.run(exchange(walled, headers=headers, **request))
    return telemetry


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_route_is_heard_of_by_its_template(operation):
    ((route, method, _),) = heard_of(path=operation.address(IDS), method=operation.method).requests
    assert (route, method) == (operation.path, operation.method)
    assert "made-up" not in route


def test_every_route_is_declared_beforehand():
    declared = set(declared_routes(APP))
    assert {(operation.path, operation.method) for operation in OPERATIONS} <= declared
    assert ("/api/openapi.json", "GET") in declared


@pytest.mark.parametrize("path", ["/", "/api/v1/nothing", "/api/v1/jobs/a/b/c", "/x" * 500, "/metrics"])
def test_addresses_that_there_are_not_are_one(path):
    assert heard_of(path=path).requests == [("unmatched", "GET", 404)]


@pytest.mark.parametrize("method", ["BREW", "PROPFIND", "x" * 100])
def test_methods_that_nobody_knows_are_one(method):
    assert heard_of(path="/nowhere", method=method).requests[0][:2] == ("unmatched", "other")


def test_what_is_turned_away_at_the_door_is_heard_of():
    assert heard_of(path="/api/v1/jobs", headers=((b"host", b"evil.example"),)).requests == [
        ("/api/v1/jobs", "GET", 400)
    ]


async def _leaves(scope, receive, send):
    """Answer nothing."""


async def _falls_over(scope, receive, send):
    raise KeyError("a secret")


def test_a_request_that_nobody_waits_for_any_more_has_a_status_of_its_own():
    assert heard_of(_leaves, path="/api/v1/jobs").requests == [("/api/v1/jobs", "GET", CLIENT_LEFT)]


def test_a_request_that_fails_unexpectedly_is_heard_of():
    assert heard_of(_falls_over, path="/api/v1/jobs").requests == [("/api/v1/jobs", "GET", 500)]


TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([TRACE], TRACE.decode()),
        ([], None),
        ([TRACE, TRACE], None),
        ([b"00-" + b"0" * 32 + b"-00f067aa0ba902b7-01"], None),
        ([TRACE + b"\n"], None),
        ([b"x" * 5000], None),
    ],
)
def test_a_sane_trace_of_the_client_is_gone_on_with(given, kept):
    headers = [(b"host", b"localhost"), (b"x-request-id", b"r-1"), *((b"traceparent", one) for one in given)]
    (names,) = heard_of(path="/nowhere", headers=headers).names
    assert (names["request_id"], names.get("traceparent")) == ("r-1", kept)


@pytest.mark.parametrize(("method", "path"), [("GET", "/me"), ("POST", "/scores")], ids=["framework", "lean road"])
def test_who_asked_and_in_which_workspace_is_among_the_names(installation, method, path):
    telemetry = Heard()
    application = asgi_application(replace(installation.shared, telemetry=telemetry))
    furniture = installation.here.furniture
    key = furniture.keys[Permission.SCORE if path == "/scores" else Permission.READ]
    with TestClient(application) as client:
        client.request(method, PREFIX + path, headers={"Authorization": f"Bearer {key}"})
        client.request(method, PREFIX + path, headers={"Authorization": "Bearer pyn_nobody"})
    (name, _, status), (_, _, refused) = telemetry.requests
    somebody, nobody = telemetry.names
    assert (name, status in (200, 415), refused) == (PREFIX + path, True, 401)
    assert somebody["tenant_id"] == furniture.tenant_id
    assert somebody["actor"].startswith("api_key:")
    assert nobody.keys() == {"request_id"}
