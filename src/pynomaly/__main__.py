"""The console command `pynomaly`, also as `python -m pynomaly`."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pynomaly.application.program import Program


def main() -> None:
    """Run the command line; nothing heavy is imported before a command needs it."""
    try:
        if sys.argv[1:] == ["--version"]:  # without the time it takes to import the command tree
            from pynomaly.presentation.cli.version_line import version_line

            print(version_line())  # noqa: T201
            return
        from pynomaly.presentation.cli.app import run

        run(_build)
    except KeyboardInterrupt:
        sys.exit(130)


def _build() -> "Program":
    from pynomaly.bootstrap import build

    return build()


if __name__ == "__main__":
    main()
