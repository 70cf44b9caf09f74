"""Finds what a request may contain without a limit, in an OpenAPI document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_BOUNDED_FORMATS = frozenset(
    {"date", "date-time", "time", "duration", "uuid", "ipv4", "ipv6", "binary"}  # binary: by the cap on uploads
)
_LENGTHS = {"string": "maxLength", "array": "maxItems"}
_ENDS = {"minimum": ("minimum", "exclusiveMinimum"), "maximum": ("maximum", "exclusiveMaximum")}

Schema: TypeAlias = Mapping[str, object]


def unbounded(openapi: Schema) -> list[str]:
    """Return a sentence for each part of a request that has no limit; an empty list is what is wanted.

    Looked at are all parameters and request bodies, through references: strings without a length, a choice or a
    format of known length; arrays without a length; numbers without both ends; objects that take any property;
    and schemas that allow anything.
    """
    return list(dict.fromkeys(_Search(openapi).all_found()))


@dataclass(frozen=True, slots=True)
class _Search:
    document: Schema

    def all_found(self) -> Iterator[str]:
        for path, item in _mapping(self.document, "paths").items():
            operations = _as_mapping(item)
            yield from self._parameters(path, operations)
            for method in _METHODS:
                if method in operations:
                    yield from self._operation(f"{method.upper()} {path}", _as_mapping(operations[method]))

    def _operation(self, name: str, operation: Schema) -> Iterator[str]:
        yield from self._parameters(name, operation)
        body = self._resolved(_mapping(operation, "requestBody"))
        for media_type, content in _mapping(body, "content").items():
            yield from self._content(f"{name} {media_type}", _as_mapping(content))

    def _parameters(self, name: str, holder: Schema) -> Iterator[str]:
        for entry in _sequence(holder, "parameters"):
            parameter = self._resolved(_as_mapping(entry))
            where = f"{name} {parameter.get('in')} {parameter.get('name')}"
            if "content" in parameter:
                for content in _mapping(parameter, "content").values():
                    yield from self._content(where, _as_mapping(content))
            else:
                yield from self._content(where, parameter)

    def _content(self, where: str, content: Schema) -> Iterator[str]:
        yield from self._schema(where, content.get("schema", {}), frozenset())

    def _schema(self, where: str, entry: object, seen: frozenset[str]) -> Iterator[str]:
        """Yield what is unbounded in a schema; `seen` are the references on the way to it, so that cycles end."""
        if entry is False:
            return
        schema = _as_mapping(entry)
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference not in seen:
                yield from self._schema(where, self._resolved(schema), seen | {reference})
            return
        parts = [part for key in ("anyOf", "oneOf", "allOf") for part in _sequence(schema, key)]
        for part in parts:
            yield from self._schema(where, part, seen)
        if not parts:
            yield from self._plain(where, schema, seen)

    def _plain(self, where: str, schema: Schema, seen: frozenset[str]) -> Iterator[str]:
        if "enum" in schema or "const" in schema:
            return
        types = _types(schema)
        if not types:
            yield f"{where}: anything at all"
        for kind in types:
            yield from (f"{where}: {kind} without {limit}" for limit in _missing(kind, schema))
        if "array" in types:
            yield from self._items(where, schema, seen)
        if "object" in types:
            yield from self._properties(where, schema, seen)

    def _items(self, where: str, schema: Schema, seen: frozenset[str]) -> Iterator[str]:
        heads = _sequence(schema, "prefixItems")
        for position, head in enumerate(heads):
            yield from self._schema(f"{where}/{position}", head, seen)
        if "items" in schema or not heads:
            yield from self._schema(f"{where}/*", schema.get("items", {}), seen)

    def _properties(self, where: str, schema: Schema, seen: frozenset[str]) -> Iterator[str]:
        for name, part in _mapping(schema, "properties").items():
            yield from self._schema(f"{where}/{name}", part, seen)
        others = schema.get("additionalProperties", True)
        if others is False:
            return
        if "maxProperties" not in schema:
            yield f"{where}: object without maxProperties or additionalProperties: false"
        if "maxLength" not in _mapping(schema, "propertyNames"):
            yield f"{where}: property names without maxLength"
        yield from self._schema(f"{where}/*", {} if others is True else others, seen)

    def _resolved(self, schema: Schema) -> Schema:
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        found: Schema = self.document
        for step in reference.removeprefix("#/").split("/"):
            found = _mapping(found, step.replace("~1", "/").replace("~0", "~"))
        return found


def _missing(kind: str, schema: Schema) -> Iterator[str]:
    if kind == "string" and schema.get("format") in _BOUNDED_FORMATS:
        return
    if kind in _LENGTHS and _LENGTHS[kind] not in schema:
        yield _LENGTHS[kind]
    if kind in ("number", "integer"):
        yield from (end for end, keys in _ENDS.items() if not any(key in schema for key in keys))


def _types(schema: Schema) -> tuple[str, ...]:
    declared = schema.get("type")
    if isinstance(declared, str):
        return (declared,)
    if isinstance(declared, list | tuple):
        return tuple(str(kind) for kind in declared)
    return ("object",) if "properties" in schema else ()


def _as_mapping(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _mapping(holder: Schema, key: str) -> Schema:
    return _as_mapping(holder.get(key))


def _sequence(holder: Schema, key: str) -> tuple[object, ...]:
    value = holder.get(key)
    return tuple(value) if isinstance(value, list | tuple) else ()
