"""What the OpenAPI document says beyond what the framework sees: parts that routes read or write themselves."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pynomaly.domain.access import Permission
from pynomaly.presentation.api.access import permission_of
from pynomaly.presentation.api.answer_headers import header_components, promise_headers
from pynomaly.presentation.api.handbook.operations import PERMISSION
from pynomaly.presentation.api.schemas.scores import ListedRows, NamedRows
from pynomaly.presentation.http.problems import PROBLEM_SCHEMA

PLACE = "#/components/schemas/{model}"
READ_BY_HAND: tuple[type[BaseModel], ...] = (ListedRows, NamedRows)
"""Bodies that no signature declares, because a faster reader than the framework's takes them in."""


def reference_to(model: type[BaseModel]) -> dict[str, str]:
    """Return how a route names a schema among the components."""
    return {"$ref": PLACE.format(model=model.__name__)}


def describe_fully(app: FastAPI) -> None:
    """Have an application's OpenAPI document hold every schema that its routes name, and what they do not say."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        document = describe()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM_SCHEMA
        _, definitions = models_json_schema([(model, "validation") for model in READ_BY_HAND], ref_template=PLACE)
        for name, schema in definitions["$defs"].items():
            schemas.setdefault(name, schema)
        document["components"]["headers"] = header_components()
        permissions = dict(_permissions(app))
        for operation in operations_of(document):
            if permission := permissions[operation["operationId"]]:
                operation[PERMISSION] = permission
            _tell_parameters_plainly(operation)
            promise_headers(operation)
        return document

    app.openapi = described  # type: ignore[method-assign]


def operations_of(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every operation of a document."""
    for path in document["paths"].values():
        yield from path.values()


def _permissions(app: FastAPI) -> Iterator[tuple[str, Permission | None]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            yield str(route.operation_id), permission_of(route)


def _tell_parameters_plainly(operation: Mapping[str, Any]) -> None:
    """Say of parameters that they may be left out, not that they may be null, and of If-Match that it may not."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
        schema.update(choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})
        if parameter["name"] == "If-Match":
            parameter["required"] = True
