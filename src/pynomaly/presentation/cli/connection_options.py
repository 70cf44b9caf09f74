"""What is typed to fill the fields of a connection: settings as they are, secrets never on the command line."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from pynomaly.domain.connection import ConnectionKind, Field, Value
    from pynomaly.presentation.cli.session import Session

SetOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Fill a field that is no secret; repeatable.")
]
SecretOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--secret", metavar="NAME", help="Be asked for a secret field; repeatable.")
]
SecretFromOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--secret-from", metavar="NAME=VARIABLE", help="Take a secret from an environment variable."),
]
SecretFileOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--secret-file", metavar="NAME=PATH", help="Take a secret from a file's first line; - for a pipe."),
]
FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def values_from(
    session: "Session",
    kind: "ConnectionKind",
    *,
    settings: Sequence[str] | None,
    secrets: Sequence[str] | None,
    secrets_from: Sequence[str] | None,
    secret_files: Sequence[str] | None,
) -> "dict[str, Value]":
    """Return what fields were filled with, by name; whoever takes it checks it. Raises InvalidRequest."""
    from pynomaly.domain.errors import InvalidRequest

    values: dict[str, Value] = {}
    given = [
        *((name, _typed(_field(kind, name), text)) for name, text in _pairs("--set", settings)),
        *((name, _from_variable(kind, name, variable)) for name, variable in _pairs("--secret-from", secrets_from)),
        *((name, _from_file(kind, name, path)) for name, path in _pairs("--secret-file", secret_files)),
        *((name, _asked_for(session, _field(kind, name))) for name in secrets or ()),
    ]
    for name, value in given:
        if name in values:
            raise InvalidRequest(f"'{name}' was given twice; give it once")
        values[name] = value
    return values


def _pairs(option: str, texts: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    from pynomaly.domain.errors import InvalidRequest

    for text in texts or ():
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise InvalidRequest(f"{option} takes NAME=…, not a single word")
        yield name, value


def _field(kind: "ConnectionKind", name: str) -> "Field":
    from pynomaly.domain.errors import InvalidRequest, did_you_mean

    for field in kind.fields:
        if field.name == name:
            return field
    known = [field.name for field in kind.fields]
    raise InvalidRequest(f"{kind.name} takes {', '.join(known)}, not '{name[:100]}'{did_you_mean(name, known)}")


def _typed(field: "Field", text: str) -> "Value":
    """Return a text as its field's type; what fits no type is left to the check."""
    from pynomaly.domain.connection import FieldType
    from pynomaly.domain.errors import InvalidRequest

    if field.is_secret:
        raise InvalidRequest(
            f"'{field.name}' is secret and would stay in the shell's history; use --secret {field.name}"
        )
    if field.type is FieldType.NUMBER and text.lstrip("-").isdecimal():
        return int(text)
    if field.type is FieldType.FLAG and text.lower() in FLAGS:
        return FLAGS[text.lower()]
    return text


def _from_variable(kind: "ConnectionKind", name: str, variable: str) -> str:
    from pynomaly.domain.errors import InvalidRequest

    _field(kind, name)
    if not os.environ.get(variable):
        raise InvalidRequest(f"the environment variable {variable} is not set, so there is nothing for '{name}'")
    return os.environ[variable]


def _from_file(kind: "ConnectionKind", name: str, path: str) -> str:
    from pynomaly.domain.errors import UnreadableFile

    _field(kind, name)
    if path == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        return Path(path).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UnreadableFile(f"'{path}' cannot be read: {reason}") from error


def _asked_for(session: "Session", field: "Field") -> str:
    from pynomaly.domain.errors import InvalidRequest

    if not (session.may_ask and sys.stdin.isatty()):
        raise InvalidRequest(
            f"nobody is there to type '{field.name}'; use --secret-from {field.name}=VARIABLE or --secret-file"
        )
    return str(typer.prompt(field.name, hide_input=True, err=True))
