"""What was recorded, for tests to look at."""

from pynomaly.application.ports.paging import Piece

ALL = Piece(1000, 0, is_oldest_first=True)


def events_of(transactions):
    """Return type and payload of every event, oldest first."""
    with transactions.begin_reading() as work:
        entries = work.audit_log.page(ALL).items
    return [(entry.type, dict(entry.payload)) for entry in entries]


def job_of(transactions, job_id):
    """Return a job as it is stored."""
    with transactions.begin_reading() as work:
        return work.jobs.get(job_id)
