"""Secrets on the command line: never as plain words, which other users of the machine see and shells write down."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pynomaly.presentation.cli.session import Session

SecretOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--secret", metavar="NAME", help="Ask for this secret; may be repeated.")
]
SecretFromOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--secret-from", metavar="NAME=ENV", help="Take a secret from an environment variable; repeatable."),
]
SecretFileOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--secret-file", metavar="NAME=PATH", help="Take a secret from the first line of a file; repeatable."),
]


def secrets_from(
    session: Session, asked: Sequence[str] | None, variables: Sequence[str] | None, files: Sequence[str] | None
) -> dict[str, str]:
    """Return secrets by name. Raises InvalidRequest where one is not there, or nobody is there to type it."""
    secrets: dict[str, str] = {}
    for choice in variables or ():
        name, variable = _pair(choice, "--secret-from")
        secrets[name] = _from_environment(name, variable)
    for choice in files or ():
        name, path = _pair(choice, "--secret-file")
        secrets[name] = _from_file(Path(path))
    for name in asked or ():
        secrets[name] = _typed(session, name)
    return secrets


def _pair(choice: str, option: str) -> tuple[str, str]:
    from pynomaly.domain.errors import InvalidRequest

    name, equals, place = choice.partition("=")
    if not (name and equals and place):
        raise InvalidRequest(f"{option} takes NAME=PLACE: where the secret is, not the secret itself")
    return name, place


def _from_environment(name: str, variable: str) -> str:
    from pynomaly.domain.errors import InvalidRequest

    secret = os.environ.get(variable)
    if not secret:
        raise InvalidRequest(f"the environment has no variable of the name given for '{name}'; export it first")
    return secret


def _from_file(path: Path) -> str:
    from pynomaly.domain.errors import InvalidRequest

    try:
        with path.open(encoding="utf-8") as stream:
            return stream.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} cannot be read as the file of a secret ({type(error).__name__})") from None


def _typed(session: Session, name: str) -> str:
    from pynomaly.domain.errors import InvalidRequest

    if not (session.may_ask and sys.stdin.isatty()):
        raise InvalidRequest(f"nobody is there to type '{name}'; use --secret-from or --secret-file")
    return str(typer.prompt(name, hide_input=True, err=True))
