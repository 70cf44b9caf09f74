"""What the payload of a job says: names become ids, choices are checked, defaults filled in."""

import pytest

from pynomaly.application import written_jobs
from pynomaly.application.written_jobs import FIELDS, READING
from pynomaly.application.written_policies import policy_to_json
from pynomaly.domain.decision import AlarmBudget, StandsOut
from pynomaly.domain.errors import AlreadyExists, Conflict, InvalidRequest, NotFound, NotTrained
from pynomaly.domain.job import JobKind
from tests.fakes.sources import FakeSources
from tests.infrastructure.persistence.examples import data_source, dataset, detector, ready_workspace, version

DATA = dataset("orders")
TRAINED = detector("Fraud").with_version(version(1)).with_version(version(2))
BOTH = {"detector_id": "Fraud", "dataset_id": "orders"}
IDS = {"detector_id": TRAINED.id, "dataset_id": DATA.id}
SHOP = data_source("shop")
READ = {"source_id": "shop", "selection": {"table": "entries"}}
FILLED = {"source_id": SHOP.id, "selection": {"table": "entries"}, "roles": {}, "kinds": {}}
DETECTING = IDS | {"version": None, "policy": policy_to_json(StandsOut()), "n_strangest": 100}


@pytest.fixture
def work(tmp_path):
    transactions = ready_workspace(tmp_path)
    with transactions.begin() as opened:
        opened.datasets.add(DATA)
        opened.sources.add(SHOP)
        opened.detectors.add(TRAINED)
        opened.detectors.add(detector("Draft"))
        opened.detectors.add(detector("Old").with_version(version()).retire())
        yield opened
    transactions.close()


def checked_payload(work, kind, payload):
    return written_jobs.checked_payload(work, kind, payload, FakeSources())


def test_names_become_ids_and_what_was_not_said_is_filled_in(work) -> None:
    assert checked_payload(work, JobKind.TRAIN, BOTH) == IDS | {"seed": 0, "then_detect": False}
    assert checked_payload(work, JobKind.DETECT, BOTH) == DETECTING


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        (JobKind.TRAIN, BOTH, FIELDS[JobKind.TRAIN]),
        (JobKind.DETECT, BOTH, FIELDS[JobKind.DETECT] - READING),
        (JobKind.DETECT, READ | {"detector_id": "Fraud"}, FIELDS[JobKind.DETECT] - {"dataset_id"}),
        (JobKind.PULL, READ, FIELDS[JobKind.PULL]),
    ],
    ids=["train", "detect", "detect from a source", "pull"],
)
def test_a_complete_payload_says_everything_and_stays_as_it_is(work, kind, payload, says) -> None:
    complete = checked_payload(work, kind, payload)
    assert set(complete) == says
    assert checked_payload(work, kind, complete) == complete


def test_rows_come_from_a_source_by_its_id_and_what_is_selected_of_it(work) -> None:
    told = {"roles": {"fraud": "label"}, "kinds": {"zip": "category"}, "name": "entries"}
    assert checked_payload(work, JobKind.PULL, READ) == FILLED | {"name": None}
    assert checked_payload(work, JobKind.PULL, READ | told) == FILLED | told
    detecting = checked_payload(work, JobKind.DETECT, READ | {"detector_id": "Fraud"})
    assert detecting == FILLED | {name: value for name, value in DETECTING.items() if name != "dataset_id"}


@pytest.mark.parametrize(
    ("kind", "payload", "error", "reason"),
    [
        (JobKind.DETECT, {"detector_id": "Fraud"}, InvalidRequest, "'dataset_id' or 'source_id', one of them"),
        (JobKind.DETECT, BOTH | READ, InvalidRequest, "'dataset_id' or 'source_id', one of them"),
        (JobKind.DETECT, BOTH | {"selection": {"table": "t"}}, InvalidRequest, "go with 'source_id'"),
        (JobKind.PULL, READ | {"source_id": "shp"}, NotFound, "did you mean 'shop'"),
        (JobKind.PULL, READ | {"selection": {"tabel": "t"}}, InvalidRequest, "did you mean 'table'"),
        (JobKind.PULL, READ | {"selection": {"table": 7}}, InvalidRequest, "'table' is one line"),
        (JobKind.PULL, READ | {"selection": ["t"]}, InvalidRequest, "says what to read, by field"),
        (JobKind.PULL, READ | {"roles": {"a": "lable"}}, InvalidRequest, "'roles' says for columns one of feature"),
        (JobKind.PULL, READ | {"kinds": ["number"]}, InvalidRequest, "'kinds' says for columns one of number"),
        (JobKind.PULL, READ | {"name": "orders"}, AlreadyExists, "'orders' already"),
        (JobKind.PULL, READ | {"name": " "}, InvalidRequest, "1 to 200 printable characters"),
        (JobKind.PULL, READ | {"password": "x"}, InvalidRequest, "not password"),
    ],
    ids=str,
)
def test_reading_that_makes_no_sense_is_refused_before_it_is_queued(work, kind, payload, error, reason) -> None:
    with pytest.raises(error, match=reason):
        checked_payload(work, kind, payload)


