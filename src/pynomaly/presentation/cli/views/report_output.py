"""Writing a report: the result to standard output; notes, and what to try next, to standard error."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.views.findings_view import findings_as_text
from pynomaly.presentation.cli.views.formats import Format
from pynomaly.presentation.cli.views.report import Report

MAX_HINTS = 2


def write_report(report: Report, top: int, form: Format, hints: Sequence[str]) -> None:
    """Write a report; JSON holds its notes itself, and only people get to hear what to try next."""
    write_result(findings_as_text(report, top, form))
    if form is not Format.JSON:
        for note in report.notes:
            tell(f"note: {note}")
    if form is Format.TABLE and hints:
        tell("")
        tell("Next:")
        for command in hints:
            tell(f"  {command}")


def next_commands(report: Report, path: str | None, output: Path | None) -> list[str]:
    """Return the commands that follow from a report, each with what it does; two at most."""
    if report.detection_id is not None:
        short = report.detection_id[:8]
        hints = [f"pynomaly detection show {short}   # look again", *_keep(f"detection export {short}", output)]
        return hints[:MAX_HINTS]
    if path is None or path == "-":
        return []
    file = shlex.quote(path)
    look = [] if report.n_anomalies else [f"pynomaly detect {file} --budget 10   # flag the ten strangest rows anyway"]
    compare = [] if report.evaluation else [f"pynomaly detect {file} --label COLUMN   # compare with known answers"]
    return [*look, *_keep(f"detect {file}", output), *compare][:MAX_HINTS]


def _keep(command: str, output: Path | None) -> list[str]:
    return [] if output is not None else [f"pynomaly {command} --output scores.parquet   # every row's score in a file"]
