"""Problem documents say what may be said, in JSON that anybody can read."""

import json

import jsonschema_rs
import pytest

from pynomaly.domain import errors as domain
from pynomaly.presentation.http import refusals
from pynomaly.presentation.http.errors import TABLE
from pynomaly.presentation.http.problems import (
    MOST_FAULTS,
    PROBLEM_SCHEMA,
    bare_problem_response,
    documented,
    problem_response,
)
from pynomaly.presentation.http.refusals import Fault, InvalidValues, MalformedRequest


def problem(error, instance="/api/v1/things"):
    response = problem_response(error, "req-1", instance)
    return response, json.loads(response.body)


def test_a_problem_has_all_its_parts():
    fault = Fault("body", "/rows/0", "is no number")
    response, document = problem(InvalidValues("two values are wrong", faults=[fault]))
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert document == {
        "type": "/problems/invalid-values",
        "title": "Invalid values",
        "status": 422,
        "detail": "two values are wrong",
        "instance": "/api/v1/things",
        "request_id": "req-1",
        "errors": [{"in": "body", "pointer": "/rows/0", "detail": "is no number"}],
    }


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.slug)
def test_every_row_makes_a_valid_document_with_its_status(row):
    response, document = problem(row.kind())
    jsonschema_rs.validate(dict(PROBLEM_SCHEMA), document)
    assert response.status_code == document["status"] == row.status


@pytest.mark.parametrize(
    "error",
    [
        domain.Unavailable("the database postgresql://admin@10.0.0.7/pynomaly does not answer"),
        domain.StorageFull("/var/lib/pynomaly is full"),
        domain.CorruptModel("/var/lib/pynomaly/models/ab was damaged"),
        domain.PynomalyError("KeyError: 'secret'"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_a_broken_part_says_stays_inside(error):
    response, _ = problem(error)
    assert not any(word in response.body for word in (b"postgresql", b"/var", b"secret"))


def test_headers_follow_the_error():
    assert problem(domain.NotSignedIn())[0].headers["www-authenticate"] == "Bearer"
    assert problem(domain.TooManyRequests(retry_after_seconds=2.1))[0].headers["retry-after"] == "3"
    assert problem(domain.TooManyRequests(retry_after_seconds=0.0))[0].headers["retry-after"] == "1"
    assert problem(domain.Unavailable())[0].headers["retry-after"] == "5"
    assert problem(domain.StillRunning())[0].headers["retry-after"] == "1"
    assert problem(refusals.MethodNotAllowed(headers={"Allow": "GET"}))[0].headers["allow"] == "GET"
    assert problem(refusals.PayloadTooLarge())[0].headers["connection"] == "close"
    assert "connection" not in problem(domain.NotFound())[0].headers


def test_long_text_is_cut():
    fault = Fault("body", "/" + "p" * 9000, "d" * 9000)
    response, document = problem(MalformedRequest("m" * 9000, faults=[fault] * 1000), instance="/" + "é" * 9000)
    assert len(document["detail"]) == 500
    assert len(document["errors"]) == MOST_FAULTS
    assert len(response.body) < 40_000
    jsonschema_rs.validate(dict(PROBLEM_SCHEMA), document)


def test_text_that_is_no_text_does_no_harm():
    fault = Fault("body", "/\udcff", "\ud800")
    response, document = problem(MalformedRequest("a\ud800b\0", faults=[fault]), instance="/\udcff\n?#")
    assert response.body.decode("utf-8")
    assert document["detail"] == "a?b\0"
    assert document["instance"] == "/%3F%0A%3F%23"


def test_a_status_without_a_row_is_told_in_the_words_of_http():
    document = json.loads(bare_problem_response(418, "r", "/x").body)
    assert (document["type"], document["status"], document["title"]) == ("about:blank", 418, "I'm a Teapot")
    assert json.loads(bare_problem_response(599, "r", "/x").body)["title"] == "Unknown status"


def test_what_is_documented_for_a_status_lists_each_problem_once():
    told = documented(domain.NotTrained, domain.StaleWrite, domain.NotFound)
    assert sorted(told) == [404, 409]
    assert told[409]["description"].count("`not-trained`:") == told[409]["description"].count("`stale-write`:") == 1
    assert list(told[404]["content"]) == ["application/problem+json"]
