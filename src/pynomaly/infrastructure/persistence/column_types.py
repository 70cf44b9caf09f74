"""Column types that mean the same on every database: instants with a time zone, text any driver accepts, whole JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, TypeDecorator

Position = BigInteger().with_variant(Integer, "sqlite")
"""A number the database counts up by itself; SQLite does so for INTEGER only."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: aware datetimes in, aware datetimes out, where the database knows no zones too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as the database takes it. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Text(TypeDecorator[str]):
    """Text without what databases refuse: NUL, and halves of characters as undecodable file names give them."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - its signature
        r"""Return the text with each such character written out, as in \udc80."""
        if value is None:
            return None
        return value.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def json_text(value: Any) -> str:
    """Return JSON in ASCII, so that any text survives. Raises ValueError for NaN and infinity, which JSON lacks."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
