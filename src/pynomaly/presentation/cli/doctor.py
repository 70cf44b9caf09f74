"""`pynomaly doctor`: what is installed, what is missing, what to type."""

from typing import Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.exit_codes import PRECONDITION_FAILED
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    help=options.examples(
        "Check the installation. Exits 6 if something needed does not work; a missing extra is no problem. With "
        "--server, also check what servers and workers need, with the settings in force here: database, keys, disk, "
        "workers, queue, Redis, network.",
        "pynomaly doctor",
        "pynomaly doctor --json",
        "pynomaly doctor --server",
    )
)
def doctor(
    context: typer.Context,
    server: Annotated[bool, typer.Option("--server", help="Check what servers and workers need, too.")] = False,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Check the installation."""
    program = session_of(context).program
    checks = [*program.diagnose(), *(program.diagnose_server() if server else ())]
    write_list(
        options.chosen(form, as_json),
        [
            {"subject": check.subject, "state": check.state, "finding": check.finding, "advice": check.advice}
            for check in checks
        ],
        [Field("checked"), Field("state"), Field("finding"), Field("what to do")],
        [[check.subject, check.state, check.finding, check.advice] for check in checks],
        when_empty="There was nothing to check.",
    )
    if any(check.state == "problem" for check in checks):
        raise typer.Exit(PRECONDITION_FAILED)
