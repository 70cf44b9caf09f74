"""`pynomaly today`: whether anything is wrong now."""

from datetime import UTC, datetime

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.views.formats import Format

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    help=options.examples(
        "Say whether anything is wrong now: what stood out, what failed, what stands still. Exits 0 whatever it says; "
        "--json has the verdict for scripts.",
        "pynomaly today",
        "pynomaly today --json",
    )
)
def today(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """Look at the workspace."""
    from pynomaly.presentation.cli.views.today_view import write_today

    write_today(options.chosen(form, as_json), session_of(context).workspace.queries.today(datetime.now(UTC)))
