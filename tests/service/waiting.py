"""Waiting for work that others do."""

import time
from typing import Any

from tests.service.installed import Workplace

PATIENCE_SECONDS = 30.0


def finished(place: Workplace, job_id: str) -> Any:
    """Return a job that has come to its end."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        job = place.get(f"/jobs/{job_id}")
        if job["finished_at"] is not None:
            return job
        time.sleep(0.05)
    raise TimeoutError(f"the job has not ended: {job}")
