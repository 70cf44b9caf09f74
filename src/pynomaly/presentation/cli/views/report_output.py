"""Writing a report: the result to standard output, what else the reader should know to standard error."""

from collections.abc import Sequence

from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.views.findings_view import findings_as_text
from pynomaly.presentation.cli.views.formats import Format
from pynomaly.presentation.cli.views.hints import tell_what_next
from pynomaly.presentation.cli.views.report import Report


def write_report(report: Report, top: int, form: Format, next_commands: Sequence[str]) -> None:
    """Write a report; JSON holds its notes itself, and only people get to hear what to try next."""
    write_result(findings_as_text(report, top, form))
    if form is not Format.JSON:
        for note in report.notes:
            tell(f"note: {note}")
    if form is Format.TABLE:
        tell_what_next(next_commands)
