"""The way a team goes: a file, a detector, a training, a detection, and what is asked of it; on each database."""

import io
import json

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from pynomaly.domain.access import Role
from tests.service.furnished import PLANTED, as_csv, rows
from tests.service.in_line_worker import at_work
from tests.service.waiting import finished

CSV = {"Content-Type": "application/octet-stream"}
ROWS = rows(11)


@pytest.fixture(scope="module")
def work(everywhere):
    """A workplace where somebody has uploaded, trained and detected; what came of each step by its name."""
    here = everywhere.here
    where = {"name": "orders of may", "label": "odd", "identifier": "order"}
    dataset = here.post("/datasets", Role.ANALYST, params=where, content=as_csv(ROWS), headers=CSV)
    detector = here.post("/detectors", Role.ENGINEER, json={"name": "may", "parameters": {"n_trees": 30}})
    with at_work(everywhere.shared):
        training = {"dataset_id": dataset["id"], "seed": 5}
        job = here.post(f"/detectors/{detector['id']}/train", Role.ENGINEER, json=training)
        trained = finished(here, job["id"])
    detection = here.post("/detections", Role.ANALYST, json={"detector_id": "may", "dataset_id": "orders of may"})
    return here, dataset, trained, detection


def test_what_was_uploaded_is_understood(work):
    here, dataset, _, _ = work
    assert (dataset["n_rows"], dataset["label"]) == (300, "odd")
    kinds = {column["name"]: (column["kind"], column["role"]) for column in dataset["columns"]}
    assert kinds["order"][1] == "identifier"
    assert kinds["device"] == ("category", "feature")
    assert here.get(f"/datasets/{dataset['id']}") == dataset | {"notes": []}


def test_a_preview_shows_the_first_rows_and_a_profile_what_is_usual(work):
    here, dataset, _, _ = work
    preview = here.get(f"/datasets/{dataset['id']}/preview", params={"limit": 2})
    assert preview["columns"] == ["order", "amount", "speed", "device", "odd"]
    assert [row[0] for row in preview["rows"]] == ["A-00000", "A-00001"]
    profile = here.get("/datasets/orders of may/profile")
    amount = next(column for column in profile["columns"] if column["name"] == "amount")
    assert amount["n_missing"] == 0
    assert 60 < amount["typical"]["median"] < 80
    shape = amount["shape"]
    assert (shape["kind"], sum(shape["counts"]) + shape["n_below"] + shape["n_above"]) == ("numbers", 300)
    device = next(column for column in profile["columns"] if column["name"] == "device")
    assert device["shape"]["kind"] == "values"
    assert sum(one["n_rows"] for one in device["shape"]["values"]) + device["shape"]["n_others"] == 300
    assert next(column for column in profile["columns"] if column["name"] == "order")["shape"] is None


def test_what_a_dataset_does_to_detection_is_said(work):
    here, dataset, _, _ = work
    told = {one["column"]: one for one in here.get(f"/datasets/{dataset['id']}/quality")["findings"]}
    assert (told["odd"]["kind"], told["odd"]["severity"]) == ("label", "note")
    assert told["order"]["kind"] == "identifier"
    missing = here.ask("GET", "/datasets/nothing/quality")
    assert missing.status_code == 404


def test_a_training_is_a_job_that_leads_to_the_version_it_made(work):
    here, dataset, job, _ = work
    assert (job["kind"], job["status"], job["error"]) == ("train", "succeeded", None)
    assert job["created_by"] == f"user:{here.furniture.users[Role.ENGINEER]}"
    version = here.get(job["result_url"].removeprefix("/api/v1"))
    assert (version["number"], version["is_live"], version["dataset_id"]) == (1, True, dataset["id"])
    runs = here.get("/detectors/may/training-runs")["items"]
    assert [(run["status"], run["version"], run["seed"]) for run in runs] == [("succeeded", 1, 5)]


def test_the_founding_way_to_detect_answers_in_its_own_shape(work):
    here, _, _, _ = work
    found = here.post("/detect", Role.ANALYST, json={"detector_id": "may", "dataset_id": "orders of may"})
    assert found.keys() == {"detection_id", "anomalies", "metrics"}
    assert found["metrics"]["total_samples"] == 300
    assert found["metrics"]["anomalies_detected"] == len(found["anomalies"])
    assert {one["sample_index"] for one in found["anomalies"]} >= set(PLANTED)
    assert here.get(f"/detections/{found['detection_id']}")["n_rows"] == 300


