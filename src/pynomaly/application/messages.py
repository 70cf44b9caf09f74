"""What channels tell: fixed templates that hold ids, names, counts and severities; no rows, reasons or secrets."""

from datetime import datetime

from pynomaly.application.ports.notifier import Message

ANOMALIES_FOUND, JOB_FAILED, CHANNEL_TEST = "anomalies.found", "job.failed", "channel.test"


def anomalies_found(
    message_id: str,
    at: datetime,
    *,
    detection_id: str,
    detector_id: str | None,
    detector_name: str | None,
    n_rows: int,
    n_anomalies: int,
    severity: float | None,
    severity_band: str | None = None,
) -> Message:
    """Tell of a detection that flagged rows. severity: of the strangest one, None where it is not known."""
    by_whom = f"{detector_name}: " if detector_name else ""
    verb, rows = "stands" if n_anomalies == 1 else "stand", "row" if n_rows == 1 else "rows"
    how_bad = "" if severity is None else f"Highest severity: {severity:.0f} of 100{_in_brackets(severity_band)}.\n"
    return Message(
        id=message_id,
        type=ANOMALIES_FOUND,
        at=at,
        title=f"{by_whom}{n_anomalies:,} of {n_rows:,} {rows} {verb} out",
        text=f"{how_bad}Detection: {detection_id}\nTo see them with reasons: pynomaly detection show {detection_id}",
        data={
            "detection_id": detection_id,
            "detector_id": detector_id,
            "detector_name": detector_name,
            "n_rows": n_rows,
            "n_anomalies": n_anomalies,
            "severity": severity,
            "severity_band": severity_band,
        },
    )


def job_failed(message_id: str, at: datetime, *, job_id: str, job_kind: str | None) -> Message:
    """Tell of a job that ended without success. job_kind: None where the event is too old to say."""
    return Message(
        id=message_id,
        type=JOB_FAILED,
        at=at,
        title=f"A {job_kind} job failed" if job_kind else "A job failed",
        text=f"Job: {job_id}\nTo see why: pynomaly job watch {job_id}",
        data={"job_id": job_id, "job_kind": job_kind},
    )


def channel_test(message_id: str, at: datetime, *, channel_id: str, channel_name: str) -> Message:
    """Say that a channel works; whoever reads this sees that it does."""
    return Message(
        id=message_id,
        type=CHANNEL_TEST,
        at=at,
        title=f"Test of channel {channel_name}",
        text="This channel works: what its rules name will be told here. Nothing was found; nothing has to be done.",
        data={"channel_id": channel_id, "channel_name": channel_name},
    )


def _in_brackets(word: str | None) -> str:
    return f" ({word})" if word else ""
