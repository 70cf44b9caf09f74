"""What pages say of jobs: what they do, how they stand, how far they are."""

from collections.abc import Mapping

from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.presentation.http.errors import row_named
from pynomaly.presentation.web.texts import _

STANDINGS: Mapping[JobStatus, str] = {
    JobStatus.QUEUED: "waits",
    JobStatus.RUNNING: "runs",
    JobStatus.CANCELLING: "runs",
    JobStatus.SUCCEEDED: "ok",
    JobStatus.FAILED: "broken",
    JobStatus.CANCELLED: "waits",
}
"""The mark beside each state's word."""


def status_word(status: JobStatus) -> str:
    """Return a state in a word or two."""
    return {
        JobStatus.QUEUED: _("waiting"),
        JobStatus.RUNNING: _("running"),
        JobStatus.CANCELLING: _("stopping"),
        JobStatus.SUCCEEDED: _("done"),
        JobStatus.FAILED: _("failed"),
        JobStatus.CANCELLED: _("cancelled"),
    }[status]


def stage_words(stage: str) -> str:
    """Return what a worker does at a stage."""
    known = {
        "": _("Waiting for a worker"),
        "starting": _("Starting"),
        "reading": _("Reading rows"),
        "keeping": _("Keeping rows"),
        "preparing": _("Preparing the columns"),
        "fitting": _("Learning what is usual"),
        "calibrating": _("Learning how unusual is unusual"),
        "scoring": _("Scoring rows"),
        "explaining": _("Finding reasons"),
        "done": _("Done"),
    }
    return known.get(stage, stage)


def purpose(job: Job, names: Mapping[str, str]) -> str:
    """Return what a job is for, as a heading. names: of its subjects, by id."""
    said = {"detector": _("a deleted detector"), "dataset": _("a deleted dataset"), "source": _("a deleted source")}
    told = {kind: names.get(str(job.payload.get(f"{kind}_id")), gone) for kind, gone in said.items()}
    if job.kind is JobKind.TRAIN:
        return _("Train “%(detector)s” on “%(dataset)s”") % told
    if job.kind is JobKind.PULL:
        return _("Read rows from “%(source)s”") % told
    if job.payload.get("source_id") is not None:
        return _("Look for anomalies in “%(source)s” with “%(detector)s”") % told
    return _("Look for anomalies in “%(dataset)s” with “%(detector)s”") % told


def asker(job: Job, names: Mapping[str, str]) -> str:
    """Return who wanted a job done."""
    kind, _colon, one = job.created_by.partition(":")
    named = {"schedule": _("a schedule"), "api_key": _("an API key"), "user": _("a former user")}
    return names.get(job.created_by, named.get(kind, kind if not one else job.created_by))


def fix_of(job: Job) -> str:
    """Return what can be done about a failure."""
    if job.failure is None:
        return ""
    if job.failure.kind == "Crashed":
        return _("Try it with fewer rows or columns, or on a machine with more memory; then press “Try again”.")
    return row_named(job.failure.kind).remedy
