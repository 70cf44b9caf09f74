"""The OpenAPI document as its reader wants it: by resource, each operation with all that is to be known of it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.presentation.api.handbook.examples import Example, example_of
from pynomaly.presentation.api.handbook.wording import Schema, Words, in_words, is_page, names_in

PERMISSION = "x-permission"
"""Where an operation of the document names the permission it needs."""

_PROBLEM = re.compile(r"`([a-z]+(?:-[a-z]+)*)`: (.*?)(?= `[a-z]+(?:-[a-z]+)*`: |$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter or a field. place: of a parameter, such as query."""

    name: str
    words: Words
    description: str
    is_required: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A body: its media type, and what it holds."""

    media_type: str
    words: Words


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back when all is well."""

    status: int
    description: str
    contents: tuple[Content, ...]
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What comes back when it is not; the meaning stands in the reference of problems."""

    status: int
    slug: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address. permission: None where everybody may ask.  role: the least that has it.

    problems: besides those of every operation.
    """

    name: str
    method: str
    path: str
    summary: str
    details: tuple[str, ...]
    permission: str | None
    role: str | None
    parameters: tuple[Value, ...]
    body: str
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...]
    example: Example


@dataclass(frozen=True, slots=True)
class Resource:
    """Operations that belong together."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """An object that bodies or answers hold, or another schema with a name."""

    name: str
    description: str
    fields: tuple[Value, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Handbook:
    """All of it. common_problems: of every operation; guarded_problems: of those that need a permission."""

    title: str
    version: str
    summary: str
    resources: tuple[Resource, ...]
    models: tuple[Model, ...]
    common_problems: tuple[Problem, ...]
    guarded_problems: tuple[Problem, ...]


def handbook_of(document: Mapping[str, Any]) -> Handbook:
    """Read an OpenAPI document."""
    schemas = document["components"]["schemas"]
    told = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    everywhere = _shared(told)
    guarded = _shared([one for one in told if PERMISSION in one[2]])
    read = [(one[2]["tags"][0], _operation(*one, schemas, everywhere, guarded)) for one in told]
    return Handbook(
        title=document["info"]["title"],
        version=document["info"]["version"],
        summary=document["info"]["summary"],
        resources=tuple(
            Resource(tag, tuple(operation for its, operation in read if its == tag))
            for tag in dict.fromkeys(t for t, _ in read)
        ),
        models=tuple(_model(name, schemas[name]) for name in sorted(_used(document["paths"], schemas))),
        common_problems=tuple(sorted(everywhere)),
        guarded_problems=tuple(sorted(guarded - everywhere)),
    )


def _operation(
    method: str, path: str, told: Schema, schemas: Mapping[str, Schema], everywhere: set[Problem], guarded: set[Problem]
) -> Operation:
    summary, *details = str(told["description"]).split("\n\n")
    permission = told.get(PERMISSION)
    known = everywhere | (guarded if permission else set())
    body = told.get("requestBody", {})
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=_line(summary),
        details=tuple(map(_line, details)),
        permission=permission,
        role=_least_role(permission) if permission else None,
        parameters=tuple(map(_parameter, told.get("parameters", ()))),
        body=body.get("description", ""),
        bodies=_contents(body),
        answers=tuple(_answers(told)),
        problems=tuple(sorted(set(_problems(told)) - known)),
        example=example_of(method, path, told, schemas),
    )


def _shared(told: list[tuple[str, str, Any]]) -> set[Problem]:
    """Return the problems that all of some operations have."""
    return reduce(set.__and__, (set(_problems(operation)) for _, _, operation in told)) if told else set()


def _problems(operation: Schema) -> Iterator[Problem]:
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            yield from (Problem(int(status), slug) for slug, _ in _PROBLEM.findall(answer["description"]))


def _answers(operation: Schema) -> Iterator[Answer]:
    for status, answer in sorted(operation["responses"].items()):
        if int(status) < 400:
            said = "" if answer["description"] == "Successful Response" else answer["description"]
            yield Answer(int(status), said, _contents(answer), tuple(answer.get("headers", ())))


def _contents(told: Schema) -> tuple[Content, ...]:
    return tuple(
        Content(media_type, in_words(content["schema"]) if "schema" in content else ("a stream of events",))
        for media_type, content in told.get("content", {}).items()
    )


def _parameter(told: Schema) -> Value:
    return Value(told["name"], _value(told["schema"]), told.get("description", ""), told["required"], told["in"])


def _model(name: str, schema: Schema) -> Model:
    required = schema.get("required", ())
    fields = [
        Value(field, _value(told), _line(told.get("description", "")), field in required)
        for field, told in schema.get("properties", {}).items()
    ]
    return Model(name, _line(schema.get("description", "")), tuple(fields), () if fields else in_words(schema))


def _value(schema: Schema) -> Words:
    default = schema.get("default")
    return in_words(schema) + (() if default in (None, [], {}) else (f"; `{json.dumps(default)}` if left out",))


def _used(paths: Any, schemas: Mapping[str, Schema]) -> set[str]:
    """Return the names of schemas that the operations lead to, directly or through others; pages told once."""
    found: set[str] = set()
    new = set(names_in(paths)) & schemas.keys()
    while new:
        found |= new
        new = {name for one in new for name in names_in(schemas[one])} - found
    return {name for name in found if not is_page(name)}


def _least_role(permission: str) -> str:
    return next(str(role) for role in Role if Permission(permission) in ROLE_PERMISSIONS[role])


def _line(text: str) -> str:
    return " ".join(text.split())
