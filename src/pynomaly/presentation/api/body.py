"""What request bodies are made of: models that take what is documented and nothing else."""

import re
from datetime import datetime
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Strict

_T = TypeVar("_T")

_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)


class Body(BaseModel):
    """The base of every request model: unknown fields are refused, and "1" is not 1.

    Strictness has two exceptions to be named where they are wanted: `Chosen[SomeEnum]` and `Time`. A whole number may
    stand where a float is asked for. Lists are `list`, since JSON has no tuples and no sets.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Chosen: TypeAlias = Annotated[_T, Strict(False)]
"""A member of an enumeration, given by its value."""


def _as_time(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _RFC_3339.fullmatch(value):
        raise ValueError("a time is written like 2026-11-30T12:00:00Z, with its offset")
    return datetime.fromisoformat(value.upper())


Time: TypeAlias = Annotated[AwareDatetime, BeforeValidator(_as_time)]
"""An instant as RFC 3339 writes it, with an offset."""
