from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from pynomaly.application.messages import anomalies_found, channel_test, job_failed
from pynomaly.application.ports.notifier import Message
from pynomaly.bootstrap import build
from pynomaly.presentation.cli.app import app
from pynomaly.presentation.cli.session import Session

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _found(**changed: Any) -> Message:
    facts: dict[str, Any] = {
        "detection_id": "d7",
        "detector_id": "f3",
        "detector_name": "Frauds",
        "n_rows": 36_700,
        "n_anomalies": 1_234,
        "severity": 91.4,
        "severity_band": "critical",
    }
    return anomalies_found("m1", NOON, **facts | changed)


def test_anomalies_are_told_with_their_number_their_severity_and_where_they_are() -> None:
    message = _found()
    assert (message.id, message.type, message.at) == ("m1", "anomalies.found", NOON)
    assert message.title == "Frauds: 1,234 of 36,700 rows stand out"
    assert message.text == (
        "Highest severity: 91 of 100 (critical).\nDetection: d7\nTo see them with reasons: pynomaly detection show d7"
    )
    assert message.data == {
        "detection_id": "d7",
        "detector_id": "f3",
        "detector_name": "Frauds",
        "n_rows": 36_700,
        "n_anomalies": 1_234,
        "severity": 91.4,
        "severity_band": "critical",
    }


def test_what_an_old_event_does_not_know_is_left_out() -> None:
    message = _found(detector_id=None, detector_name=None, severity=None, severity_band=None, n_anomalies=1)
    assert message.title == "1 of 36,700 rows stands out"
    assert message.text.startswith("Detection: d7\n")
    assert (message.data["detector_id"], message.data["severity"]) == (None, None)
    assert _found(n_rows=1, n_anomalies=1).title == "Frauds: 1 of 1 row stands out"


def test_a_failed_job_is_told_with_its_kind_if_it_is_known() -> None:
    message = job_failed("m1", NOON, job_id="j5", job_kind="train")
    assert (message.type, message.title) == ("job.failed", "A train job failed")
    assert message.data == {"job_id": "j5", "job_kind": "train"}
    assert job_failed("m1", NOON, job_id="j5", job_kind=None).title == "A job failed"


def test_a_test_says_that_the_channel_works() -> None:
    message = channel_test("m1", NOON, channel_id="c1", channel_name="ops")
    assert (message.type, message.title, message.data) == (
        "channel.test",
        "Test of channel ops",
        {"channel_id": "c1", "channel_name": "ops"},
    )


@pytest.mark.parametrize("message", [_found(), job_failed("m1", NOON, job_id="j5", job_kind="train")])
def test_the_command_that_a_message_names_is_there(message: Message) -> None:
    _, _, command = message.text.rpartition(": pynomaly ")
    *words, _id = command.split()
    helped = CliRunner().invoke(app, [*words, "--help"], obj=Session(build), prog_name="pynomaly")
    assert (helped.exit_code, f"Usage: pynomaly {' '.join(words)}" in helped.output) == (0, True)
