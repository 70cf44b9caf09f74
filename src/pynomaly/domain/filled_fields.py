"""What the fields of a connection hold: settings, which may be shown, and secrets, which stay where they belong."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from pynomaly.domain.connection import ConnectionKind, Value
from pynomaly.domain.errors import InvalidRequest

_KEPT = "x"  # stands for a secret that stays sealed and is not looked at


class Connection(Protocol):
    """What channels and sources have in common.

    noun: what people call one.  kind: of connection.  settings: its fields that are not secret.
    secret_names: those that are, as far as they hold something, in their order.
    """

    noun: ClassVar[str]

    @property
    def id(self) -> str: ...  # noqa: D102 - see the class
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def settings(self) -> Mapping[str, Value]: ...  # noqa: D102
    @property
    def secret_names(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def created_by(self) -> str: ...  # noqa: D102
    @property
    def created_at(self) -> datetime: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Filled:
    """Checked, with defaults. secrets: those that were given.  secret_names: of all that hold something, in order."""

    settings: dict[str, Value]
    secrets: dict[str, str] = field(repr=False)
    secret_names: tuple[str, ...]


def filled(kind: ConnectionKind, settings: Mapping[str, object], secrets: Mapping[str, object]) -> Filled:
    """Return what a new connection holds.

    Raises InvalidRequest, also for a secret among the settings: there it would be shown to everybody.
    """
    return _checked(kind, settings, secrets, kept=())


def refilled(
    kind: ConnectionKind, before: Connection, settings: Mapping[str, object], secrets: Mapping[str, object]
) -> Filled:
    """Return what a connection holds after an edit: what is left out stays, what is given as None goes.

    Raises InvalidRequest, also where the connection would lead elsewhere and a secret is not given anew: whoever may
    edit it could otherwise have that secret sent to a place of their own.
    """
    kept = [name for name in before.secret_names if name not in secrets]
    after = _checked(kind, {**before.settings, **settings}, secrets, kept)
    for moved in _moved(kind, before, after, secrets):
        others = " and ".join(f"'{name}'" for name in kept)
        if others:
            raise InvalidRequest(
                f"'{moved}' says where the {before.noun} leads: give {others} anew; "
                "a secret goes nowhere but where it was given for"
            )
    return after


def _checked(
    kind: ConnectionKind, settings: Mapping[str, object], secrets: Mapping[str, object], kept: Collection[str]
) -> Filled:
    secret = kind.secret_names()
    _require_apart(kind, settings, secrets)
    values = kind.checked(_held(settings) | _held(secrets) | dict.fromkeys(kept, _KEPT))
    return Filled(
        settings={name: value for name, value in values.items() if name not in secret},
        secrets={name: str(value) for name, value in values.items() if name in secret and name not in kept},
        secret_names=tuple(name for name in values if name in secret),
    )


def _require_apart(kind: ConnectionKind, settings: Mapping[str, object], secrets: Mapping[str, object]) -> None:
    secret = kind.secret_names()
    for name in settings.keys() & secret:
        raise InvalidRequest(f"'{name}' is secret: give it among the secrets, not among the settings")
    for name in sorted(secrets.keys() - secret):
        takes = ", ".join(sorted(secret)) or "none"
        raise InvalidRequest(f"'{name[:100]}' is no secret of {kind.name}; its secrets: {takes}")


def _held(given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value is not None}


def _moved(kind: ConnectionKind, before: Connection, after: Filled, secrets: Mapping[str, object]) -> Iterator[str]:
    """Yield the places that an edit changes; a secret one that is given is not compared with what is sealed."""
    for each in kind.fields:
        is_new = before.settings.get(each.name, each.default) != after.settings.get(each.name)
        if each.is_place and (each.name in secrets if each.is_secret else is_new):
            yield each.name
