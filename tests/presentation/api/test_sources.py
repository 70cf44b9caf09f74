"""Sources over HTTP: named, tested, read; what is secret of them goes in and never comes out."""

import itertools
import os

import pytest

from pynomaly.domain.access import Permission, Role
from tests.fakes.sources import N_ROWS, PASSWORD, SHOP, WRONG_PASSWORD
from tests.service.in_line_worker import at_work
from tests.service.waiting import finished

_NUMBERS = itertools.count()


def new_source(**changes):
    body = {"name": f"store {next(_NUMBERS)}", "kind": "postgresql", "settings": SHOP}
    return body | {"secrets": {"password": PASSWORD}} | changes


@pytest.fixture
def store(here):
    return here.post("/sources", Role.ENGINEER, json=new_source())


def problem(answer):
    return answer.status_code, answer.json()["type"].rpartition("/")[2], answer.json()["detail"]


def test_kinds_say_what_to_fill_in_and_what_is_secret(here):
    kinds = {kind["name"]: kind for kind in here.get("/source-kinds")["items"]}
    assert set(kinds) == {"postgresql", "sqlite"}
    fields = {field["name"]: field for field in kinds["postgresql"]["fields"]}
    assert fields["port"] == {
        "name": "port", "summary": "where it listens", "type": "number", "is_secret": False, "is_place": True,
        "is_required": True,
        "default": 5432, "choices": [], "least": 1, "most": 65535,
    }  # fmt: skip
    assert [name for name, field in fields.items() if field["is_secret"]] == ["password"]
    assert [field["name"] for field in kinds["sqlite"]["selection"]] == ["table", "query"]


def test_a_source_shows_its_settings_and_only_which_secrets_it_has(here, store):
    assert store["settings"] == SHOP | {"port": 5432}
    assert store["secrets"] == ["password"]
    assert here.get(f"/sources/{store['name']}") == store
    assert store in here.get("/sources", params={"limit": 500})["items"]
    assert PASSWORD not in repr((store, here.get("/sources", params={"limit": 500})))


def test_a_source_is_edited_on_what_was_read_and_goes(here):
    made = here.ask("POST", "/sources", json=new_source())
    where, tag = f"/sources/{made.json()['id']}", made.headers["etag"]
    elsewhere = {"settings": {"host": "db2.example.org"}}
    kept = here.ask("PATCH", where, json=elsewhere, headers={"If-Match": tag})
    assert problem(kept)[:2] == (422, "invalid-request")
    assert "give 'password' anew" in kept.json()["detail"]
    moved = here.ask("PATCH", where, json=elsewhere | {"secrets": {"password": PASSWORD}}, headers={"If-Match": tag})
    assert moved.json()["settings"]["host"] == "db2.example.org"
    stale = here.ask("DELETE", where, headers={"If-Match": tag})
    assert problem(stale)[:2] == (412, "precondition-failed")
    assert here.ask("DELETE", where, headers={"If-Match": moved.headers["etag"]}).status_code == 204
    assert here.ask("GET", where).status_code == 404


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"kind": "postgres"}, "did you mean 'postgresql'"),
        ({"settings": SHOP | {"password": PASSWORD}}, "'password' is secret: give it among the secrets"),
        ({"settings": SHOP | {"port": 70000}}, "from 1 to 65535"),
        ({"secrets": {}}, "postgresql needs 'password'"),
    ],
)
def test_what_cannot_be_a_source_is_refused_without_a_word_of_its_secrets(here, change, detail):
    answer = here.ask("POST", "/sources", json=new_source(**change))
    assert problem(answer)[:2] == (422, "invalid-request")
    assert detail in answer.json()["detail"]
    assert PASSWORD not in answer.text


def test_a_secret_of_the_wrong_form_is_not_repeated(here):
    answer = here.ask("POST", "/sources", json=new_source(secrets={"password": [PASSWORD]}))
    assert problem(answer)[:2] == (422, "invalid-values")
    assert PASSWORD not in answer.text


def test_a_test_tells_what_is_there_or_the_exact_reason_why_not(here, store):
    assert here.post(f"/sources/{store['id']}/test", Role.ENGINEER) == {"found": "PostgreSQL 15.0, 3 tables"}
    closed = here.post("/sources", json=new_source(secrets={"password": WRONG_PASSWORD}))
    answer = here.ask("POST", f"/sources/{closed['id']}/test")
    assert problem(answer) == (
        424, "remote-refused", "FATAL: the password '(hidden)' is wrong for reader",
    )  # fmt: skip


