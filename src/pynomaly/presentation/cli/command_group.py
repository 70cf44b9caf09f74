"""A group of commands whose help comes quickly."""

from typing import Any

from typer.core import TyperGroup


class CommandGroup(TyperGroup):
    """A group that says of its help flag that it was not given.

    typer (0.29) takes a flag without a value for one to convert, and imports pydantic to do so: a fifth of a second.
    """

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option, its value known."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option
