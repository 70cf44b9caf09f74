"""Locks on things that are no rows: held until the transaction ends."""

import hashlib

from sqlalchemy import func, select

from pynomaly.infrastructure.persistence.transaction import Transaction


def hold_subject(transaction: Transaction, subject: str) -> None:
    """Wait until nobody else holds `subject`, then hold it; SQLite's writers hold everything anyway."""
    if transaction.connection.dialect.name != "postgresql":
        return
    transaction.read(select(func.pg_advisory_xact_lock(_number(subject))), lambda row: row)


def try_to_hold_subject(transaction: Transaction, subject: str) -> bool:
    """Hold `subject` unless somebody else does; say whether it is held now."""
    if transaction.connection.dialect.name != "postgresql":
        return True
    lock = select(func.pg_try_advisory_xact_lock(_number(subject)))
    return transaction.read(lock, lambda row: bool(row[0]))[0]


def _number(subject: str) -> int:
    return int.from_bytes(hashlib.sha256(subject.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True)