def test_what_a_place_answers_is_read_by_a_process_that_may_die(here):
    seen, trap = (
        here.ask("POST", f"/sources/{source['id']}/test")
        for source in (
            here.post("/sources", json=new_source(settings=SHOP | {"database": name})) for name in ("mirror", "trap")
        )
    )
    assert seen.json()["found"] != f"seen by process {os.getpid()}"
    assert problem(trap)[:2] == (424, "remote-unavailable")
    assert "did not answer as it should" in trap.json()["detail"]


def test_the_same_request_under_the_same_key_makes_one_source_and_its_answer_holds_no_secret(here):
    body, headers = new_source(), {"Idempotency-Key": f"source {next(_NUMBERS)}".replace(" ", "-")}
    first, second = (here.ask("POST", "/sources", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, second.headers["idempotent-replayed"]) == (201, "true")
    assert first.json() == second.json()
    other = here.ask("POST", "/sources", json=body | {"kind": "sqlite"}, headers=headers)
    assert problem(other)[:2] == (422, "idempotency-key-reused")
    guess = here.ask("POST", "/sources", json=body | {"secrets": {"password": "a guess"}}, headers=headers)
    assert guess.json() == first.json()  # no stored digest tells a right guess from a wrong one


def test_rows_are_pulled_and_scored_by_jobs(everywhere):
    here = everywhere.here
    shop, word = here.things.source, here.furniture.word
    name = f"pulled {next(_NUMBERS)}"
    with at_work(everywhere.shared):
        body = {"selection": {"table": "history"}, "name": name, "roles": {"entry": "identifier"}}
        job = finished(here, here.post(f"/sources/{shop}/pull", Role.ANALYST, json=body)["id"])
        dataset = here.get(job["result_url"].removeprefix("/api/v1"))
        assert (dataset["name"], dataset["n_rows"]) == (name, N_ROWS)
        assert dataset["source"] == f"postgresql:{word} shop history"
        assert dataset["columns"][0]["role"] == "identifier"
        detector = here.post("/detectors", json={"name": f"watch {next(_NUMBERS)}", "parameters": {"n_trees": 10}})
        finished(here, here.post(f"/detectors/{detector['id']}/train", json={"dataset_id": name})["id"])
        asked = {"detector_id": detector["id"], "source_id": f"{word} shop", "selection": {"table": "today"}}
        scored = finished(here, here.post("/detections", Role.ANALYST, json=asked)["id"])
    detection = here.get(scored["result_url"].removeprefix("/api/v1"))
    snapshot = here.get(f"/datasets/{detection['dataset_id']}")
    assert snapshot["fingerprint"] == detection["fingerprint"]
    assert snapshot["name"].startswith(f"{word} shop 20")


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"source_id": None}, "'dataset_id' or 'source_id', one of them"),
        ({"selection": {"tabel": "t"}}, "did you mean 'table'"),
        ({"dataset_id": "any"}, "'dataset_id' or 'source_id', one of them"),
        ({"kinds": {"a": "number"}, "source_id": None, "selection": None, "dataset_id": "own"}, "go with 'source_id'"),
    ],
)
def test_a_detection_that_says_no_rows_or_too_many_is_refused(here, change, detail):
    asked = {"detector_id": here.things.detector, "source_id": here.things.source, "selection": {"table": "t"}} | change
    given = {name: value for name, value in asked.items() if value is not None}
    if given.get("dataset_id") == "own":
        given["dataset_id"] = here.things.dataset
    answer = here.ask("POST", "/detections", json=given)
    assert problem(answer)[:2] == (422, "invalid-request")
    assert detail in answer.json()["detail"]


def test_a_schedule_may_read_a_source_each_time(here):
    read = {"source_id": here.things.source, "selection": {"table": "entries"}, "cron": "0 6 * * *"}
    pulls = here.post("/schedules", Role.ENGINEER, json=read | {"name": f"p{next(_NUMBERS)}", "kind": "pull"})
    assert pulls["payload"] == {
        "source_id": here.things.source, "selection": {"table": "entries"}, "roles": {}, "kinds": {}, "name": None
    }  # fmt: skip
    scores = {"name": f"p{next(_NUMBERS)}", "kind": "detect", "detector_id": here.things.detector}
    assert here.post("/schedules", json=read | scores)["payload"]["source_id"] == here.things.source


def test_what_becomes_a_dataset_takes_the_right_to_make_datasets(here):
    asked = {"detector_id": here.things.detector, "source_id": here.things.source, "selection": {"table": "t"}}
    answer = here.ask_with(here.keys[Permission.SCORE], "POST", "/detections", json=asked)
    assert problem(answer)[:2] == (403, "forbidden")
    plan = {"name": "n", "cron": "0 6 * * *", "kind": "detect"} | asked
    answer = here.ask_with(here.keys[Permission.WRITE_SCHEDULES], "POST", "/schedules", json=plan)
    assert problem(answer)[:2] == (403, "forbidden")
