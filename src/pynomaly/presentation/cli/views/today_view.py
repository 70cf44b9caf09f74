"""A look at the workspace: the verdict and its reasons, then detectors and what they found."""

from typing import TYPE_CHECKING, cast

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.streams import width, write_result
from pynomaly.presentation.cli.views.formats import Field, Format, as_table
from pynomaly.presentation.cli.views.listing import time_in_words, write_object
from pynomaly.presentation.words.figures import count, severity_figure
from pynomaly.presentation.words.today_words import VERDICTS, reason_in_words

if TYPE_CHECKING:
    from datetime import datetime

    from pynomaly.application.ports.recent import Alarm, LastTraining, Looked
    from pynomaly.application.today import Today, Watched
    from pynomaly.domain.algorithm import JsonValue

_DETECTORS = (Field("detector"), Field("last look"), Field("last training"), Field("next by schedule"))
_ALARMS = (Field("found"), Field("detector"), Field("rows", True), Field("severity", True), Field("detection"))


def write_today(form: Format, today: "Today") -> None:
    """Write a look at the workspace; programs get all of it."""
    if form is not Format.TABLE:
        write_object(form, today_as_json(today), _facts(today))
        return
    write_result("".join(f"{line}\n" for line in (VERDICTS[today.verdict], *map(reason_in_words, today.reasons))))
    if today.detectors:
        write_result("\n" + as_table(_DETECTORS, [_detector_row(one) for one in today.detectors], width()))
    if today.alarms:
        write_result("\n" + as_table(_ALARMS, [_alarm_row(one) for one in today.alarms], width()))


def today_as_json(today: "Today") -> "dict[str, JsonValue]":
    """Return a look as data, with the keys the REST API gives it."""
    return cast("dict[str, JsonValue]", json_value(today.as_data()))


def _facts(today: "Today") -> list[tuple[str, str]]:
    work = today.work
    return [
        ("verdict", VERDICTS[today.verdict]),
        *(("reason", reason_in_words(reason)) for reason in today.reasons),
        ("last 24 hours", _looked(today.last_day)),
        ("last 7 days", _looked(today.last_week)),
        ("jobs", f"{count(work.n_running)} running, {count(work.n_waiting)} waiting"),
        ("datasets", count(today.n_datasets)),
    ]


def _looked(looked: "Looked") -> str:
    return f"{count(looked.n_detections)} detections, {count(looked.n_anomalies)} rows flagged"


def _detector_row(watched: "Watched") -> list[str]:
    state = watched.detector
    return [state.name, _when(state.last_detection_at), _training(state.training), _when(watched.next_run_at)]


def _training(training: "LastTraining | None") -> str:
    if training is None:
        return "never"
    return f"{training.status.value} {time_in_words(training.finished_at or training.started_at)}"


def _alarm_row(alarm: "Alarm") -> list[str]:
    name = "deleted since" if alarm.detector_name is None else alarm.detector_name
    found = [time_in_words(alarm.at), name, count(alarm.n_anomalies), severity_figure(alarm.severity)]
    return [*found, alarm.detection_id[:8]]


def _when(at: "datetime | None") -> str:
    return "–" if at is None else time_in_words(at)
