"""Words that lead further than random ones: what is in the workspace, what files look like, what a request is like."""

import copy
import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import schemathesis
from hypothesis import strategies as st

from pynomaly.domain.access import Role
from tests.service.furnished import PASSWORD, Furnished, as_arrow, as_csv, rows
from tests.service.questions import ARROW, OCTETS, arrow_of, questions

PARQUET = "application/vnd.apache.parquet"
OUT_OF_REACH = 10**9
PROBABILITY = 0.6


def dictionaries(here: Furnished, elsewhere: Furnished) -> dict[str, Any]:
    """Return the part of a configuration that has names, ids and versions in it; one in four is foreign."""
    words = {
        "datasets": [here.things.dataset, f"{here.word} orders", here.things.dataset[:12], elsewhere.things.dataset],
        "detectors": [here.things.detector, f"{here.word} watch", here.things.detector, elsewhere.things.detector],
        "schedules": [here.things.schedule, f"{here.word} nightly", here.things.schedule, elsewhere.things.schedule],
        "sources": [here.things.source, f"{here.word} shop", here.things.source, elsewhere.things.source],
        "detections": [here.things.detection, here.things.detection, elsewhere.things.detection],
        "channels": [here.things.channel, f"{here.word} duty", here.things.channel, elsewhere.things.channel],
        "notification-rules": [here.things.rule, f"{here.word} alarm", here.things.rule, elsewhere.things.rule],
        "deliveries": [here.things.delivery, here.things.delivery, elsewhere.things.delivery],
        "channel-kinds": ["hook", "bell"],
        "jobs": [here.things.job, here.things.job, elsewhere.things.job],
        "users": [here.users[Role.VIEWER], here.users[Role.ANALYST], elsewhere.users[Role.VIEWER]],
        "api-keys": [here.key, here.key, elsewhere.key],
        "emails": [*here.emails.values()],
        "passwords": [PASSWORD],
        "columns": [f"{here.word}_{name}" for name in ("odd", "device", "amount")],
        "headings": ["odd", "order", "device", "a", "b"],
        "tags": ["*"],
        "versions": [1, 2],
        "rows": [0, 7, 299, 300],
    }
    fields = {
        "body.detector_id": "detectors",
        "body.detector": "detectors",
        "body.other_id": "detections",
        "query.detector": "detectors",
        "query.channel": "channels",
        "body.dataset_id": "datasets",
        "body.source_id": "sources",
        "body.email": "emails",
        "body.password": "passwords",
        "body.old_password": "passwords",
        "body.label": "columns",
        "header.If-Match": "tags",
        "query.label": "headings",
        "query.identifier": "headings",
        "path.number": "versions",
        "body.version": "versions",
        "path.row": "rows",
    }
    nouns = ("datasets", "detectors", "schedules", "detections", "jobs", "users", "api-keys", "channels")
    nouns += ("notification-rules", "deliveries", "sources")
    return {
        "dictionaries": {name: {"values": values} for name, values in words.items()},
        "parameters": {field: _bound(name) for field, name in fields.items()},
        "operations": [
            *({"include-path-regex": f"/{noun}/", "parameters": {"path.id": _bound(noun)}} for noun in nouns),
            {"include-path-regex": "/channels$", "parameters": {"body.kind": _bound("channel-kinds")}},
        ],
    }


def _bound(name: str) -> dict[str, Any]:
    return {"dictionary": name, "probability": PROBABILITY}


def teach_files(here: Furnished) -> None:
    """Have bodies of bytes be files now and then: whole ones, broken ones, and rows the detector knows."""
    table = rows(n_rows=40)
    whole = [as_csv(table), as_csv(rows(3, n_rows=5)), as_arrow(table), _parquet(table), b"a,b\n1,2\n3,x\n", b"{}\n"]
    known = arrow_of(here)
    anything = st.binary(max_size=64)
    schemathesis.openapi.media_type(OCTETS, anything | _perhaps_broken(whole))
    schemathesis.openapi.media_type(ARROW, anything | st.just(known) | _perhaps_broken([known, as_arrow(table)]))
    as_parquet = _parquet(pa.ipc.open_stream(known).read_all())
    schemathesis.openapi.media_type(PARQUET, anything | st.just(as_parquet) | _perhaps_broken([as_parquet]))


def without_columns(_context: Any, case: Any) -> Any:
    """Take the names of columns away from every other valid upload: random ones are in no file."""
    is_valid_upload = case.operation.label == "POST /api/v1/datasets" and case.meta.generation.mode.is_positive
    if is_valid_upload and len(case.body) % 2 == 0:
        case.query = {name: value for name, value in case.query.items() if name == "name"}
    return case


def _perhaps_broken(files: list[bytes]) -> st.SearchStrategy[bytes]:
    """Return files, every other of them with a piece replaced."""

    def broken(file: bytes, at: float, piece: bytes) -> bytes:
        place = int(at * len(file))
        return file[:place] + piece + file[place + len(piece) :]

    chosen = st.sampled_from(files)
    return chosen | st.builds(broken, chosen, st.floats(0, 1), st.binary(min_size=1, max_size=8))


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def told(document: Mapping[str, Any], here: Furnished) -> dict[str, Any]:
    """Return an OpenAPI document with an example in each JSON body, and with one limit out of reach.

    Coverage would build ten thousand rows of ten thousand cells of ten thousand characters to send `/scores` one row
    too many; `test_score_bodies` sends that many, small ones.
    """
    telling: dict[str, Any] = copy.deepcopy(dict(document))
    for form in ("ListedRows", "NamedRows"):
        telling["components"]["schemas"][form]["properties"]["rows"]["maxItems"] = OUT_OF_REACH
    asked = questions(here)
    for path in telling["paths"].values():
        for operation in path.values():
            _exemplify(operation, asked.get(operation["operationId"], {}))
    return telling


def _exemplify(operation: dict[str, Any], question: Mapping[str, Any]) -> None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        content["example"] = question["json"]
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in question.get("params", {}):
            parameter["example"] = question["params"][parameter["name"]]
