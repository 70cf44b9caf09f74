"""What no honest client sends is turned away at the door."""

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.http.edge import at_the_edge
from tests.presentation.http.walled import answer, application, client


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]:8000", "api.example.org"]
)
def test_a_known_host_is_served(host):
    one = client(allowed_hosts=["API.example.org"])
    assert one.get("/id", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "evil.example/localhost",
        "localhost@evil.example",
        "evil.example#localhost",
        "localhost:80:80",
        "localhost:x",
        "localhost.",
        "127.0.0.1.nip.io",
        "127.1",
        "2130706433",
        "0.0.0.0:8000",
        "[::]",
        "::1",
        "[::1",
        "localhost, evil.example",
        "localhost\tevil.example",
        "lоcalhost".encode(),
        "*",
    ],
    ids=ascii,
)
def test_a_forged_host_is_refused(host):
    response = client().get("/id", headers={"host": host})
    assert (response.status_code, response.json()["type"]) == (400, "/problems/unknown-host")
    assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize("name", ["*", "*.example.org", "https://example.org", "example.org:443", "a b", "", "-"])
def test_only_host_names_can_be_allowed(name):
    with pytest.raises(InvalidRequest):
        at_the_edge(application(), allowed_hosts=[name])


def test_a_request_without_a_host_is_refused():
    assert answer(at_the_edge(application()), headers=())[0] == 400


@pytest.mark.parametrize(
    "name", [b"host", b"authorization", b"content-type", b"content-length", b"transfer-encoding", b"idempotency-key"]
)
def test_a_header_given_twice_is_refused_where_two_readers_could_differ(name):
    headers = [(b"host", b"localhost"), (b"accept", b"a"), (b"accept", b"b")]
    doubled = [*headers, (name, b"1"), (name, b"1")] if name != b"host" else [*headers, headers[0]]
    assert answer(at_the_edge(application()), headers=headers)[0] == 200
    status, problem = answer(at_the_edge(application()), headers=doubled)
    assert (status, problem["errors"][0]["pointer"]) == (400, f"/{name.decode()}")


def test_a_nul_in_the_address_is_refused():
    app = at_the_edge(application())
    assert answer(app, path="/id\0")[0] == 400
    assert answer(app, query=b"q=%00")[0] == 400
    assert answer(app, query=b"q=%2500")[0] == 200


def test_an_endless_address_is_refused():
    app = at_the_edge(application())
    assert answer(app, query=b"q=" + b"a" * 9000)[0] == 414
    assert answer(app, path="/" + "a" * 9000)[0] == 414
