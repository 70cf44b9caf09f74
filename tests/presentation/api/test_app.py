"""The application as a whole: what no route answers is a problem document too, and the document tells all of it."""

import re
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from pynomaly.domain.access import Role
from tests.service.installed import PREFIX
from tests.service.operations import OPERATIONS
from tests.service.statuses import status_of

PROBLEM = "application/problem+json"
METHODS = {
    path: {one.method for one in OPERATIONS if one.path == path}
    for path in dict.fromkeys(one.path for one in OPERATIONS)
}


@pytest.fixture(scope="module")
def document(installation):
    answer = installation.client.get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations_of(document):
    return {operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()}


def assert_problem(answer, status):
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.headers["x-content-type-options"] == "nosniff"
    problem = answer.json()
    assert problem.keys() >= {"type", "title", "status", "detail", "instance", "request_id"}
    assert problem["status"] == status
    assert answer.headers["x-request-id"] == problem["request_id"]
    return problem


@pytest.mark.parametrize(
    "path", ["/api", "/api/", PREFIX, f"{PREFIX}/", f"{PREFIX}/nothing", f"{PREFIX}/me/", "/api/v2/me", "/docs"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PATCH", "BREW"])
def test_an_unknown_address_is_a_problem_whatever_the_method(here, method, path):
    answer = here.client.request(method, path)
    assert assert_problem(answer, 404)["type"] == "/problems/not-found"


@pytest.mark.parametrize("path", METHODS)
def test_a_method_that_an_address_does_not_answer_is_told_all_that_it_does(here, path):
    address = re.sub(r"\{\w+\}", "00000000", path)
    for method in {"GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "BREW"} - METHODS[path]:
        answer = here.client.request(method, address)
        assert assert_problem(answer, 405)["type"] == "/problems/method-not-allowed"
        assert {one.strip() for one in answer.headers["allow"].split(",")} == METHODS[path]


def test_a_head_request_is_answered_without_a_body(here):
    answer = here.client.head(f"{PREFIX}/me")
    assert (answer.status_code, answer.headers["allow"], answer.headers["content-type"]) == (405, "GET", PROBLEM)


def test_the_documents_own_address_reads_only(here):
    answer = here.client.post("/api/openapi.json")
    assert assert_problem(answer, 405)
    assert {one.strip() for one in answer.headers["allow"].split(",")} == {"GET", "HEAD"}


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{PREFIX}/datasets/%ff%fe", 404),
        (f"{PREFIX}/datasets/%00", 400),
        (f"{PREFIX}/datasets/..%2f..%2fetc", 404),
        (f"{PREFIX}/datasets/" + "x" * 300, 422),
        (f"{PREFIX}/datasets/" + "x" * 9000, 414),
        (f"{PREFIX}/datasets?" + "limit=1&" * 2000, 414),
        (f"{PREFIX}/datasets?limit=1%00", 400),
        (f"{PREFIX}/jobs/not-an-id", 422),
        (f"{PREFIX}/jobs/last", 422),
    ],
)
def test_an_odd_address_is_refused_in_words(here, target, status):
    answer = here.client.get(target, headers={"Authorization": f"Bearer {here.tokens[Role.ADMIN]}"})
    assert_problem(answer, status)


def test_a_web_socket_is_refused(installation):
    with pytest.raises(WebSocketDisconnect), installation.client.websocket_connect(f"{PREFIX}/events"):
        pass


def test_the_document_is_for_everybody_and_holds_no_secret(installation):
    status, body = status_of(installation.application, "GET", "/api/openapi.json", {})
    assert status == 200
    assert installation.here.furniture.word.encode() not in body


def test_guarded_operations_ask_for_a_bearer_and_say_what_happens_without(document):
    told = operations_of(document)
    assert document["components"]["securitySchemes"]["bearer"]["type"] == "http"
    for one in OPERATIONS:
        operation = told[one.name]
        if one.permission is None:
            assert "security" not in operation
            assert "403" not in operation["responses"]
        else:
            assert operation["security"] == [{"bearer": []}]
            assert "`not-signed-in`" in operation["responses"]["401"]["description"]
            assert "`forbidden`" in operation["responses"]["403"]["description"]


def test_unsafe_operations_that_leave_something_behind_take_an_idempotency_key(document):
    # A session is a secret that is not to be stored; scores, measures and test messages leave nothing behind.
    without = {
        "sign_in",
        "renew_session",
        "sign_out",
        "score_rows",
        "evaluate_detection",
        "trace_curves",
        "find_mistakes",
        "compare_detections",
        "test_channel",
        "test_source",
    }
    keyed = {
        name
        for name, operation in operations_of(document).items()
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
    }
    assert keyed == {one.name for one in OPERATIONS if one.method != "GET"} - without


def test_every_edit_and_deletion_needs_the_tag_of_what_was_read(document):
    for name, operation in operations_of(document).items():
        edits = [one for one in OPERATIONS if one.name == name and one.method in ("PATCH", "DELETE")]
        if edits and name not in ("sign_out", "take_back_verdict"):  # of a verdict the last word counts
            tag = next(one for one in operation["parameters"] if one["name"] == "If-Match")
            assert tag["required"] is True
            assert {"412", "428"} <= operation["responses"].keys()


def test_every_problem_of_the_document_is_explained_in_the_reference(document):
    page = (Path(__file__).parents[3] / "docs/reference/problems.md").read_text()
    named = {
        slug
        for operation in operations_of(document).values()
        for answer in operation["responses"].values()
        for slug in re.findall(r"`([a-z]+(?:-[a-z]+)*)`: ", answer["description"])
    }
    assert len(named) > 30
    assert [slug for slug in named if f"## {slug}\n" not in page] == []
