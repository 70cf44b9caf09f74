"""What is typed to fill the fields of a connection: settings as they are, secrets never on the command line."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias

import typer

from pynomaly.presentation.cli.typed_choices import fields_from

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
UnsetOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--unset", metavar="NAME", help="Empty a field, secret or not; repeatable.")
]


class Typed(NamedTuple):
    """What fields are to hold, by name; None empties one."""

    settings: "dict[str, Value | None]"
    secrets: dict[str, str | None]


def typed(
    session: "Session",
    kind: "ConnectionKind",
    *,
    settings: Sequence[str] | None,
    unset: Sequence[str] | None = None,
    secrets: Sequence[str] | None,
    secrets_from: Sequence[str] | None,
    secret_files: Sequence[str] | None,
) -> Typed:
    """Return what was typed; whoever takes it checks it. Raises InvalidRequest, UnreadableFile."""
    _require_not_told(kind, settings)
    filled = Typed({**fields_from(settings, kind.fields, "--set")}, {})
    given: list[tuple[str, str | None]] = [
        *((name, _from_variable(kind, name, variable)) for name, variable in _pairs("--secret-from", secrets_from)),
        *((name, _from_file(kind, name, path)) for name, path in _pairs("--secret-file", secret_files)),
        *((name, _asked_for(session, _field(kind, name))) for name in secrets or ()),
        *((name, None) for name in unset or ()),
    ]
    for name, value in given:
        _add(filled, kind, name, value)
    return filled


def _add(filled: Typed, kind: "ConnectionKind", name: str, value: str | None) -> None:
    from pynomaly.domain.errors import InvalidRequest

    if name in filled.settings or name in filled.secrets:
        raise InvalidRequest(f"'{name}' was given twice; give it once")
    if value is None and not _field(kind, name).is_secret:
        filled.settings[name] = None
    else:
        filled.secrets[name] = value


def _require_not_told(kind: "ConnectionKind", settings: Sequence[str] | None) -> None:
    from pynomaly.domain.errors import InvalidRequest

    for name in (text.partition("=")[0] for text in settings or ()):
        if name in kind.secret_names():
            raise InvalidRequest(f"'{name}' is secret and would stay in the shell's history; use --secret {name}")


def _pairs(option: str, texts: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    from pynomaly.domain.errors import InvalidRequest

    for text in texts or ():
        name, _, place = text.partition("=")
        if not (name and place):
            raise InvalidRequest(f"{option} takes NAME=PLACE: where the secret is, not the secret itself")
        yield name, place


def _field(kind: "ConnectionKind", name: str) -> "Field":
    from pynomaly.domain.errors import InvalidRequest, did_you_mean

    for field in kind.fields:
        if field.name == name:
            return field
    known = [field.name for field in kind.fields]
    raise InvalidRequest(f"{kind.name} takes {', '.join(known)}, not '{name[:100]}'{did_you_mean(name, known)}")


def _from_variable(kind: "ConnectionKind", name: str, variable: str) -> str:
    from pynomaly.domain.errors import InvalidRequest

    _field(kind, name)
    if not os.environ.get(variable):
        raise InvalidRequest(f"the environment has no variable of the name given for '{name}'; export it first")
    return os.environ[variable]


def _from_file(kind: "ConnectionKind", name: str, path: str) -> str:
    from pynomaly.domain.errors import UnreadableFile

    _field(kind, name)
    if path == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        with Path(path).open(encoding="utf-8") as stream:
            return stream.readline().rstrip("\r\n")
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
