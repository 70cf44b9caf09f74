"""`pynomaly config`: the settings in force."""

from typing import Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list

app = new_group()


@app.callback(
    help=options.examples("Show the settings in force.", "pynomaly config show", "pynomaly config show --origin")
)
def config() -> None:
    """Make `config` a group although it has one command."""


@app.command(
    help=options.examples(
        "Show every setting; --origin says where its value came from.",
        "pynomaly config show",
        "pynomaly config show --origin",
    )
)
def show(
    context: typer.Context,
    origin: Annotated[bool, typer.Option("--origin", help="Say where each value came from.")] = False,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show the settings."""
    settings = session_of(context).program.settings
    write_list(
        options.chosen(form, as_json),
        [{"name": one.name, "value": one.value} | ({"origin": one.origin} if origin else {}) for one in settings],
        [Field("setting"), Field("value"), *([Field("from")] if origin else [])],
        [[one.name, one.value, *([one.origin] if origin else [])] for one in settings],
        when_empty="There are no settings.",
    )
