"""`/scores`: rows in every form, and one behaviour on both roads that lead there."""

import io
import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Permission, Role
from pynomaly.presentation.api.scores import LeanScores
from pynomaly.presentation.http.edge import at_the_edge
from tests.service.furnished import PLANTED, as_arrow, refurnished, rows
from tests.service.installed import HOST, PREFIX
from tests.service.questions import ARROW, scores_of

PARQUET = "application/vnd.apache.parquet"
JSON = "application/json"


@pytest.fixture(scope="module")
def here(installation):
    """The workspace with a detector that nobody else trains anew."""
    place = installation.here
    return replace(place, furniture=refurnished(installation.shared, place.furniture, "scored"))


@pytest.fixture(scope="module")
def table(here):
    """Rows as the detector knows them, of which three are far out."""
    word = here.furniture.word
    return rows(prefix=f"{word}_").drop_columns([f"{word}_odd"])


@pytest.fixture(scope="module")
def expected(here, table):
    """What the detector says of them, asked in JSON."""
    answer = scored(here, listed(here, table))
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(here, table):
    cells = [list(row.values()) for row in table.to_pylist()]
    return {"detector": here.things.detector, "columns": table.column_names, "rows": cells}


def scored(here, body, **more):
    return here.ask("POST", "/scores", Role.ANALYST, json=body, **more)


def test_a_score_says_what_a_detection_of_the_same_rows_would(here, expected):
    assert (expected["detector_id"], expected["n_rows"]) == (here.things.detector, 300)
    flagged = {row for row, is_anomaly in enumerate(expected["is_anomaly"]) if is_anomaly}
    assert flagged >= set(PLANTED)
    assert expected["n_anomalies"] == len(flagged)
    page = here.get(f"/detections/{here.things.detection}/anomalies", params={"only_flagged": False, "limit": 20})
    for one in page["items"]:
        assert expected["scores"][one["row"]] == one["score"]


def test_lists_objects_and_names_come_to_the_same(here, table, expected):
    named = {"detector": f"{here.furniture.word} watch", "rows": table.to_pylist()}
    assert scored(here, named).json() == expected


def test_rows_of_numbers_alone_take_the_short_way_to_the_same(installation, here):
    table = rows().select(["amount", "speed"])
    asked = Asked(here.furniture.tenant_id, "the tests")
    workspace = open_workspace(installation.shared, asked)
    workspace.register_dataset(source=table, name="numbers only", source_name="")
    workspace.create_detector(name="numbers only", algorithm="isolation_forest", parameters={"n_trees": 10})
    workspace.train_detector(detector="numbers only", dataset="numbers only", seed=1)
    numbers = listed(here, table) | {"detector": "numbers only"}
    mixed = numbers | {"rows": [[str(cell) for cell in numbers["rows"][0]], *numbers["rows"][1:]]}
    quick, careful = scored(here, numbers).json(), scored(here, mixed).json()
    assert (quick["notes"], len(careful["notes"])) == ([], 2)
    assert quick | {"notes": careful["notes"]} == careful
    assert len(quick["scores"]) == 300


