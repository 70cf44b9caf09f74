"""Exceptions of every kind end as problem documents, and only the log knows of the unexpected ones."""

import logging

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from starlette.testclient import TestClient

from pynomaly.domain.errors import NotFound, PynomalyError, StillRunning, Unavailable
from pynomaly.presentation.http.error_handlers import faults_of, install_error_handlers
from pynomaly.presentation.http.problems import documented

ERRORS = {
    "missing": NotFound("there is no detector 'a'"),
    "running": StillRunning(),
    "away": Unavailable("no answer from 10.0.0.7"),
    "bare": PynomalyError("a secret"),
    "bug": KeyError("a secret"),
    "teapot": HTTPException(418),
    "early": HTTPException(429, headers={"Retry-After": "7"}),
    "unchanged": HTTPException(304, headers={"ETag": '"1"'}),
    "told": HTTPException(400, detail="a secret"),
}


@pytest.fixture
def client():
    app = FastAPI()
    install_error_handlers(app)

    @app.get("/fail/{kind}")
    def fail(kind: str) -> None:
        raise ERRORS[kind]

    @app.get("/numbers/{number}", responses=documented(NotFound))
    def number(number: int) -> int:
        return number

    @app.get("/stream")
    def stream() -> StreamingResponse:
        def pieces():
            yield "one"
            raise KeyError("a secret")

        return StreamingResponse(pieces())

    return TestClient(app, raise_server_exceptions=False)


def test_a_known_error_has_its_status_and_says_why(client):
    response = client.get("/fail/missing")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"] == "there is no detector 'a'"
    assert response.json()["instance"] == "/fail/missing"


def test_the_most_specific_class_decides(client):
    assert client.get("/fail/running").json()["type"] == "/problems/still-running"


def test_a_part_that_is_away_is_logged_and_not_told(client, caplog):
    response = client.get("/fail/away")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert "10.0.0.7" not in response.text
    assert "10.0.0.7" in caplog.text


@pytest.mark.parametrize("kind", ["bug", "bare"])
def test_what_nobody_expected_is_logged_with_its_trace_and_not_told(client, caplog, kind):
    response = client.get(f"/fail/{kind}")
    assert (response.status_code, response.json()["type"]) == (500, "/problems/unexpected")
    assert "secret" not in response.text
    (record,) = [record for record in caplog.records if record.name == "pynomaly.api"]
    assert record.levelno == logging.ERROR
    assert "secret" in str(record.exc_info[1])


def test_a_known_error_is_not_logged(client, caplog):
    client.get("/fail/missing")
    assert [record for record in caplog.records if record.name == "pynomaly.api"] == []


def test_the_framework_speaks_in_problems_too(client):
    assert client.get("/nowhere").json()["type"] == "/problems/not-found"
    response = client.post("/fail/bug")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")
    assert response.json()["type"] == "/problems/method-not-allowed"
    assert client.get("/fail/teapot").json()["type"] == "about:blank"
    assert client.get("/fail/early").headers["retry-after"] == "7"
    assert "secret" not in client.get("/fail/told").text


def test_an_answer_without_a_body_stays_without(client):
    response = client.get("/fail/unchanged")
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", '"1"')


def test_a_path_parameter_is_pointed_at(client):
    response = client.get("/numbers/x")
    assert response.status_code == 422
    assert response.json()["errors"][0] == {
        "in": "path",
        "pointer": "/number",
        "detail": "Input should be a valid integer, unable to parse string as an integer",
    }


def test_a_stream_that_breaks_is_broken_off(client, caplog):
    with pytest.raises(KeyError):
        TestClient(client.app).get("/stream")
    assert "secret" in caplog.text


def test_a_newline_in_a_path_makes_no_line_in_the_log(client, caplog):
    client.get("/fail/bu%0A2026 all is well")
    assert all("\n" not in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("location", "pointer"),
    [
        (("body",), ""),
        (("body", "policy", "alarm_budget", "rows"), "/policy/rows"),
        (("body", "policy", "alarm_budget", "share"), "/policy/share"),
        (("body", "list", 1, "str"), "/list/1/str"),
        (("body", "list", 1, "int", "x"), "/list/1/x"),
        (("body", "params", "k~/", "[key]"), "/params/k~0~1"),
    ],
)
def test_a_pointer_has_only_steps_that_lead_into_the_body(location, pointer):
    body = {"policy": {"rows": -1}, "list": [0, 1], "params": {"k~/": 1}}
    assert [fault.pointer for fault in faults_of([{"loc": location, "msg": "no"}], body)] == [pointer]
