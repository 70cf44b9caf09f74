"""The secrets of channels and sources: sealed in a place of their own, opened for whoever is about to use them."""

from collections.abc import Container

from pynomaly.application.ports.persistence import UnitOfWork
from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.domain.errors import SealBroken
from pynomaly.domain.filled_fields import Connection, Filled


def owner_of(connection: Connection) -> SecretOwner:
    """Return whom a connection's secrets belong to."""
    return SecretOwner(connection.noun, connection.id)


def keep_secrets(work: UnitOfWork, before: Connection, after: Filled) -> None:
    """Seal the secrets that were given and forget those that are gone; the others stay as they are."""
    for name in before.secret_names:
        if name not in after.secret_names:
            work.secrets.forget(owner_of(before), name)
    for name, secret in after.secrets.items():
        work.secrets.put(owner_of(before), name, secret)


def forget_secrets(work: UnitOfWork, connection: Connection) -> None:
    """Delete every secret of a connection."""
    if connection.secret_names:
        work.secrets.forget(owner_of(connection))


def revealed(work: UnitOfWork, connection: Connection, *, but: Container[str] = ()) -> dict[str, str]:
    """Return the secrets of a connection, but for some. Raises SealBroken where one cannot be opened or is gone."""
    return {name: _revealed(work, connection, name) for name in connection.secret_names if name not in but}


def _revealed(work: UnitOfWork, connection: Connection, name: str) -> str:
    secret = work.secrets.reveal(owner_of(connection), name)
    if secret is None:
        raise SealBroken(f"'{name}' of {connection.noun} '{connection.name}' is gone; set it anew")
    return secret
