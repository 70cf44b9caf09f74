"""What to try next: real commands, two at most."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from pynomaly.presentation.cli.streams import tell
from pynomaly.presentation.cli.views.report import Report

MAX_HINTS = 2


def next_commands(report: Report, path: str | None, output: Path | None) -> list[str]:
    """Return the commands that follow from a report, each with what it does."""
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


def tell_what_next(commands: Sequence[str]) -> None:
    """Write the commands to standard error."""
    if commands:
        tell("")
        tell("Next:")
    for command in commands:
        tell(f"  {command}")


def _keep(command: str, output: Path | None) -> list[str]:
    return [] if output is not None else [f"pynomaly {command} --output scores.parquet   # every row's score in a file"]
