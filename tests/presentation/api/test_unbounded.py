"""Small OpenAPI documents with and without limits."""

import pytest
from fastapi import APIRouter, FastAPI

from pynomaly.presentation.api.body import Body, Time
from pynomaly.presentation.api.unbounded import unbounded
from pynomaly.presentation.http import bounds


def with_body(schema, **components):
    content = {"application/json": {"schema": schema}}
    return {
        "paths": {"/x": {"post": {"requestBody": {"content": content}}}},
        "components": {"schemas": components},
    }


def found(schema, **components):
    prefix = "POST /x application/json"
    return [line.removeprefix(prefix) for line in unbounded(with_body(schema, **components))]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "maxLength": 5},
        {"type": "string", "enum": ["a", "b"]},
        {"const": "a"},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "binary"},
        {"type": "boolean"},
        {"type": "null"},
        {"type": "integer", "minimum": 0, "maximum": 9},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "array", "maxItems": 3, "items": {"type": "boolean"}},
        {"type": "array", "maxItems": 2, "prefixItems": [{"type": "boolean"}, {"type": "null"}]},
        {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}]},
        {"type": "object", "properties": {"a": {"type": "boolean"}}, "additionalProperties": False},
        {
            "type": "object",
            "maxProperties": 3,
            "propertyNames": {"maxLength": 10},
            "additionalProperties": {"type": "boolean"},
        },
    ],
)
def test_what_has_limits_is_not_found(schema):
    assert found(schema) == []


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        ({"type": "string"}, ": string without maxLength"),
        ({"type": "string", "pattern": "^a+$"}, ": string without maxLength"),
        ({"type": "string", "format": "email"}, ": string without maxLength"),
        ({"type": ["string", "null"]}, ": string without maxLength"),
        ({"type": "integer", "minimum": 0}, ": integer without maximum"),
        ({"type": "number", "maximum": 0}, ": number without minimum"),
        ({"type": "array", "items": {"type": "boolean"}}, ": array without maxItems"),
        ({"type": "array", "maxItems": 2}, "/*: anything at all"),
        ({"type": "array", "maxItems": 2, "items": {"type": "string"}}, "/*: string without maxLength"),
        ({}, ": anything at all"),
        ({"anyOf": [{"type": "boolean"}, {"type": "string"}]}, ": string without maxLength"),
        (
            {"type": "object", "properties": {}},
            ": object without maxProperties or additionalProperties: false",
        ),
        (
            {"type": "object", "maxProperties": 2, "additionalProperties": {"type": "null"}},
            ": property names without maxLength",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
            "/a: string without maxLength",
        ),
    ],
)
def test_what_has_no_limit_is_found(schema, line):
    assert line in found(schema)


def test_references_are_followed_and_cycles_end():
    node = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"next": {"$ref": "#/components/schemas/Node"}, "word": {"type": "string"}},
    }
    assert found({"$ref": "#/components/schemas/Node"}, Node=node) == ["/word: string without maxLength"]


def test_parameters_are_looked_at_wherever_they_stand():
    document = {
        "paths": {
            "/x/{id}": {
                "parameters": [{"in": "path", "name": "id", "schema": {"type": "string"}}],
                "get": {"parameters": [{"$ref": "#/components/parameters/Limit"}]},
            }
        },
        "components": {"parameters": {"Limit": {"in": "query", "name": "limit", "schema": {"type": "integer"}}}},
    }
    assert unbounded(document) == [
        "/x/{id} path id: string without maxLength",
        "GET /x/{id} query limit: integer without minimum",
        "GET /x/{id} query limit: integer without maximum",
    ]


def test_answers_need_no_limits():
    responses = {"200": {"content": {"application/json": {"schema": {"type": "string"}}}}}
    assert unbounded({"paths": {"/x": {"get": {"responses": responses}}}}) == []


class Order(Body):
    name: bounds.Name
    at: Time
    shares: bounds.PerColumn[bounds.Share]
    parameters: bounds.Parameters[bounds.Number | bool | bounds.CellText]
    seed: bounds.Seed | None = None


class Loose(Body):
    words: list[str]


def test_models_made_of_the_table_are_bounded_and_others_are_not():
    app, router = FastAPI(), APIRouter()

    @router.post("/orders/{order_id}")
    def order(order_id: bounds.ObjectId, body: Order, limit: bounds.PageLimit = 50) -> None: ...

    @router.post("/loose")
    def loose(body: Loose) -> None: ...

    app.include_router(router)
    assert unbounded(app.openapi()) == [
        "POST /loose application/json/words: array without maxItems",
        "POST /loose application/json/words/*: string without maxLength",
    ]
