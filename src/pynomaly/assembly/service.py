"""What `pynomaly serve` and `pynomaly worker` run; everything heavy is imported when they do."""

from typing import TYPE_CHECKING

from pynomaly.application.program import ServeOptions, WorkOptions

if TYPE_CHECKING:
    from pynomaly.assembly.workspace import Adapters


def serve(shared: "Adapters", options: ServeOptions) -> None:
    """Serve the API until told to stop. Raises ExtraNotInstalled, InvalidRequest."""
    from pynomaly.assembly.server import run_server

    run_server(shared, options)


def work(shared: "Adapters", options: WorkOptions) -> None:
    """Do jobs until told to stop."""
    from pynomaly.assembly.workers import run_workers

    run_workers(shared, options)
