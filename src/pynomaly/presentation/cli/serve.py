"""`pynomaly serve`: the REST API, with workers beside it on the embedded default."""

from typing import Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.session import session_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    help=options.examples(
        "Serve the REST API until Ctrl-C or SIGTERM. Without PYNOMALY_DATABASE_URL everything lies in PYNOMALY_HOME, "
        "and worker processes run beside the server; with it, start workers with `pynomaly worker`.",
        "pynomaly serve",
        "pynomaly serve --port 9000 --workers 2",
    )
)
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=0, max=64, help="Worker processes beside the server; 0 for none."),
    ] = None,
) -> None:
    """Serve the API."""
    from pynomaly.application.program import ServeOptions

    session_of(context).program.serve(ServeOptions(host, port, workers))
