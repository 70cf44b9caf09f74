"""Log lines: one to an event whatever stands in it, with the names of the work at hand."""

import json
import logging

import pytest

from pynomaly.application.current_work import at_work
from pynomaly.infrastructure.telemetry.log_lines import JsonLines, TextLines

HOSTILE = 'x"\n2026-01-01 INFO pynomaly.api event=forged\r\x1b[31m\u2028\x00\ud800 admin=true'


def record(message, *args, error=None, name="pynomaly.worker", level=logging.INFO):
    trace = None if error is None else (type(error), error, error.__traceback__)
    made = logging.LogRecord(name, level, __file__, 1, message, args, trace)
    made.created = 1_773_489_600.25
    return made


def as_json(*arguments, **choices):
    line = JsonLines().format(record(*arguments, **choices))
    assert "\n" not in line
    assert line.isascii()
    return json.loads(line)


def test_an_event_has_its_fields_and_keeps_their_types():
    assert as_json("job_taken job_id=%s kind=%s attempt=%s share=%s", "j1", "train", 2, 0.5) == {
        "at": "2026-03-14T12:00:00.250Z",
        "level": "info",
        "logger": "pynomaly.worker",
        "event": "job_taken",
        "job_id": "j1",
        "kind": "train",
        "attempt": 2,
        "share": 0.5,
    }


def test_the_names_of_the_work_at_hand_are_on_every_line():
    with at_work(request_id="r-1", tenant_id="t1", traceparent="00-1-2-01"):
        line = as_json("chore_failed chore=%s", "relay")
    assert (line["request_id"], line["tenant_id"], line["chore"]) == ("r-1", "t1", "relay")
    assert "traceparent" not in line


def test_what_a_call_says_itself_wins_over_the_names_at_hand():
    with at_work(job_id="outer"):
        assert as_json("job_ended job_id=%s", "inner")["job_id"] == "inner"


def test_lines_of_libraries_are_messages():
    line = as_json("Uvicorn running on %s://%s:%d", "http", "127.0.0.1", 8000, name="uvicorn.error")
    assert (line["event"], line["text"]) == ("message", "Uvicorn running on http://127.0.0.1:8000")


def test_a_last_value_without_a_name_is_a_detail():
    assert as_json("event type=%s %s", "JobEnded", "job_id=1")["detail"] == "job_id=1"


@pytest.mark.parametrize("message", ["request_failed reason=%s", "%s", "some library says %r"])
def test_a_value_can_neither_end_the_json_line_nor_make_up_a_field(message):
    line = as_json(message, HOSTILE)
    assert line.keys() <= {"at", "level", "logger", "event", "reason", "text"}
    assert (line["logger"], line["at"]) == ("pynomaly.worker", "2026-03-14T12:00:00.250Z")


def test_a_value_can_neither_end_the_text_line_nor_make_up_a_field():
    line = TextLines().format(record("job_failed job_id=%s reason=%s", "j1", HOSTILE))
    assert "\n" not in line
    assert line.isascii()
    assert line.isprintable()
    before, _, quoted = line.partition(" reason=")
    assert before == "2026-03-14T12:00:00.250Z INFO pynomaly.worker job_failed job_id=j1"
    assert json.loads(quoted) == HOSTILE


@pytest.mark.parametrize("text", ["a b", "a=b", '"', "", "é", "\t", "a\\b"])
def test_text_that_could_be_read_in_two_ways_is_quoted(text):
    line = TextLines().format(record("event_x value=%s", text))
    assert json.loads(line.partition(" value=")[2]) == text


def test_fields_cannot_take_the_place_of_what_every_line_has():
    line = as_json("event_x level=%s at=%s event=%s", "forged", "never", "other")
    assert (line["level"], line["event"]) == ("info", "event_x")
    assert (line["level_"], line["at_"], line["event_"]) == ("forged", "never", "other")


def test_long_values_are_cut():
    assert len(as_json("event_x reason=%s", "x" * 100_000)["reason"]) == 2000
    assert len(as_json("x" * 100_000)["text"]) == 2000


def failed():
    try:
        try:
            raise KeyError("a secret of 4711")
        except KeyError as error:
            raise ValueError("row 7 is 4711") from error
    except ValueError as error:
        return error


@pytest.mark.parametrize("lines", [JsonLines(), TextLines()])
def test_a_trace_names_kinds_and_places_but_quotes_nothing(lines):
    text = lines.format(record("request_failed request_id=%s", "r-1", error=failed(), level=logging.ERROR))
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_log_lines.py" in text
    assert "4711" not in text


def test_a_trace_in_text_follows_on_lines_that_begin_with_a_space():
    first, *rest = TextLines().format(record("request_failed", error=failed())).split("\n")
    assert first.endswith("request_failed")
    assert rest
    assert all(line.startswith(" ") for line in rest)


def test_errors_that_cause_each_other_end_somewhere():
    one, other = ValueError("a"), ValueError("b")
    one.__cause__, other.__cause__ = other, one
    assert as_json("request_failed", error=one)["trace"] == ["builtins.ValueError", "builtins.ValueError"]


def test_what_a_call_says_comes_first_and_in_its_order():
    with at_work(job_id="j1", tenant_id="t1"):
        line = TextLines().format(record("job_taken job_id=%s kind=%s attempt=%s", "j1", "train", 2))
    assert line.endswith("job_taken job_id=j1 kind=train attempt=2 tenant_id=t1")
