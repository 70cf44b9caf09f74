"""The page of jobs: their kinds, where they can stand, and how often they are tried."""

from collections.abc import Iterator

from member_words import member_words
from pynomaly.application.written_jobs import FIELDS
from pynomaly.domain.job import (
    LONGEST_BACKOFF_SECONDS,
    MAX_CRASHES,
    MAX_LOSSES,
    MAX_TRANSIENT_FAILURES,
    JobKind,
    JobStatus,
)


def jobs_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from ("# Jobs", "")
    yield (
        "Work that takes long is a job: a worker takes it by a lease, does it in a process of its own, and stores what "
        "came of it once. A payload holds ids and choices, never rows."
    )
    yield from ("", "## Kinds", "", "| kind | what is done | payload |", "|---|---|---|")
    for kind, words in member_words(JobKind):
        fields = ", ".join(f"`{name}`" for name in sorted(FIELDS[JobKind(kind)]))
        yield f"| `{kind}` | {words} | {fields} |"
    yield from ("", "## Where a job stands", "", "| status | |", "|---|---|")
    yield from (f"| `{status}` | {words} |" for status, words in member_words(JobStatus))
    yield from ("", "## How often it is tried", "")
    yield (
        f"- Something passing went wrong, such as a database that was away: {MAX_TRANSIENT_FAILURES} times, after "
        f"1, 2, 4, … at most {LONGEST_BACKOFF_SECONDS:.0f} seconds, then it has failed."
    )
    yield f"- Its process died, for want of memory or otherwise: {MAX_CRASHES} times, then it has failed."
    yield f"- Its worker vanished under it, which is no fault of the job: {MAX_LOSSES} times."
    yield (
        "- `pynomaly job retry` and `POST /api/v1/jobs/{id}/retry` start a failed or cancelled job anew, under the "
        "same id and with a clean record."
    )
