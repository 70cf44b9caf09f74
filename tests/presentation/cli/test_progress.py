import io
import json
import time

import pytest

from pynomaly.presentation.cli.progress import Bar, JsonLines, PlainLines, bar_line


def test_plain_lines_come_per_stage_and_tenth_once_a_second_has_passed():
    now, stream = [0.0], io.StringIO()
    listener = PlainLines(stream, clock=lambda: now[0])
    for step in range(101):
        now[0] = step / 50
        listener("scoring", step / 100)
    listener("writing", 0.0)
    assert stream.getvalue().splitlines() == [
        "scoring 50 %", "scoring 60 %", "scoring 70 %", "scoring 80 %", "scoring 90 %", "scoring 100 %", "writing …"
    ]  # fmt: skip


def test_short_work_leaves_no_line():
    stream = io.StringIO()
    listener = PlainLines(stream, clock=lambda: 0.0)
    listener("scoring", 1.0)
    assert stream.getvalue() == ""


def test_json_progress_is_one_object_per_report():
    stream = io.StringIO()
    JsonLines(stream)("scoring", 0.25)
    assert json.loads(stream.getvalue()) == {"stage": "scoring", "progress": 0.25}


def test_the_bar_appears_while_nothing_is_reported_and_is_wiped_at_the_end():
    stream = io.StringIO()
    with Bar(stream, silent_seconds=0.0) as bar:
        bar("fitting", 0.5)
        while "fitting" not in stream.getvalue():
            time.sleep(0.01)
    assert stream.getvalue().endswith("\r\x1b[K")


def test_work_under_a_second_draws_no_bar():
    stream = io.StringIO()
    with Bar(stream) as bar:
        bar("fitting", 1.0)
    assert stream.getvalue() == ""


@pytest.mark.parametrize("share", [-1.0, 0.0, 0.33, 1.0, 7.0])
def test_a_bar_line_is_never_longer_than_a_narrow_terminal(share):
    assert len(bar_line("calibrating", share, 3.2)) < 60


@pytest.mark.parametrize(
    ("form", "expected"), [("none", ""), ("json", '{"stage": "scoring"'), ("plain", "scoring 50 %")]
)
def test_progress_goes_to_standard_error_as_asked(run, form, expected):
    result = run("detect", "a.csv", "--json", "--progress", form)
    assert result.stderr.startswith(expected) or expected in result.stderr
    assert (result.stderr == "") == (form == "none")
    assert result.stdout.startswith("{")
