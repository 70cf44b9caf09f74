"""The database's own clock, the only one that leases are held against: seconds since 1970, at this statement."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class DatabaseNow(FunctionElement[float]):
    """Now, as the database says, in seconds. PostgreSQL's `now()` would stand still within a transaction."""

    type = Float(53)
    inherit_cache = True
    name = "database_now"


@compiles(DatabaseNow, "postgresql")
def _in_postgresql(_element: DatabaseNow, _compiler: Any, **_: Any) -> str:
    return "extract(epoch from statement_timestamp())::double precision"


@compiles(DatabaseNow, "sqlite")
def _in_sqlite(_element: DatabaseNow, _compiler: Any, **_: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"
