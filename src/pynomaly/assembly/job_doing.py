"""Doing a job in the process that was started for it, with what it was handed."""

from collections.abc import Callable, Mapping
from typing import Any

from pynomaly.application.ports.asking import Asked, JobClaim
from pynomaly.application.ports.opened_source import OpenedSource, opened_from_json, opened_to_json
from pynomaly.application.ports.work import TakenJob
from pynomaly.application.workspace import OpenWorkspace, Workspace
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.identifiers import JobId, TenantId
from pynomaly.domain.job import Job


def job_arguments(taken: TakenJob, source: OpenedSource | None) -> dict[str, JsonValue]:
    """Return what the process of a job is told, through its pipe: the claim, and the source that it reads."""
    return {
        "tenant_id": taken.tenant_id,
        "job_id": taken.job.id,
        "attempt": taken.job.attempt,
        "actor": taken.job.created_by,
        "source": None if source is None else opened_to_json(source),
    }


def do_job(
    open_workspace: OpenWorkspace, arguments: Mapping[str, Any], tell: Callable[[Mapping[str, JsonValue]], None]
) -> None:
    """Do a job under the claim it was taken with; it is concluded in the transaction of its effect."""
    claim = JobClaim(JobId(arguments["job_id"]), int(arguments["attempt"]))
    workspace = open_workspace(Asked(TenantId(arguments["tenant_id"]), arguments["actor"], claim.job_id, claim))
    job = workspace.queries.job(claim.job_id)
    source = None if arguments["source"] is None else opened_from_json(arguments["source"])
    n_rows = _n_rows(workspace, job)
    workspace.run_job(job, lambda stage, share: tell({"stage": stage, "share": share, "n_rows": n_rows}), source)


def _n_rows(workspace: Workspace, job: Job) -> int | None:
    """Return how many rows a job is about, where that is known before it is done."""
    dataset = job.payload.get("dataset_id")
    return None if dataset is None else workspace.queries.dataset(str(dataset)).n_rows
