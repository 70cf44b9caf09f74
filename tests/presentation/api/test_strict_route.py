"""Routes read strictly: what FastAPI alone would let through, or answer with a 500, is refused with a reason."""

import asyncio
import json
from dataclasses import replace
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi import Body as JsonBody
from pydantic import BaseModel
from starlette.testclient import TestClient

from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.strict_route import StrictRoute
from pynomaly.presentation.http import bounds
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.error_handlers import install_error_handlers


class Thing(Body):
    name: bounds.Name
    rows: bounds.Rows[bounds.PerColumn[bounds.Number]] | None = None


class Filter(BaseModel):
    colour: str | None = None
    sizes: list[int] | None = None


class SmallRoute(StrictRoute):
    bounds = replace(BOUNDS, json_bytes=1000, json_seconds=0.1)


def shared(page: int = 1) -> int:
    return page


router = APIRouter(route_class=SmallRoute)


@router.post("/things")
def create(thing: Thing) -> Thing:
    return thing


@router.patch("/things")
def change(patch: Annotated[dict[str, object], JsonBody(media_type="application/merge-patch+json")]) -> object:
    return patch


@router.post("/maybe")
def maybe(thing: Thing | None = None) -> Thing | None:
    return thing


@router.post("/stream")
async def stream(request: Request) -> int:
    return len(await request.body())


@router.get("/things")
def find(
    page: Annotated[int, Depends(shared)],
    limit: bounds.PageLimit = 50,
    tag: Annotated[bounds.Choices[bounds.ColumnName] | None, Query()] = None,
    in_order: Annotated[str, Query(alias="sort")] = "name",
) -> dict[str, object]:
    return {"page": page, "limit": limit, "tag": tag, "sort": in_order}


@router.get("/filtered")
def filtered(chosen: Annotated[Filter, Query()]) -> Filter:
    return chosen


app = FastAPI()
app.include_router(router, prefix="/api")
install_error_handlers(app)
client = TestClient(app, raise_server_exceptions=False)


def post(content, media_type="application/json", path="/api/things", method="POST", **headers):
    given = {"content-type": media_type} if media_type else {}
    return client.request(method, path, content=content, headers=given | headers)


def test_an_honest_body_reaches_the_endpoint():
    assert post(b'{"name": "a", "rows": [[1, 2.5]]}').json() == {"name": "a", "rows": [[1.0, 2.5]]}


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"', "application/json; x=y"]
)
def test_the_media_type_may_be_written_in_other_ways(media_type):
    assert post(b'{"name": "a"}', media_type).status_code == 200


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/vnd.api+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json, text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "json",
        "application/json/x",
    ],
)
def test_another_media_type_is_refused(media_type):
    response = post(b'{"name": "a"}', media_type)
    assert (response.status_code, response.json()["type"]) == (415, "/problems/unsupported-media-type")


def test_a_compressed_body_is_refused():
    assert post(b"\x1f\x8b", **{"content-encoding": "gzip"}).status_code == 415


def test_a_route_may_declare_another_media_type():
    assert post(b'{"a": null}', "application/merge-patch+json", method="PATCH").json() == {"a": None}
    assert post(b'{"a": null}', method="PATCH").status_code == 415


@pytest.mark.parametrize(
    "content",
    [
        b'{"name": NaN}',
        b'{"name": "\\u0000"}',
        b'{"name": "a", "name": "b"}',
        b'{"name": "\\ud800"}',
        b'{"name": 1e999}',
        b'{"name": 9223372036854775808}',
        b"\xff",
        b"[" * 999,
        b'{"name"',
        b"\x00",
    ],
)
def test_malformed_json_is_a_400_with_its_place(content):
    response = post(content)
    assert (response.status_code, response.json()["type"]) == (400, "/problems/malformed-request")
    assert response.json()["errors"][0]["in"] == "body"


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        (b"", [""]),
        (b"[]", [""]),
        (b"null", [""]),
        (b"{}", ["/name"]),
        (b'{"name": 1}', ["/name"]),
        (b'{"name": "a", "x/y~": 1}', ["/x~1y~0"]),
        (b'{"name": "a", "rows": [[1], [true]]}', ["/rows/1/0"]),
        (b'{"name": "a", "rows": [["1"]], "z": 0}', ["/rows/0/0", "/z"]),
    ],
)
def test_invalid_values_are_a_422_with_json_pointers(content, pointers):
    response = post(content)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid-values")
    assert [fault["pointer"] for fault in response.json()["errors"]] == pointers
    assert {fault["in"] for fault in response.json()["errors"]} == {"body"}


