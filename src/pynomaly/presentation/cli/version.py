"""`pynomaly version`."""

import typer

from pynomaly.presentation.cli.options import examples
from pynomaly.presentation.cli.streams import write_result
from pynomaly.presentation.cli.version_line import version_line

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=examples("Show the version.", "pynomaly version", "pynomaly --version"))
def show() -> None:
    """Show the version."""
    write_result(version_line())
