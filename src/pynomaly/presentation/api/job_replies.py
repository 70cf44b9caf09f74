"""The answer to work that was taken and is not done yet."""

from pynomaly.application.ports.asking import Reply
from pynomaly.domain.job import Job
from pynomaly.presentation.api.replies import json_reply
from pynomaly.presentation.api.schemas.jobs import JobAnswer
from pynomaly.presentation.http.route_names import PREFIX


def accepted(job: Job) -> Reply:
    """Return the job with its place; the result will be at its `result_url`."""
    return json_reply(JobAnswer.of(job, PREFIX), 202, headers={"Location": f"{PREFIX}/jobs/{job.id}"})
