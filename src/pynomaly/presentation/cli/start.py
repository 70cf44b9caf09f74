"""`pynomaly start`: everything prepared and served on this machine, and a page to begin with."""

import os
import sys
import threading
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.progress import ProgressForm, progress_shown
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell

if TYPE_CHECKING:
    from pynomaly.application.program import Program
    from pynomaly.application.tickets import Tickets
    from pynomaly.domain.user import User

HOST, N_WORKERS = "127.0.0.1", 2

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(slots=True)
class Visit:
    """One start: what was prepared, and whether requests were answered already.

    user: whom the printed address signs in, None where people have to do so themselves.
    """

    program: "Program"
    tickets: "Tickets"
    progress: ProgressForm
    may_join: bool
    opens_browser: bool
    user: "User | None" = field(default=None, init=False)
    page: str = field(default="/", init=False)
    is_ready: bool = field(default=False, init=False)

    def prepare(self) -> None:
        """Make sure that there is somebody to be and something to look at."""
        from pynomaly.application.first_visit import first_detection, local_user
        from pynomaly.application.ports.asking import BY_LOCAL_USER

        program, workspace = self.program, self.program.open_workspace()
        membership = program.people().membership(BY_LOCAL_USER)
        self.user = local_user(workspace.queries, membership, program.new_secret, may_join=self.may_join)
        with TemporaryDirectory() as folder, progress_shown(self.progress) as listener:
            detection = first_detection(workspace, program.write_sample, Path(folder), listener)
        if detection is not None:
            self.page = f"/detections/{detection.id}"

    def welcome(self, address: str) -> None:
        """Say where everything is, and open it where a browser can be seen."""
        self.is_ready = True
        entrance = address + self.page
        if self.user is not None:
            ticket = self.tickets.issue(self.user.id, self.user.tenant_id)
            entrance = f"{address}/enter?ticket={ticket}&next={self.page}"
        tell(f"Pynomaly runs at {address}; Ctrl-C stops it.")
        if self.user is None:
            tell(
                "Others use this workspace: sign in as one of them. With --local-user there is a user for this machine."
            )
        else:
            tell("This address signs you in, once, within ten minutes; keep it to yourself:")
        tell(f"  {entrance}")
        if self.opens_browser:
            threading.Thread(target=webbrowser.open, args=(entrance,), daemon=True).start()  # some wait for it to close


@app.command(
    help=options.examples(
        "Serve everything on this machine and open it in a browser: a user for whoever sits here, a first table that "
        "was looked at, the server, and workers beside it. What is there already is kept. It prints an address that "
        "signs in once.",
        "pynomaly start",
        "pynomaly start --port 9000 --no-browser",
    )
)
def start(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    local_user: Annotated[
        bool, typer.Option("--local-user", help="Make a user for this machine also where others use the workspace.")
    ] = False,
    progress: options.ProgressOption = ProgressForm.AUTO,
) -> None:
    """Prepare and serve."""
    from pynomaly.application.program import ServeOptions

    program = session_of(context).program
    _require_consent(program, local_user)
    visit = Visit(program, program.new_tickets(), progress, local_user, not no_browser and _is_seen())
    try:
        program.serve(
            ServeOptions(
                HOST,
                port,
                N_WORKERS,
                is_alone=True,
                before=visit.prepare,
                when_ready=visit.welcome,
                tickets=visit.tickets,
            )
        )
    except KeyboardInterrupt:
        if not visit.is_ready:
            raise
        tell("stopped")  # as it was told to


def _require_consent(program: "Program", is_given: bool) -> None:
    from pynomaly.domain.errors import InvalidRequest

    if not program.is_embedded and not is_given:
        raise InvalidRequest(
            "PYNOMALY_DATABASE_URL names a database that others may share, and `pynomaly start` makes an admin for "
            "whoever sits at this machine: add --local-user if that is wanted, or run `pynomaly serve` and sign in"
        )


def _is_seen() -> bool:
    """Whether somebody at a screen reads this."""
    has_screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.stdout.isatty() and bool(has_screen)