def test_anomalies_come_in_pages_strangest_first_with_reasons(work):
    here, _, _, detection = work
    rows_seen, scores, cursor = [], [], None
    while True:
        where = {"limit": 7, "only_flagged": False} | ({"cursor": cursor} if cursor else {})
        page = here.get(f"/detections/{detection['id']}/anomalies", params=where)
        rows_seen += [one["row"] for one in page["items"]]
        scores += [one["score"] for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert sorted(rows_seen) == list(range(300))
    assert scores == sorted(scores, reverse=True)
    flagged = here.get(f"/detections/{detection['id']}/anomalies")["items"]
    assert {one["row"] for one in flagged} >= set(PLANTED)
    assert all(one["is_anomaly"] and one["reasons"] for one in flagged[:3])
    assert flagged[0]["identifier"] == f"A-{flagged[0]['row']:05d}"


def test_any_row_is_explained(work):
    here, _, _, detection = work
    told = here.get(f"/detections/{detection['id']}/rows/7")
    assert told["is_anomaly"]
    assert {reason["feature"] for reason in told["reasons"]} >= {"amount", "speed"}
    missing = here.ask("GET", f"/detections/{detection['id']}/rows/300")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")


def test_any_row_is_looked_at_in_depth(work):
    here, _, _, detection = work
    told = here.get(f"/detections/{detection['id']}/rows/7/inspection")
    assert told["anomaly"] == here.get(f"/detections/{detection['id']}/rows/7")
    assert told["sentence"].startswith("Row 7 (A-00007) stands out because ")
    assert [cell["column"] for cell in told["cells"]] == ["order", "amount", "speed", "device", "odd"]
    parts = [cell["contribution"] for cell in told["cells"] if cell["contribution"] is not None]
    assert told["typical_score"] + sum(parts) == pytest.approx(told["anomaly"]["score"])
    assert (len(told["nearest"]), told["n_compared"]) == (5, told["n_normal"])
    assert told["nearest"][0]["cells"][0].keys() == {"column", "value", "difference"}
    assert (told["counterfactual"] is None) != (told["no_counterfactual"] is None)
    assert 1 <= told["rank"] <= 3
    missing = here.ask("GET", f"/detections/{detection['id']}/rows/300/inspection")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")


def test_another_decision_is_a_detection_of_its_own(work):
    here, _, _, detection = work
    policy = {"kind": "alarm_budget", "rows": 2}
    decided = here.post(f"/detections/{detection['id']}/decide", Role.ANALYST, json={"policy": policy})
    assert decided["id"] != detection["id"]
    assert decided["policy"] == policy | {"rate": None, "probability": None, "share": None, "score": None}
    assert decided["n_anomalies"] == 2


def test_a_detection_is_held_against_known_answers(work):
    here, _, _, detection = work
    measured = here.post(f"/detections/{detection['id']}/evaluate", Role.VIEWER, json={"label": "odd"})
    assert measured["n_labelled_anomalies"] == 3
    assert measured["recall"] == 1.0
    assert measured["roc_auc"] == 1.0


def test_an_outline_says_how_many_rows_a_threshold_would_flag(work):
    here, _, _, detection = work
    told = here.get(f"/detections/{detection['id']}/outline")
    assert (told["n_rows"], told["n_anomalies"]) == (300, detection["n_anomalies"])
    assert told["score_threshold"] == detection["score_threshold"]
    drawn = told["histogram"]
    assert sum(drawn["counts"]) + drawn["n_below"] + drawn["n_beyond"] == 300
    assert len(drawn["edges"]) == len(drawn["counts"]) + 1
    assert (told["tail"]["thresholds"][0], told["tail"]["n_past"][-1]) == (told["highest"], 300)
    assert (told["tail"]["expected_false_alarms"], told["no_estimate"]) == (None, "training_rows")


def test_false_alarms_are_estimated_for_rows_that_were_not_learned_from(work):
    here, _, _, _ = work
    here.post("/datasets", Role.ANALYST, params={"name": "june"}, content=as_csv(rows(12)), headers=CSV)
    made = here.post("/detections", Role.ANALYST, json={"detector_id": "may", "dataset_id": "june"})
    told = here.get(f"/detections/{made['id']}/outline")
    expected = told["tail"]["expected_false_alarms"]
    assert told["no_estimate"] is None
    assert expected == sorted(expected)
    assert expected[0] == pytest.approx(300 / 301)  # by hand: no training row scores so high


def test_a_change_is_previewed_before_it_is_made(work):
    here, _, _, detection = work
    one = f"/detections/{detection['id']}"
    strangest = here.get(f"{one}/anomalies", params={"limit": 5, "only_flagged": False})["items"]
    line = strangest[3]["score"]
    told = here.get(f"{one}/changes", params={"score_threshold": line, "limit": 2})
    assert told["policy"]["kind"] == "score_threshold"
    assert (told["n_flagged"], told["n_would_be_flagged"]) == (detection["n_anomalies"], 4)
    assert told["n_would_be_flagged"] == told["n_flagged"] + told["n_newly_flagged"] - told["n_no_longer_flagged"]
    shown = [*told["above"], *told["below"]]
    assert [row["row"] for row in shown[:3]] == [row["row"] for row in strangest[2:5]]
    assert [row["would_be_flagged"] for row in shown] == [True, True, False, False]
    assert shown[0]["identifier"] == strangest[2]["identifier"]
    policy = {"kind": "score_threshold", "score": line}
    assert here.post(f"{one}/decide", Role.ANALYST, json={"policy": policy})["n_anomalies"] == 4
    assert here.get(f"{one}/changes", params={"budget": 2})["n_would_be_flagged"] == 2
    default = here.get(f"{one}/changes")
    assert (default["policy"]["kind"], default["n_newly_flagged"]) == ("stands_out", 0)


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ({"score_threshold": 1, "budget": 2}, "invalid-request"),
        ({"score_threshold": "NaN"}, "invalid-values"),
        ({"score_threshold": 1, "limit": 501}, "invalid-values"),
        ({"threshold": 0.5}, "policy-not-available"),
        ({"score": 1}, "unknown-parameter"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(work, asked, slug):
    here, _, _, detection = work
    refused = here.ask("GET", f"/detections/{detection['id']}/changes", params=asked)
    assert (refused.status_code // 100, refused.json()["type"]) == (4, f"/problems/{slug}")


def test_curves_are_traced_against_known_answers(work):
    here, _, _, detection = work
    told = here.post(f"/detections/{detection['id']}/curves", Role.VIEWER, json={"label": "odd"})
    assert told["evaluation"] == here.post(
        f"/detections/{detection['id']}/evaluate", Role.VIEWER, json={"label": "odd"}
    )
    roc, precise = told["roc"], told["precision_recall"]
    assert (roc["false_positive_rate"][0], roc["true_positive_rate"][-1], roc["thresholds"][0]) == (0.0, 1.0, None)
    assert len(roc["thresholds"]) == len(roc["false_positive_rate"]) == len(roc["true_positive_rate"])
    assert (precise["precision"][0], precise["recall"][-1]) == (1.0, 1.0)
    assert told["reliability"] is None  # three anomalies are too few to teach a probability


def test_two_detections_are_compared(work):
    here, _, _, detection = work
    one = f"/detections/{detection['id']}"
    other = here.post(f"{one}/decide", Role.ANALYST, json={"policy": {"kind": "alarm_budget", "rows": 2}})
    asked = {"other_id": other["id"], "label": "odd"}
    told = here.post(f"{one}/compare", Role.VIEWER, json=asked)
    assert (told["first_id"], told["second_id"]) == (detection["id"], other["id"])
    assert (told["roc_auc"]["difference"], told["roc_auc"]["p_value"]) == (0.0, 1.0)
    assert (told["average_precision"]["difference"], told["average_precision"]["p_value"]) == (0.0, None)
    assert told["found"] == {"n_both": 2, "n_only_first": 1, "n_only_second": 0, "n_neither": 0}
    assert told["second"]["recall"] == pytest.approx(2 / 3)
    here.post("/datasets", Role.ANALYST, params={"name": "july"}, content=as_csv(rows(13, n_rows=90)), headers=CSV)
    july = here.post("/detections", Role.ANALYST, json={"detector_id": "may", "dataset_id": "july"})
    refused = here.ask("POST", f"{one}/compare", Role.VIEWER, json=asked | {"other_id": july["id"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
    assert "300 rows of orders of may and 90 rows of july" in refused.json()["detail"]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "arrow"])
def test_a_result_is_downloaded_in_every_format(work, form):
    here, _, _, detection = work
    answer = here.ask("GET", f"/detections/{detection['id']}/export", Role.VIEWER, params={"format": form})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert f".{form}" in answer.headers["content-disposition"]
    table = _read(answer.content, form)
    assert table.num_rows == 300
    flagged = [row for row, is_anomaly in enumerate(table["is_anomaly"].to_pylist()) if is_anomaly]
    assert len(flagged) == detection["n_anomalies"]
    assert set(flagged) >= set(PLANTED)


def _read(content, form):
    stream = io.BytesIO(content)
    if form == "csv":
        return pa.csv.read_csv(stream)
    if form == "jsonl":
        return pa.Table.from_pylist([json.loads(line) for line in content.splitlines()])
    return pq.read_table(stream) if form == "parquet" else pa.ipc.open_file(stream).read_all()


def test_versions_are_promoted_and_rolled_back(everywhere, work):
    here, dataset, _, _ = work
    with at_work(everywhere.shared):
        job = here.post("/detectors/may/train", Role.ENGINEER, json={"dataset_id": dataset["id"], "seed": 6})
        finished(here, job["id"])
    assert here.get("/detectors/may")["live_version"] == 2
    promoted = here.ask("POST", "/detectors/may/promote", Role.ENGINEER, json={"version": 1})
    assert promoted.json()["live_version"] == 1
    assert promoted.headers["etag"] == here.ask("GET", "/detectors/may").headers["etag"]
    here.post("/detectors/may/promote", Role.ENGINEER, json={"version": 2})
    assert here.post("/detectors/may/rollback", Role.ENGINEER)["live_version"] == 1
    versions = here.get("/detectors/may/versions")["items"]
    assert [(version["number"], version["is_live"]) for version in versions] == [(2, False), (1, True)]
    refused = here.ask("POST", "/detectors/may/promote", Role.ENGINEER, json={"version": 9})
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found")
