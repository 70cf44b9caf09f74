"""THE COMMAND TREE: names and one line of help each; a command's own module is imported when it is called."""

import sys
import traceback
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from pynomaly.presentation.cli.command_group import CommandGroup
from pynomaly.presentation.cli.session import Session, session_of
from pynomaly.presentation.cli.streams import open_closed_streams

if TYPE_CHECKING:
    from pynomaly.application.program import Program

COMMANDS = {
    "start": "Serve everything on this machine and open it in a browser.",
    "detect": "Find the anomalies of a table and say why.",
    "demo": "Try it on a real table that comes along.",
    "today": "Say whether anything is wrong now.",
    "dataset": "Keep tables under a name.",
    "source": "Read rows where they lie: databases and object stores.",
    "detector": "Create, train and keep detectors.",
    "detection": "Look again at what was detected.",
    "serve": "Serve the REST API.",
    "worker": "Do the jobs that were taken.",
    "job": "Look at and steer jobs.",
    "channel": "Keep ways to tell somebody outside.",
    "rule": "Say what is worth a message, and to whom.",
    "delivery": "Look at messages on their way.",
    "admin": "Workspaces, users, keys and the audit log.",
    "doctor": "Check the installation.",
    "config": "Show the settings in force.",
    "version": "Show the version.",
}
"""Each command lives in the module of its name, as `app`."""


class CommandTree(CommandGroup):
    """A group whose commands are signposts until one of them is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, line in COMMANDS.items():
            self.add_command(TyperCommand(name, short_help=line, rich_markup_mode=None))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command by its signpost and import it."""
        name, signpost, rest = super().resolve_command(ctx, args)
        return (name, signpost, rest) if signpost is None else (name, _imported(str(name)), rest)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an error ends as one clear line and its exit code."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.TyperException):
            raise
        except (Exception, KeyboardInterrupt) as error:  # the last resort, re-raised as an exit code
            raise typer.Exit(_complain(error, is_debugging=session_of(ctx).is_debugging)) from error


app = typer.Typer(
    cls=CommandTree,
    add_completion=False,  # its options are read before every command and cost a fifth of a second each time
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        from pynomaly.presentation.cli.streams import write_result
        from pynomaly.presentation.cli.version_line import version_line

        write_result(version_line())
        raise typer.Exit(0)


@app.callback(
    help="\b\nExamples:\n  pynomaly demo\n  pynomaly detect orders.csv\n\n"
    "Find anomalies in tables, say how sure it is, and say why."
)
def main(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask anything.")] = False,
) -> None:
    """Take the options that come before the command."""
    session = session_of(context)
    session.is_debugging, session.may_ask = debug, not no_input
    if not (debug or sys.warnoptions):
        warnings.simplefilter("ignore")  # libraries warn programmers; what a reader must know is a note


def run(build: "Callable[[], Program]") -> None:
    """Run the command line and end the process with its exit code."""
    open_closed_streams()
    app(prog_name="pynomaly", obj=Session(build))


def _imported(name: str) -> Any:
    module = import_module(f"pynomaly.presentation.cli.{name}")
    command = typer.main.get_command(module.app)
    command.name = name
    return command


def _complain(error: BaseException, *, is_debugging: bool) -> int:
    from pynomaly.domain.errors import PynomalyError
    from pynomaly.presentation.cli.exit_codes import INTERRUPTED, UNEXPECTED, exit_code_of
    from pynomaly.presentation.cli.streams import tell

    if is_debugging:
        traceback.print_exception(error)
    if isinstance(error, KeyboardInterrupt):
        tell("interrupted")
        return INTERRUPTED
    if isinstance(error, PynomalyError):
        tell(f"error: {error}")
        return exit_code_of(error)
    if isinstance(error, MemoryError):
        tell("error: there is not enough memory for this table; leave columns out with --ignore or use fewer rows")
        return UNEXPECTED
    tell(f"error: something unexpected went wrong ({type(error).__name__}: {error})")
    if not is_debugging:
        tell("the same command with --debug right after pynomaly shows where: pynomaly --debug …")
    return UNEXPECTED
