"""Idempotency keys over HTTP, on each database: one effect and one answer, however often a request comes."""

import threading
import time

import pytest

from pynomaly.domain.access import Role
from tests.service.furnished import as_csv, rows

OCTETS = "application/octet-stream"


@pytest.fixture
def here(everywhere):
    return everywhere.here


@pytest.fixture
def key():
    return {"Idempotency-Key": f"key-{time.monotonic_ns()}"}


def detectors_named(here, name):
    return [one for one in here.get("/detectors", params={"limit": 500})["items"] if one["name"] == name]


def test_a_repeated_request_has_one_effect_and_one_answer(here, key):
    order = {"name": f"made once {key}"}
    answers = [here.ask("POST", "/detectors", json=order, headers=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert answers[0].content == answers[1].content == answers[2].content
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    assert len(detectors_named(here, order["name"])) == 1


def test_the_same_key_with_another_body_is_refused(here, key):
    here.post("/detectors", json={"name": f"the first {key}"}, headers=key)
    other = here.ask("POST", "/detectors", json={"name": f"the second {key}"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert detectors_named(here, f"the second {key}") == []


def test_a_key_is_free_again_after_a_refusal(here, key):
    name = f"refused first {key}"
    refused = here.ask("POST", "/detectors", json={"name": name, "algorithm": "no such thing"}, headers=key)
    assert refused.status_code == 422
    assert here.ask("POST", "/detectors", json={"name": name}, headers=key).status_code == 201


def test_a_key_belongs_to_one_principal_and_one_address(here, key):
    order = {"name": f"mine {key}"}
    here.post("/detectors", Role.ADMIN, json=order, headers=key)
    others = here.ask("POST", "/detectors", Role.ENGINEER, json=order, headers=key)
    assert (others.status_code, others.json()["type"]) == (409, "/problems/already-exists")
    training = {"dataset_id": here.things.dataset}
    elsewhere = here.ask("POST", f"/detectors/{here.things.detector}/train", Role.ADMIN, json=training, headers=key)
    assert elsewhere.status_code == 202
    assert "idempotent-replayed" not in elsewhere.headers


def test_an_upload_comes_once_and_other_bytes_under_its_key_are_refused(here, key):
    where, headers = {"name": f"uploaded once {key}"}, {**key, "Content-Type": OCTETS}
    one, other = as_csv(rows(1, n_rows=20)), as_csv(rows(2, n_rows=20))
    first, again = (here.ask("POST", "/datasets", params=where, content=one, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    wrong = here.ask("POST", "/datasets", params=where, content=other, headers=headers)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/idempotency-key-reused")
    label = {**where, "label": "odd"}
    assert here.ask("POST", "/datasets", params=label, content=one, headers=headers).status_code == 422


def test_jobs_edits_and_deletions_come_once_too(here, key):
    made = here.ask("POST", "/detectors", json={"name": f"steered {key}"})
    address, tag = f"/detectors/{made.json()['id']}", made.headers["etag"]
    training = {"dataset_id": here.things.dataset}
    jobs = {here.post(f"{address}/train", json=training, headers=key)["id"] for _ in range(2)}
    assert len(jobs) == 1
    edit = {"json": {"is_retired": True}, "headers": {**key, "If-Match": tag}}
    retired, again = here.ask("PATCH", address, **edit), here.ask("PATCH", address, **edit)
    assert (retired.status_code, again.status_code) == (200, 200)
    assert (retired.content, retired.headers["etag"]) == (again.content, again.headers["etag"])
    gone = {**key, "If-Match": retired.headers["etag"]}
    assert [here.ask("DELETE", address, headers=gone).status_code for _ in range(2)] == [204, 204]
    assert here.ask("DELETE", address, headers={"If-Match": "*"}).status_code == 404


def test_of_many_at_once_one_has_an_effect_and_none_another_answer(here, key):
    order, answers = {"name": f"raced for {key}"}, []

    def ask():
        answers.append(here.ask("POST", "/detectors", json=order, headers=key))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = {answer.content for answer in answers if answer.status_code == 201}
    refused = {answer.json()["type"] for answer in answers if answer.status_code != 201}
    assert len(made) == 1
    assert refused <= {"/problems/still-running"}
    assert len(detectors_named(here, order["name"])) == 1


@pytest.mark.parametrize("wrong", ["", " ", "with space", "ü", "x" * 256])
def test_a_key_that_is_none_is_refused(here, wrong):
    headers = {"Idempotency-Key": wrong.encode("latin-1")}
    answer = here.ask("POST", "/detectors", json={"name": "never made"}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-values")
    assert detectors_named(here, "never made") == []
