"""A group of commands whose help comes quickly."""

from typing import Any

import typer
from typer.core import TyperGroup


def new_group(help_text: str | None = None) -> typer.Typer:
    """Return an empty group of commands; called without one of them it shows its help."""
    return typer.Typer(
        cls=CommandGroup, rich_markup_mode=None, add_completion=False, no_args_is_help=True, help=help_text
    )


class CommandGroup(TyperGroup):
    """A group that lists each command by its first sentence, not by the examples that its help begins with.

    It says of its help flag that it was not given: typer (0.29) takes a flag without a value for one to convert, and
    imports pydantic to do so, a fifth of a second.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for command in self.commands.values():
            first, _, _ = (command.help or "").rpartition("\n\n")[2].partition(". ")
            command.short_help = f"{first.removesuffix('.')}."

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option, its value known."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.default = False
        return option
