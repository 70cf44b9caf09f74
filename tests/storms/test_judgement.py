"""A judge that overlooks something would let every storm pass."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.storms.evidence import Evidence
from tests.storms.judgement import judge
from tests.storms.ledger import Action, Ledger, Promise

TRAINED = {"kind": "train", "status": "succeeded", "result": {"detector_id": "d", "version": 1}}
DETECTED = {"kind": "detect", "status": "succeeded", "result": {"detection_id": "a"}}
EVIDENCE = Evidence(
    jobs={
        "t": {**TRAINED, "attempt": 2, "failure_detail": None},
        "s": {**DETECTED, "attempt": 1, "failure_detail": None},
    },
    versions={"d": [{"number": 1, "model": "m", "trained_at": 1.0}]},
    runs={"t": {"detector_id": "d", "status": "succeeded", "version": 1}},
    detections={"a": {"scores": "x"}, "b": {"scores": "x"}},
    dataset_fingerprints={"rows": "f"},
    detector_ids=frozenset({"d"}),
    events={
        "JobSubmitted": Counter("ts"),
        "JobEnded": Counter("ts"),
        "AnomaliesDetected": Counter("ab"),
        "DatasetRegistered": Counter({"rows": 1}),
        "DetectorCreated": Counter("d"),
        "DetectorTrained": Counter({"d@1": 1}),
    },
    starts={},
)


@pytest.fixture
def ledger(tmp_path):
    kept = Ledger(tmp_path / "ledger.jsonl")
    kept.write(Promise(Action.UPLOAD, "k1", "rows"))
    kept.write(Promise(Action.CREATE, "k2", "d"))
    kept.write(Promise(Action.TRAIN, "k3", "t", "d"))
    kept.write(Promise(Action.DETECT, "k4", "s", "d"))
    kept.write(Promise(Action.DETECT_AT_ONCE, "k5", "b", "d"))
    return kept


def _job(name, **changes):
    return replace(EVIDENCE, jobs={**EVIDENCE.jobs, name: {**EVIDENCE.jobs[name], **changes}})


def _event(kind, about, n):
    return replace(
        EVIDENCE, events={**EVIDENCE.events, kind: EVIDENCE.events.get(kind, Counter()) + Counter({about: n})}
    )


def _version(number, moment):
    return [*EVIDENCE.versions["d"], {"number": number, "model": "m", "trained_at": moment}]


def test_a_kept_promise_is_no_fault(ledger) -> None:
    assert judge(ledger, EVIDENCE).is_clean


@pytest.mark.parametrize(
    ("evidence", "fault"),
    [
        (replace(EVIDENCE, jobs={"t": EVIDENCE.jobs["t"]}), "job s was promised and is gone"),
        (_job("t", status="failed"), "job t is failed after 2 attempts"),
        (_job("t", status="running"), "job t is running"),
        (_job("t", result={"detector_id": "d", "version": 2}), "job t points to a version that is not there"),
        (_job("s", result={"detection_id": "c"}), "job s points to a detection that is not there"),
        (replace(EVIDENCE, detector_ids=frozenset()), "create: d was promised and is gone"),
        (replace(EVIDENCE, dataset_fingerprints={}), "upload: rows was promised and is gone"),
        (replace(EVIDENCE, detections={"a": {}}), "detect at once: b was promised and is gone"),
    ],
)
def test_what_is_lost_is_found(ledger, evidence, fault) -> None:
    assert any(one.startswith(fault) for one in judge(ledger, evidence).lost)


@pytest.mark.parametrize(
    ("evidence", "fault"),
    [
        (replace(EVIDENCE, jobs={**EVIDENCE.jobs, "u": EVIDENCE.jobs["t"]}), "jobs: u was made and promised to nobody"),
        (
            replace(EVIDENCE, jobs={**EVIDENCE.jobs, "u": EVIDENCE.jobs["t"]}),
            "version ('d', 1) is the result of 2 jobs",
        ),
        (
            replace(EVIDENCE, detections={**EVIDENCE.detections, "c": {}}),
            "detections: c was made and promised to nobody",
        ),
        (replace(EVIDENCE, detector_ids=frozenset("de")), "detectors: e was made and promised to nobody"),
        (
            replace(EVIDENCE, versions={"d": _version(2, 2.0)}),
            "detector d has 2 versions, the last [2], from 1 trainings",
        ),
        (replace(EVIDENCE, versions={"d": _version(2, 0.5)}), "detector d has versions that are not in the order"),
        (replace(EVIDENCE, runs={}), "detector d has 0 training runs for 1 trainings"),
        (replace(EVIDENCE, runs={**EVIDENCE.runs, "v": EVIDENCE.runs["t"]}), "training run v belongs to no job"),
        (_event("JobEnded", "t", 1), "JobEnded: 3 events for 2"),
        (_event("DetectorTrained", "d@1", 1), "DetectorTrained: 2 events for 1"),
        (_event("AnomaliesDetected", "c", 1), "AnomaliesDetected: 3 events for 2"),
        (_event("TrainingFailed", "d", 1), "TrainingFailed: 1 events for 0"),
    ],
)
def test_what_happened_twice_is_found(ledger, evidence, fault) -> None:
    assert any(one.startswith(fault) for one in judge(ledger, evidence).twice)


def test_the_ledger_is_a_file_too(ledger) -> None:
    assert ledger.path.read_text(encoding="utf-8").count("\n") == 5
    assert ledger.counts == Counter({action.value: 1 for action in Action})
