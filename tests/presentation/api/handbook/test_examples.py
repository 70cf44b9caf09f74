"""Examples are requests that the API understands: only what they are about may be missing."""

from types import SimpleNamespace

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.api.app import create_app
from pynomaly.presentation.api.handbook.examples import Example, example_of
from pynomaly.presentation.api.handbook.operations import handbook_of
from tests.service.furnished import as_csv, rows

NOT_UNDERSTOOD = {"malformed-request", "invalid-values", "unknown-parameter", "unsupported-media-type"}
OPERATIONS = [
    operation
    for resource in handbook_of(create_app(SimpleNamespace(), version="0").openapi()).resources
    for operation in resource.operations
]


ASKED = [one for one in OPERATIONS if not one.example.is_stream and one.name != "sign_out"]  # others stay signed in


@pytest.mark.parametrize("operation", ASKED, ids=lambda operation: operation.name)
def test_the_example_of_an_operation_is_understood(installation, operation):
    example = operation.example
    token = installation.here.tokens[Role.ADMIN]
    headers = {name: value.replace("$TOKEN", token) for name, value in example.headers}
    body = {"json": example.body} if example.file is None else {"content": as_csv(rows())}
    answer = installation.client.request(example.method, example.path, headers=headers, **body)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.json()["type"].removeprefix("/problems/") not in NOT_UNDERSTOOD, answer.text


def test_a_command_says_method_address_headers_and_body():
    example = Example("POST", "/api/v1/things?name=a", (("If-Match", "*"),), {"name": "it's"})
    assert example.as_curl() == (
        "curl -X POST 'http://127.0.0.1:8000/api/v1/things?name=a' \\\n"
        '  -H "If-Match: *" \\\n'
        """  -d '{"name": "it'"'"'s"}'"""
    )
    assert Example("GET", "/api/v1/events", is_stream=True).as_curl() == "curl -N http://127.0.0.1:8000/api/v1/events"
    assert Example("POST", "/api/v1/datasets", file="orders.csv").as_curl().endswith("--data-binary @orders.csv")


def test_an_example_in_a_schema_goes_before_what_is_made_up():
    body = {"type": "object", "properties": {"name": {"type": "string", "examples": ["Ada"]}}, "required": ["name"]}
    operation = {"responses": {}, "requestBody": {"content": {"application/json": {"schema": body}}}}
    assert example_of("post", "/api/v1/things", operation, {}).body == {"name": "Ada"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 5, "maximum": 9}, 5),
        ({"type": "number", "maximum": 0.5}, 0.5),
        ({"type": "boolean"}, True),
        ({"type": "array", "items": {"const": "a"}}, ["a"]),
        ({"enum": ["train", "detect"]}, "train"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "field"),
        ({"$ref": "#/components/schemas/Kind"}, "x"),
    ],
)
def test_a_value_is_one_that_its_schema_takes(schema, value):
    body = {"type": "object", "properties": {"field": schema}}
    operation = {"responses": {}, "requestBody": {"content": {"application/json": {"schema": body}}}}
    made = example_of("patch", "/api/v1/things", operation, {"Kind": {"const": "x"}})
    assert made.body == {"field": value}
