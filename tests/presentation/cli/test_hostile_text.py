"""Text from the data that would like to be more than text."""

import csv
import io
import json

import pytest

from pynomaly.domain.explanation import Reason, Typical
from tests.fakes.findings import one_look
from tests.fakes.programs import FakeProgram

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;new title\x07",
    "\x1b]8;;http://elsewhere\x1b\\link\x1b]8;;\x1b\\",
    "[bold red]markup[/bold red]",
    "a\rb\nc\td\x00e",
    "\u202eright to left",
    "\u2028 line separator",
    "lone \ud800 surrogate",
    "=cmd|' /C calc'!A0",
    "z" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:16]))
@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "markdown"])
def test_hostile_cells_stay_text(run, text, form):
    reason = Reason(text, 0.5, text, Typical(most_frequent=text, share=0.5))
    program = FakeProgram(one_look(reasons=(reason,), identifier=text, notes=(text,)))
    result = run("detect", "a.csv", "--format", form, build=lambda: program)
    assert result.exit_code == 0
    steering = {"\x1b", "\x07", "\r", "\x00", "\u202e", "\u2028"}
    assert not steering & set(result.stderr)
    if form in ("json", "ndjson"):
        json.loads(result.stdout)
        assert not steering - {"\u202e", "\u2028"} & set(result.stdout)
        return
    assert not steering & set(result.stdout)
    assert "\t" not in result.stdout
    assert len(result.stdout) < 3_000
    if form == "csv":
        header, row = csv.reader(io.StringIO(result.stdout))
        assert len(row) == len(header)
        assert not row[1].startswith("=")
