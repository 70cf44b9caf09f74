from datetime import UTC, datetime

from pynomaly.application.job_running import JobRunning
from pynomaly.application.ports.progress import nobody_listens
from pynomaly.application.written_policies import policy_to_json
from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.job import Job, JobKind
from tests.fakes.programs import Asked

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def _run(kind, payload):
    train, detect = Asked(None), Asked(None)
    JobRunning(train, detect)(Job("j", kind, payload, "user:ada", NOON), nobody_listens)
    return train.calls, detect.calls


def test_a_training_is_called_under_the_jobs_own_id_so_that_each_attempt_continues_one_run() -> None:
    trained, detected = _run(JobKind.TRAIN, {"detector_id": "e", "dataset_id": "d", "seed": 7})
    assert trained == [{"detector": "e", "dataset": "d", "seed": 7, "run_id": "j", "progress": nobody_listens}]
    assert detected == []


def test_a_detection_is_called_with_the_choices_of_its_payload() -> None:
    payload = {"detector_id": "e", "dataset_id": "d", "version": 2, "n_strangest": 5}
    trained, detected = _run(JobKind.DETECT, payload | {"policy": policy_to_json(AlarmBudget(share=0.01))})
    policy = AlarmBudget(share=0.01)
    (call,) = detected
    assert trained == []
    assert call == {
        "detector": "e",
        "dataset": "d",
        "version": 2,
        "policy": policy,
        "n_strangest": 5,
        "progress": nobody_listens,
    }
