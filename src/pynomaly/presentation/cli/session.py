"""One run of the command line: the program, built when a command first needs it, and the global options."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

import typer

from pynomaly.presentation.cli.streams import is_agreed, write_result

if TYPE_CHECKING:
    from pynomaly.application.program import Program
    from pynomaly.application.workspace import Workspace


@dataclass
class Session:
    """What every command receives.

    build: builds the program; it is not called for help, versions and wrong usage.
    """

    build: "Callable[[], Program]"
    is_debugging: bool = False
    may_ask: bool = True

    @cached_property
    def program(self) -> "Program":
        """The built program. Raises InvalidConfiguration if the settings are wrong."""
        from pynomaly.domain.errors import InvalidRequest
        from pynomaly.presentation.cli.exit_codes import InvalidConfiguration

        try:
            return self.build()
        except InvalidRequest as error:
            raise InvalidConfiguration(str(error)) from error

    @cached_property
    def workspace(self) -> "Workspace":
        """The workspace, opened on first use."""
        return self.program.open_workspace()

    def delete(self, what: str, act: Callable[[], object], *, is_confirmed: bool, is_dry_run: bool) -> None:
        """Destroy something and say so; a dry run only says so.

        Asks first where somebody is there to answer; raises InvalidRequest where nobody is and --yes was not given,
        typer.Exit if the answer is no.
        """
        if is_dry_run:
            write_result(f"Would delete {what}.")
            return
        if not is_confirmed:
            self._ask(what)
        act()
        write_result(f"Deleted {what}.")

    def _ask(self, what: str) -> None:
        if not (self.may_ask and sys.stdin.isatty()):
            from pynomaly.domain.errors import InvalidRequest

            raise InvalidRequest(f"deleting {what} cannot be undone; add --yes to do it")
        if not is_agreed(f"Delete {what}? This cannot be undone."):
            raise typer.Exit(0)


def session_of(context: typer.Context) -> Session:
    """Return the session of a running command."""
    return cast("Session", context.obj)