def test_a_body_that_may_be_missing_may_be_missing():
    assert post(b"", None, "/api/maybe").json() is None
    assert post(b'{"name": "a"}', path="/api/maybe").json()["name"] == "a"


def test_a_body_past_the_limit_is_refused_and_the_connection_with_it():
    response = post(b"x" * 1001)
    assert (response.status_code, response.headers["connection"]) == (413, "close")


def test_a_route_without_a_json_body_reads_for_itself():
    assert post(b"x" * 5000, "application/octet-stream", "/api/stream").json() == 5000


async def call(messages, path=b"/api/things", headers=()):
    """Call the application as a server would, with these messages, one every 30 milliseconds."""
    sent = []
    waiting = list(messages)

    async def receive():
        if len(waiting) < len(messages):
            await asyncio.sleep(0.03)
        return waiting.pop(0) if waiting else await asyncio.sleep(3600)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path.decode(),
        "raw_path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), *headers],
    }
    await app(scope, receive, send)
    return sent[0]["status"], len(waiting)


def piece(body, more_body=True):
    return {"type": "http.request", "body": body, "more_body": more_body}


def test_a_body_is_counted_while_it_comes_whatever_its_headers_say():
    pieces = [piece(b"x" * 400) for _ in range(50)]
    for headers in ([], [(b"content-length", b"10")]):
        status, n_unread = asyncio.run(call(pieces, headers=headers))
        assert (status, n_unread) == (413, 47)


def test_an_announced_length_past_the_limit_is_refused_unread():
    assert asyncio.run(call([piece(b"{}", more_body=False)], headers=[(b"content-length", b"1001")])) == (413, 1)


def test_a_body_that_stops_coming_is_not_waited_for():
    assert asyncio.run(call([piece(b"{")]))[0] == 408


def test_a_body_that_trickles_has_one_deadline_for_all_of_it():
    assert asyncio.run(call([piece(b" ") for _ in range(50)]))[0] == 408


def test_a_client_that_goes_away_is_no_error_of_ours(caplog):
    assert asyncio.run(call([piece(b"{"), {"type": "http.disconnect"}]))[0] == 400
    assert asyncio.run(call([piece(b"{"), {"type": "http.disconnect"}], b"/api/stream"))[0] == 400
    assert caplog.records == []


def test_declared_parameters_are_taken():
    response = client.get("/api/things?limit=7&tag=a&tag=b&sort=size&page=2")
    assert response.json() == {"page": 2, "limit": 7, "tag": ["a", "b"], "sort": "size"}
    assert client.get("/api/filtered?colour=red&sizes=1&sizes=2").json() == {"colour": "red", "sizes": [1, 2]}


@pytest.mark.parametrize(
    ("query", "name", "reason"),
    [
        ("limits=7", "limits", "did you mean 'limit'"),
        ("in_order=size", "in_order", "not a parameter"),
        ("limit=7&limit=8", "limit", "more than once"),
        ("limit=7&%6Cimit=8", "limit", "more than once"),
        ("page=1&page=1", "page", "more than once"),
        ("Limit=7", "Limit", "not a parameter"),
        ("limit[]=7", "limit[]", "not a parameter"),
        ("=7", "", "not a parameter"),
        ("__proto__", "__proto__", "not a parameter"),
        ("%00=1", "\0", "not a parameter"),
        ("%ff=1", "\ufffd", "not a parameter"),
    ],
)
def test_unknown_and_repeated_parameters_are_refused(query, name, reason):
    response = client.get(f"/api/things?{query}")
    assert (response.status_code, response.json()["type"]) == (422, "/problems/unknown-parameter")
    fault = response.json()["errors"][0]
    assert (fault["in"], fault["pointer"]) == ("query", f"/{name}")
    assert reason in fault["detail"]


def test_parameters_are_checked_where_there_is_a_body_too():
    assert post(b'{"name": "a"}', path="/api/things?debug=1").status_code == 422
    assert client.get("/api/filtered?color=red").status_code == 422


def test_a_parameter_out_of_bounds_is_pointed_at():
    fault = client.get("/api/things?limit=501").json()["errors"][0]
    assert (fault["in"], fault["pointer"]) == ("query", "/limit")


def test_many_wrong_rows_make_one_error():
    response = TestClient(app).post(
        "/api/things",
        content=json.dumps({"name": "a", "rows": [["x"]] * 100}),
        headers={"content-type": "application/json"},
    )
    assert len(response.json()["errors"]) == 1
