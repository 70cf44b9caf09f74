"""Waiting for work that others do."""

import time
from collections.abc import Callable
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


def until(look: Callable[[], Any]) -> Any:
    """Return what there is to see as soon as there is something."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if seen := look():
            return seen
        time.sleep(0.05)
    raise TimeoutError("there is nothing to see")