@pytest.mark.parametrize("media_type", [ARROW, PARQUET])
def test_arrow_and_parquet_bodies_come_to_the_same(here, table, expected, media_type):
    answer = here.ask(
        "POST",
        "/scores",
        Role.ANALYST,
        params={"detector": here.things.detector},
        content=as_arrow(table) if media_type == ARROW else as_parquet(table),
        headers={"Content-Type": media_type},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json() == expected


def as_parquet(table):
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def test_an_arrow_answer_is_given_where_one_is_accepted(here, table, expected):
    answer = scored(here, listed(here, table), headers={"Accept": ARROW})
    assert (answer.status_code, answer.headers["content-type"]) == (200, ARROW)
    told = pa.ipc.open_stream(answer.content).read_all()
    assert told["score"].to_pylist() == expected["scores"]
    assert told["is_anomaly"].to_pylist() == expected["is_anomaly"]
    about = {name.decode(): value.decode() for name, value in told.schema.metadata.items()}
    assert about["detector_id"] == here.things.detector


def test_a_query_beside_a_json_body_is_refused_rather_than_ignored(here):
    answer = here.ask("POST", "/scores", params={"budget": 2}, json=scores_of(here.furniture))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")


def test_another_version_and_another_decision_are_asked_for(here, table):
    body = listed(here, table)
    first = scored(here, body | {"version": 1}).json()
    assert first["version"] == 1
    few = scored(here, body | {"policy": {"kind": "alarm_budget", "rows": 2}}).json()
    assert few["n_anomalies"] == 2
    content, where = as_arrow(table), {"detector": here.things.detector, "version": 1, "budget": 2}
    answer = here.ask(
        "POST", "/scores", Role.ANALYST, params=where, content=content, headers={"Content-Type": ARROW}
    ).json()
    assert (answer["version"], answer["n_anomalies"], answer["scores"]) == (1, 2, first["scores"])


def requests(here):
    """Requests of every kind, good and bad, by what they are about."""
    good = scores_of(here.furniture)
    in_json, as_json = {"Content-Type": JSON}, json.dumps(good).encode()
    return {
        "plain": {"content": as_json, "headers": in_json},
        "charset": {"content": as_json, "headers": {"Content-Type": "Application/JSON; charset=utf-8"}},
        "two spaces before the token": {"content": as_json, "headers": in_json, "scheme": "Bearer  {}"},
        "another case of the scheme": {"content": as_json, "headers": in_json, "scheme": "bEaReR {}"},
        "another scheme": {"content": as_json, "headers": in_json, "scheme": "Basic {}"},
        "no scheme": {"content": as_json, "headers": in_json, "scheme": "{}"},
        "no token": {"content": as_json, "headers": in_json, "scheme": "Bearer"},
        "no authorization": {"content": as_json, "headers": in_json, "scheme": ""},
        "a broken token": {"content": as_json, "headers": in_json, "scheme": "Bearer x{}"},
        "another charset": {"content": as_json, "headers": {"Content-Type": f"{JSON}; charset=latin-1"}},
        "no media type": {"content": as_json},
        "text": {"content": as_json, "headers": {"Content-Type": "text/plain"}},
        "packed": {"content": as_json, "headers": {**in_json, "Content-Encoding": "gzip"}},
        "nothing": {"content": b"", "headers": in_json},
        "no json": {"content": b"{", "headers": in_json},
        "a key twice": {"content": b'{"detector": "a", "detector": "b", "rows": []}', "headers": in_json},
        "NaN": {"content": as_json.replace(b"[[", b"[[NaN, "), "headers": in_json},
        "no rows": {"json": {**good, "rows": []}},
        "uneven rows": {"json": {**good, "rows": [good["rows"][0], [1]]}},
        "unknown field": {"json": {**good, "colour": "red"}},
        "unknown column": {"json": {**good, "columns": ["a", "b", "c", "d"]}},
        "unknown detector": {"json": {**good, "detector": "nobody's"}},
        "unknown version": {"json": {**good, "version": 99}},
        "unavailable policy": {"json": {**good, "policy": {"kind": "probability_threshold", "probability": 0.5}}},
        "a viewer": {"json": good, "role": Role.VIEWER},
        "too many rows": {"json": {**good, "rows": good["rows"] * 3334}},
        "arrow without a detector": {"content": b"x", "headers": {"Content-Type": ARROW}},
    }


NAMES = (
    "plain", "charset", "two spaces before the token", "another case of the scheme", "another scheme", "no scheme",
    "no token", "no authorization", "a broken token", "another charset", "no media type", "text", "packed", "nothing",
    "no json", "a key twice", "NaN", "no rows", "uneven rows", "unknown field", "unknown column", "unknown detector",
    "unknown version", "unavailable policy", "a viewer", "too many rows", "arrow without a detector",
)  # fmt: skip


@pytest.fixture(scope="module")
def documented(installation):
    """A client that is led past the lean road."""
    road = installation.application
    while not isinstance(road, LeanScores):
        road = getattr(road, "application", None) or road.app
    with TestClient(at_the_edge(road.app, allowed_hosts=[HOST]), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("name", NAMES)
def test_the_lean_road_and_the_documented_route_give_the_same_answer(here, documented, name):
    assert requests(here).keys() == set(NAMES)
    lean, long = (asked(client, here, requests(here)[name]) for client in (here.client, documented))
    assert lean.status_code == long.status_code
    assert _told_in_headers(lean) == _told_in_headers(long)
    assert without_id(lean) == without_id(long)


def _told_in_headers(answer):
    return {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "content-length")}


def asked(client, here, request):
    token = here.tokens[request.get("role", Role.ANALYST)]
    headers = dict(request.get("headers", {}))
    scheme = request.get("scheme", "Bearer {}")
    if scheme:
        headers["Authorization"] = scheme.format(token)
    more = {name: request[name] for name in ("json", "content") if name in request}
    return client.post(f"{PREFIX}/scores", headers=headers, **more)


def without_id(answer):
    return {name: value for name, value in answer.json().items() if name != "request_id"}


def test_a_key_that_may_score_needs_nothing_else(here):
    answer = here.ask_with(here.keys[Permission.SCORE], "POST", "/scores", json=scores_of(here.furniture))
    assert answer.status_code == 200
