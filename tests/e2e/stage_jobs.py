"""Jobs of every ending, as the furnished workplace has them."""

import time
from collections.abc import Mapping

import pyarrow as pa

from pynomaly.application.workspace import Workspace
from pynomaly.domain.job import Job

PATIENCE_SECONDS = 90.0


def jobs_on_stage(workspace: Workspace, dataset: str, quiet_dataset: str) -> Mapping[str, str]:
    """Have a look taken that finds something, one that finds nothing, and a job that fails; return their ids."""
    flat, _ = workspace.register_dataset(
        source=pa.table({"always": [5] * 40}), name="a gauge that is stuck", source_name="stuck.csv"
    )
    _, look = workspace.look_at_dataset(dataset=dataset)
    _, quiet_look = workspace.look_at_dataset(dataset=quiet_dataset)
    _, failing = workspace.look_at_dataset(dataset=flat.id)
    done = ended(workspace, look.id)
    following = ended(workspace, str((done.result or {})["next_job_id"]))
    quiet = ended(workspace, quiet_look.id)
    ended(workspace, str((quiet.result or {})["next_job_id"]))
    failed = ended(workspace, failing.id)
    return {
        "look": look.id,
        "quiet_look": quiet_look.id,
        "job": following.id,
        "failed_job": failed.id,
        "stuck_dataset": flat.id,
    }


def ended(workspace: Workspace, job_id: str) -> Job:
    """Return a job once it has ended; a worker of the house does it."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (job := workspace.queries.job(job_id)).status.is_final:
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"job {job_id} is {job.status} still")
        time.sleep(0.1)
    return job
