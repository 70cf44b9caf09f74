"""No guard, no start: every kind of route has to say who may call it."""

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute

from pynomaly.domain.access import Permission
from pynomaly.presentation.api.access import PUBLIC, UnguardedRoute, guard_of, permission_of, require_guards, requires
from pynomaly.presentation.api.app import RESOURCES, create_app
from pynomaly.presentation.api.routing import router


def anything() -> None: ...


def guarded(**choices):
    routes = APIRouter()
    routes.add_api_route("/things", anything, **choices)
    return routes.routes


UNGUARDED = {
    "a route": guarded(),
    "another method": guarded(methods=["DELETE"]),
    "one that is not shown": guarded(include_in_schema=False),
    "one with another dependency": guarded(dependencies=[Depends(anything)]),
    "one after a guarded one": [*guarded(dependencies=[PUBLIC]), *guarded()],
    "a route of the framework below": [Route("/things", PlainTextResponse("x"))],
    "a web socket": [WebSocketRoute("/things", anything)],
    "a mounted application": [Mount("/things", PlainTextResponse("x"))],
}


@pytest.mark.parametrize("kind", UNGUARDED)
def test_a_route_without_a_guard_stops_the_start(kind):
    with pytest.raises(UnguardedRoute, match=r"/things has no guard; give it Depends\(requires\(Permission"):
        require_guards(UNGUARDED[kind])


def test_a_resource_without_a_guard_stops_the_application():
    routes = router("odd")
    routes.add_api_route("/odd", anything)
    with pytest.raises(UnguardedRoute):
        create_app(None, version="0", resources=(*RESOURCES, routes))


def test_a_guard_is_found_wherever_it_hangs():
    def deeper(caller: object = Depends(requires(Permission.READ_AUDIT))) -> None: ...

    for routes in (
        guarded(dependencies=[Depends(requires(Permission.READ_AUDIT))]),
        guarded(dependencies=[Depends(deeper)]),
    ):
        require_guards(routes)
        assert [permission_of(route) for route in routes] == [Permission.READ_AUDIT]
    (public,) = guarded(dependencies=[PUBLIC])
    require_guards([public])
    assert guard_of(public) is None


def test_every_router_of_the_package_is_among_the_resources():
    assert len(RESOURCES) == len({id(one) for one in RESOURCES}) == 13
    assert all(isinstance(route, APIRoute) for resource in RESOURCES for route in resource.routes)
    app = create_app(None, version="0")
    assert isinstance(app, FastAPI)