def test_choices_are_kept(work) -> None:
    chosen = {"version": 1, "policy": policy_to_json(AlarmBudget(share=0.01)), "n_strangest": 7}
    assert checked_payload(work, JobKind.DETECT, BOTH | chosen) == IDS | chosen
    training = {"seed": 2**63 - 1, "then_detect": True}
    assert checked_payload(work, JobKind.TRAIN, BOTH | training) == IDS | training


def test_what_follows_a_training_is_asked_as_if_nothing_had_been_said(work) -> None:
    asked = written_jobs.detecting_by_default(TRAINED.id, DATA.id, 1)
    assert asked == checked_payload(work, JobKind.DETECT, BOTH | {"version": 1}) == DETECTING | {"version": 1}


def test_a_draft_can_be_trained(work) -> None:
    assert checked_payload(work, JobKind.TRAIN, BOTH | {"detector_id": "Draft"})["seed"] == 0


@pytest.mark.parametrize(
    ("kind", "payload", "error"),
    [
        (JobKind.TRAIN, BOTH | {"version": 1}, InvalidRequest),
        (JobKind.DETECT, BOTH | {"seed": 1}, InvalidRequest),
        (JobKind.TRAIN, {}, InvalidRequest),
        (JobKind.TRAIN, {"detector_id": "Fraud"}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"detector_id": 7}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"dataset_id": None}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"seed": -1}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"seed": 2**63}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"seed": 1.0}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"seed": True}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"seed": "1"}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"seed": None}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"then_detect": 1}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"then_detect": None}, InvalidRequest),
        (JobKind.DETECT, BOTH | {"then_detect": True}, InvalidRequest),
        (JobKind.DETECT, BOTH | {"version": 0}, InvalidRequest),
        (JobKind.DETECT, BOTH | {"version": "1"}, InvalidRequest),
        (JobKind.DETECT, BOTH | {"n_strangest": 0}, InvalidRequest),
        (JobKind.DETECT, BOTH | {"n_strangest": 1001}, InvalidRequest),
        (JobKind.TRAIN, BOTH | {"detector_id": "Nobody"}, NotFound),
        (JobKind.TRAIN, BOTH | {"dataset_id": "nothing"}, NotFound),
        (JobKind.DETECT, BOTH | {"version": 3}, NotFound),
        (JobKind.DETECT, BOTH | {"detector_id": "Draft"}, NotTrained),
        (JobKind.TRAIN, BOTH | {"detector_id": "Old"}, Conflict),
        (JobKind.DETECT, BOTH | {"detector_id": "Old"}, Conflict),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused_before_it_is_queued(work, kind, payload, error) -> None:
    with pytest.raises(error):
        checked_payload(work, kind, payload)


SENSELESS = [
    "stands_out",
    [],
    {},
    {"kind": "unknown"},
    {"kind": 7},
    {"kind": "alarm_budget"},
    {"kind": "alarm_budget", "share": "much"},
    {"kind": "alarm_budget", "rows": 5, "share": 0.1},
    {"kind": "expected_contamination", "rate": [0.1]},
    {"kind": "false_discovery_control", "rate": None},
    {"kind": "probability_threshold", "probability": 7},
    {"kind": "score_threshold"},
    {"kind": "score_threshold", "score": "high"},
    {"kind": "score_threshold", "score": float("inf")},
]


@pytest.mark.parametrize("policy", SENSELESS, ids=str)
def test_a_policy_that_makes_no_sense_is_refused(work, policy) -> None:
    with pytest.raises(InvalidRequest, match=r"policy|budget|threshold"):
        checked_payload(work, JobKind.DETECT, BOTH | {"policy": policy})
