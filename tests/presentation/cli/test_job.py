import json

import pytest

from pynomaly.application.ports.work import JobEvent
from pynomaly.domain.errors import Conflict, Forbidden, NotFound
from pynomaly.domain.job import JobFailure, JobKind, JobProgress, JobStatus
from tests.fakes.programs import NOON, Asked, job

ID = "3f9a1c2e5b7d4a60"
FAILED = job(status=JobStatus.FAILED, failure=JobFailure("TooFewRows", "1 row is too few\x1b[31m"), result=None)
LEARNING = job(
    status=JobStatus.RUNNING, progress=JobProgress("learning", 0.5, 100.0, 8.0), result=None, finished_at=None
)


def test_jobs_are_listed_with_how_far_they_are_and_what_went_wrong(run, program):
    waiting = job(id="9" * 16, kind=JobKind.TRAIN, status=JobStatus.QUEUED, result=None)
    program.workspace.queries.all_jobs = [LEARNING, waiting, FAILED]
    lines = run("job", "list").stdout.splitlines()
    assert lines[0].split() == ["id", "kind", "status", "progress", "taken", "reason"]
    assert lines[1].split()[:5] == ["3f9a1c2e", "detect", "running", "learning", "50%"]
    assert lines[2].split()[:4] == ["99999999", "train", "queued", "–"]
    assert "1 row is too few\\x1b[31m" in lines[3]


def test_a_list_in_json_has_the_keys_of_the_api(run, program):
    program.workspace.queries.all_jobs = [LEARNING]
    (found,) = json.loads(run("job", "list", "--json").stdout)
    assert found == {
        "id": ID,
        "kind": "detect",
        "status": "running",
        "stage": "learning",
        "progress": 0.5,
        "rows_per_second": 100.0,
        "eta_seconds": 8.0,
        "attempt": 1,
        "priority": 5,
        "error": None,
        "result": None,
        "created_by": "user:ada",
        "created_at": "2026-03-14T12:00:00+00:00",
        "started_at": "2026-03-14T12:00:00+00:00",
        "finished_at": None,
    }


def test_a_list_is_as_long_as_asked_for(run, program):
    program.workspace.queries.all_jobs = [job(id=f"{number:016}") for number in range(9)]
    assert len(json.loads(run("job", "list", "--limit", "4", "--json").stdout)) == 4
    for limit in ("0", "501", "many"):
        assert run("job", "list", "--limit", limit).exit_code == 2


def test_without_jobs_the_list_says_where_they_come_from(run, program):
    program.workspace.queries.all_jobs = []
    result = run("job", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "There are no jobs; the REST API takes them (`pynomaly serve`)" in result.stderr
    assert json.loads(run("job", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("ended", "code"),
    [(job(), 0), (FAILED, 8), (job(status=JobStatus.CANCELLED, result=None), 9)],
    ids=["succeeded", "failed", "cancelled"],
)
def test_watching_ends_with_the_job_and_its_exit_code(run, program, ended, code):
    program.workspace.queries.all_jobs = [LEARNING, ended]
    result = run("job", "watch", "3f9a1c2e", "--progress", "json")
    assert result.exit_code == code
    assert json.loads(result.stderr) == {"stage": "learning", "progress": 0.5}
    facts = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert (facts["job"], facts["status"]) == (ID, ended.status)
    assert facts.get("reason") == ("1 row is too few\\x1b[31m" if code == 8 else None)
    assert facts.get("detection_id") == (None if code else "c0ffee0123456789")


def test_watching_in_json_tells_the_error_and_still_exits_8(run, program):
    program.workspace.queries.all_jobs = [FAILED]
    result = run("job", "watch", ID, "--json")
    assert result.exit_code == 8
    assert json.loads(result.stdout)["error"] == {"kind": "TooFewRows", "detail": "1 row is too few\x1b[31m"}


def test_a_waiting_job_is_watched_by_its_status(run, program):
    program.workspace.queries.all_jobs = [job(status=JobStatus.QUEUED), job()]
    assert json.loads(run("job", "watch", ID, "--progress", "json").stderr)["stage"] == "queued"


def test_everything_a_job_told_is_written_line_by_line(run, program):
    program.workspace.queries.told = [JobEvent(n, "progress", {"share": n / 1200}, NOON) for n in range(1, 1201)]
    lines = [json.loads(line) for line in run("job", "logs", "3f9a1c2e").stdout.splitlines()]
    assert [line["id"] for line in lines] == list(range(1, 1201))
    assert lines[599] == {"id": 600, "event": "progress", "data": {"share": 0.5}}


@pytest.mark.parametrize(("command", "status"), [("cancel", "cancelling"), ("retry", "queued")])
def test_steering_a_job_says_how_it_stands_now(run, program, command, status):
    result = run("job", command, "3f9a1c2e")
    assert (result.exit_code, result.stdout) == (0, f"Job 3f9a1c2e is {status}.\n")
    assert getattr(program.workspace, f"{command}_job").calls == [{"job": "3f9a1c2e"}]


@pytest.mark.parametrize(("error", "code"), [(NotFound("no"), 3), (Conflict("no"), 6), (Forbidden("no"), 4)], ids=repr)
def test_what_cannot_be_steered_ends_with_its_code(run, program, error, code):
    program.workspace.cancel_job = program.workspace.retry_job = Asked(error)
    for command in ("cancel", "retry"):
        assert run("job", command, ID).exit_code == code


@pytest.mark.parametrize("command", ["watch", "logs"])
def test_a_job_that_is_not_there_exits_3(run, command):
    assert run("job", command, "unknown-id").exit_code == 3


@pytest.mark.parametrize(
    "command", [("job", "watch"), ("job", "logs"), ("job", "cancel"), ("job", "nonsense"), ("job",)]
)
def test_wrong_usage_exits_2(run, command):
    assert run(*command).exit_code == 2
