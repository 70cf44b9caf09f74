"""How people point at things: by id, by name, or by the first characters of an id."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, func, select

from pynomaly.domain.errors import AlreadyExists, InvalidRequest, NotFound, StaleWrite, did_you_mean
from pynomaly.infrastructure.persistence.column_types import Text
from pynomaly.infrastructure.persistence.transaction import Transaction

SHORTEST_PREFIX = 8
Subject = TypeVar("Subject")


def one_of(found: Sequence[Subject], noun: str) -> Subject:
    """Return the only subject found. Raises NotFound if it went away since its id was looked up."""
    if not found:
        raise NotFound(f"the {noun} was deleted meanwhile")
    return found[0]


@contextmanager
def taking_name(what: str) -> Iterator[None]:
    """Say AlreadyExists where somebody else took the same name a moment before."""
    try:
        yield
    except StaleWrite:
        raise AlreadyExists(f"there is a {what} already; choose another name or delete it first") from None


def id_of(transaction: Transaction, table: FromClause, wanted: str, *, noun: str) -> str:
    """Return the id of the row that `wanted` names: its id, its exact name or 8 characters or more of its id.

    Ids come first: what is stored refers to them, and no name may come between.
    Raises NotFound with the closest name, InvalidRequest listing the matches if a prefix fits several.
    """
    named = _ids(transaction, table, table.c.id == wanted) or _ids(transaction, table, table.c.name == wanted)
    if named:
        return named[0]
    found = _ids_by_prefix(transaction, table, wanted, noun=noun)
    if found is not None:
        return found
    names = transaction.read(select(table.c.name).where(transaction.own(table)), lambda row: str(row.name))
    hint = did_you_mean(wanted, names) or f"; `pynomaly {noun} list` shows them all"
    raise NotFound(f"there is no {noun} '{wanted}'{hint}")


def id_of_nameless(transaction: Transaction, table: FromClause, wanted: str, *, noun: str) -> str:
    """Return the id of a row that has no name: `wanted` is its id or 8 characters or more of it.

    Raises NotFound, InvalidRequest as `id_of` does.
    """
    exact = _ids(transaction, table, table.c.id == wanted)
    found = exact[0] if exact else _ids_by_prefix(transaction, table, wanted, noun=noun)
    if found is None:
        raise NotFound(f"there is no {noun} '{wanted}'; `pynomaly {noun} list` shows them all")
    return found


def _ids_by_prefix(transaction: Transaction, table: FromClause, wanted: str, *, noun: str) -> str | None:
    if len(wanted) < SHORTEST_PREFIX:
        return None
    matches = _ids(transaction, table, func.substr(table.c.id, 1, len(wanted), type_=Text) == wanted.lower())
    if len(matches) > 1:
        raise InvalidRequest(f"'{wanted}' fits {len(matches)} {noun}s: {_listed(matches)}; give more characters")
    return matches[0] if matches else None


def _ids(transaction: Transaction, table: FromClause, condition: ColumnElement[Any]) -> list[str]:
    query = select(table.c.id).where(transaction.own(table), condition).order_by(table.c.id)
    return transaction.read(query, lambda row: str(row.id))


def _listed(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:5])
    return shown if len(ids) <= 5 else f"{shown}, …"
