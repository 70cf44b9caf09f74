"""A request that an operation understands, made from what its schemas say."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from pynomaly.presentation.api.handbook.wording import Schema
from pynomaly.presentation.http.bounds import BOUNDS

SERVER = "http://127.0.0.1:8000"
FAMILIAR: Mapping[str, Any] = {
    "algorithm": "isolation_forest",
    "channel_id": "duty",
    "columns": ["amount", "age"],
    "cron": "0 3 * * *",
    "dataset_id": "orders",
    "days": 90,
    "detector": "Fraud",
    "detector_id": "Fraud",
    "email": "ada@example.org",
    "new_password": "a better one than before",
    "old_password": "correct horse battery",
    "password": "correct horse battery",
    "refresh_token": "refresh-token",
    "rows": [[12.5, 40], [9000, None]],
    "time_zone": "Europe/Berlin",
}
"""What fields of these names hold in examples; `examples` in a field's own schema goes before."""

_NAMES = {
    "algorithms": "isolation_forest",
    "api-keys": "nightly run",
    "channels": "duty",
    "datasets": "orders",
    "detectors": "Fraud",
    "notification-rules": "severe",
    "schedules": "nightly",
    "sources": "shop",
    "users": "Ada",
}
_AN_ID = "3f2a9c1e7b0d4e68"
_ID_PATTERN = BOUNDS.object_id.pattern


@dataclass(frozen=True, slots=True)
class Example:
    """One request. file: the name of a file that is its body instead."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = None
    file: str | None = None
    is_stream: bool = False

    def as_curl(self) -> str:
        """Return it as a command; TOKEN and the file are the reader's."""
        parts = ["curl" + " -N" * self.is_stream + (f" -X {self.method}" if self.method != "GET" else "")]
        parts[0] += f" {shlex.quote(SERVER + self.path)}"
        parts += [f'-H "{name}: {value}"' for name, value in self.headers]
        if self.body is not None:
            parts.append(f"-d {shlex.quote(json.dumps(self.body, ensure_ascii=False))}")
        if self.file is not None:
            parts.append(f"--data-binary @{self.file}")
        return " \\\n  ".join(parts)


def example_of(method: str, path: str, operation: Schema, schemas: Mapping[str, Schema]) -> Example:
    """Return a request with what an operation requires, and no more."""
    noun = path.split("/")[3]
    make = _Maker(schemas, {**FAMILIAR, "name": _NAMES.get(noun, "ours")})
    required = [(one, make.parameter(one)) for one in operation.get("parameters", ()) if one["required"]]
    address = path.format_map({one["name"]: quote(value) for one, value in required if one["in"] == "path"})
    query = urlencode([(one["name"], value) for one, value in required if one["in"] == "query"])
    headers = [("Authorization", "Bearer $TOKEN")] if operation.get("security") else []
    headers += [(one["name"], value) for one, value in required if one["in"] == "header"]
    body, file = None, None
    for media_type, content in list(operation.get("requestBody", {}).get("content", {}).items())[:1]:
        headers.append(("Content-Type", media_type))
        if content["schema"].get("format") == "binary":
            file = "orders.csv"
        else:
            body = make.value(content["schema"])
    is_stream = "text/event-stream" in operation["responses"].get("200", {}).get("content", {})
    return Example(method.upper(), address + f"?{query}" * bool(query), tuple(headers), body, file, is_stream)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes values that schemas take."""

    schemas: Mapping[str, Schema]
    familiar: Mapping[str, Any]

    def parameter(self, one: Schema) -> str:
        """Return what a parameter may be; in a path, the name of a thing where it may stand for its id."""
        schema, name = one["schema"], one["name"]
        if name == "If-Match":
            return "*"
        is_name = one["in"] == "path" and schema.get("type") == "string" and schema.get("pattern") != _ID_PATTERN
        return str(self.value(schema, "name" if is_name else name))

    def value(self, schema: Schema, name: str = "") -> Any:
        """Return a value that a schema takes; of a field, if it has a name."""
        for given in ("examples", "enum"):
            if schema.get(given):
                return schema[given][0]
        if "const" in schema:
            return schema["const"]
        if name in self.familiar:
            return self.familiar[name]
        if "$ref" in schema:
            return self.value(self.schemas[schema["$ref"].rpartition("/")[2]], name)
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return self.value(schema[choice][0], name)
        return self._typed(schema, name)

    def _typed(self, schema: Schema, name: str) -> Any:
        kind = schema.get("type")
        if kind == "object":
            return dict(self._fields(schema))
        if kind == "array":
            return [self.value(schema["items"], name.removesuffix("s"))]
        if kind in ("integer", "number"):
            return min(max(1, schema.get("minimum", 1)), schema.get("maximum", 1))
        if kind == "boolean":
            return True
        return _AN_ID if schema.get("pattern") == _ID_PATTERN else name or "text"

    def _fields(self, schema: Schema) -> Iterator[tuple[str, Any]]:
        """Yield the required fields; of an edit, which requires none, the first."""
        fields = schema.get("properties", {})
        return ((name, self.value(fields[name], name)) for name in schema.get("required") or list(fields)[:1])
