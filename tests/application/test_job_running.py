from datetime import UTC, datetime

import pytest

from pynomaly.application.job_running import JobRunning, source_of
from pynomaly.application.ports.opened_source import OpenedSource, Wanted
from pynomaly.application.ports.progress import nobody_listens
from pynomaly.application.written_policies import policy_to_json
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.decision import AlarmBudget, StandsOut
from pynomaly.domain.errors import NotFound
from pynomaly.domain.job import Job, JobKind
from tests.fakes.programs import Asked

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


SHOP = OpenedSource("s", "shop", "postgresql", {"host": "db"}, {"password": "hush"})
READ = {"source_id": "s", "selection": {"table": "entries"}, "roles": {"odd": "label"}, "kinds": {"zip": "category"}}
WANTED = Wanted(SHOP, {"table": "entries"}, {"odd": ColumnRole.LABEL}, {"zip": ColumnKind.CATEGORY})


def _run(kind, payload):
    train, detect = Asked(None), Asked(None)
    JobRunning(train, detect, Asked(None))(Job("j", kind, payload, "user:ada", NOON), nobody_listens)
    return train.calls, detect.calls


def test_a_training_is_called_under_the_jobs_own_id_so_that_each_attempt_continues_one_run() -> None:
    trained, detected = _run(JobKind.TRAIN, {"detector_id": "e", "dataset_id": "d", "seed": 7})
    asked = {"detector": "e", "dataset": "d", "seed": 7, "run_id": "j", "then_detect": False}
    assert trained == [asked | {"progress": nobody_listens}]
    assert detected == []


@pytest.mark.parametrize("wanted", [True, False])
def test_a_training_is_told_whether_a_detection_is_to_follow(wanted) -> None:
    trained, _ = _run(JobKind.TRAIN, {"detector_id": "e", "dataset_id": "d", "seed": 7, "then_detect": wanted})
    assert trained[0]["then_detect"] is wanted


def test_a_detection_is_called_with_the_choices_of_its_payload() -> None:
    payload = {"detector_id": "e", "dataset_id": "d", "version": 2, "n_strangest": 5}
    trained, detected = _run(JobKind.DETECT, payload | {"policy": policy_to_json(AlarmBudget(share=0.01))})
    policy = AlarmBudget(share=0.01)
    (call,) = detected
    assert trained == []
    assert call == {
        "detector": "e",
        "dataset": "d",
        "wanted": None,
        "version": 2,
        "policy": policy,
        "n_strangest": 5,
        "progress": nobody_listens,
    }


def test_a_pull_reads_the_source_it_was_handed() -> None:
    pull = Asked(None)
    job = Job("j", JobKind.PULL, READ | {"name": "entries"}, "user:ada", NOON)
    JobRunning(Asked(None), Asked(None), pull)(job, nobody_listens, SHOP)
    told = {"roles": WANTED.roles, "kinds": WANTED.kinds, "progress": nobody_listens}
    assert pull.calls == [{"source": SHOP, "selection": {"table": "entries"}, "name": "entries"} | told]


def test_a_detection_may_read_the_source_it_was_handed() -> None:
    detect = Asked(None)
    payload = READ | {"detector_id": "e", "version": None, "n_strangest": 5, "policy": policy_to_json(StandsOut())}
    JobRunning(Asked(None), detect, Asked(None))(
        Job("j", JobKind.DETECT, payload, "user:ada", NOON), nobody_listens, SHOP
    )
    assert (detect.calls[0]["dataset"], detect.calls[0]["wanted"]) == (None, WANTED)


def test_a_job_that_reads_a_source_cannot_be_done_without_it() -> None:
    job = Job("j", JobKind.PULL, READ | {"name": None}, "user:ada", NOON)
    assert source_of(job) == "s"
    assert source_of(Job("j", JobKind.TRAIN, {"dataset_id": "d"}, "user:ada", NOON)) is None
    with pytest.raises(NotFound, match="was not handed the source"):
        JobRunning(Asked(None), Asked(None), Asked(None))(job, nobody_listens)
