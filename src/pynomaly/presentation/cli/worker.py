"""`pynomaly worker`: does the jobs that were taken."""

from typing import Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.session import session_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    help=options.examples(
        "Do jobs until Ctrl-C or SIGTERM: what is at work may finish within 30 seconds, or goes back to the queue.",
        "pynomaly worker",
        "pynomaly worker --processes 4",
    )
)
def worker(
    context: typer.Context,
    processes: Annotated[int, typer.Option("--processes", min=1, max=64, help="How many jobs at once.")] = 1,
    attached: Annotated[
        bool, typer.Option("--attached", help="End when the process that started this one ends.")
    ] = False,
) -> None:
    """Do jobs."""
    from pynomaly.application.program import WorkOptions

    session_of(context).program.work(WorkOptions(processes, attached))
