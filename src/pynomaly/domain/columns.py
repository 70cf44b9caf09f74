"""What a column holds, what it is for, and whether a table fits the columns a detector learned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pynomaly.domain.errors import ColumnMismatch, InvalidRequest, did_you_mean


class ColumnKind(StrEnum):
    """What the values of a column are."""

    NUMBER = "number"
    NUMBER_TEXT = "number_text"  # numbers written as text: "1,234.50", "5 %", "(3.20)", "$4"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    TIME = "time"
    TEXT = "text"
    IDENTIFIER = "identifier"
    CONSTANT = "constant"  # one value throughout, or nothing at all
    NESTED = "nested"  # lists, structs, bytes: carried along, never learned from


class ColumnRole(StrEnum):
    """What a column is used for."""

    FEATURE = "feature"
    IDENTIFIER = "identifier"
    TIME = "time"
    LABEL = "label"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `note` says in a few words what was noticed about it (why it is ignored, how it was read), empty if nothing.
    """

    name: str
    kind: ColumnKind
    role: ColumnRole = ColumnRole.FEATURE
    note: str = ""

    @property
    def is_feature(self) -> bool:
        """Whether a detector may learn from this column (a time column is both axis and feature)."""
        return self.role in (ColumnRole.FEATURE, ColumnRole.TIME)

    def with_role(self, role: ColumnRole) -> "Column":
        """Return the same column in another role."""
        return replace(self, role=role)


def features_of(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns a detector learns from, in table order."""
    return tuple(column for column in columns if column.is_feature)


def identifier_of(columns: Sequence[Column]) -> str | None:
    """Return the name of the first column that names rows, None if none does."""
    return next((column.name for column in columns if column.role is ColumnRole.IDENTIFIER), None)


def left_out(columns: Sequence[Column], *, at_most: int = 8) -> str:
    """Say which columns are not learned from although nobody asked for it, and why; empty if there are none.

    >>> left_out([Column("x", ColumnKind.CONSTANT, ColumnRole.IGNORED, note="always 5")])
    "left out: 'x' (always 5)"
    """
    named = [f"'{column.name}' ({column.note})" for column in columns if column.note and not column.is_feature]
    if not named:
        return ""
    more = f" and {len(named) - at_most} more columns" if len(named) > at_most else ""
    return f"left out: {', '.join(named[:at_most])}{more}"


def require_columns(needed: Sequence[str], present: Sequence[str]) -> None:
    """Check that every needed column name is present; extra columns are fine.

    Raises ColumnMismatch naming each missing column and its closest match.

    >>> require_columns(["amount"], ["amonut", "country"])
    Traceback (most recent call last):
    pynomaly.domain.errors.ColumnMismatch: column 'amount' missing; did you mean 'amonut'?
    """
    there = set(present)
    missing = [name for name in needed if name not in there]
    if not missing:
        return
    wanted = set(needed)
    unused = [name for name in present if name not in wanted]
    more = f" (and {len(missing) - 1} more: {', '.join(missing[1:6])})" if len(missing) > 1 else ""
    raise ColumnMismatch(f"column '{missing[0]}' missing{more}{did_you_mean(missing[0], unused) or '.'}")


def refuse_learned(roles: Mapping[str, ColumnRole], learned: Collection[str]) -> None:
    """Check that no column a detector learned from is now called a label or ignored.

    A detector judged by an answer it has seen looks better than it is, and a column it needs cannot be left out.
    Raises InvalidRequest.
    """
    for name, role in roles.items():
        if name in learned and role in (ColumnRole.LABEL, ColumnRole.IGNORED):
            option = "--label" if role is ColumnRole.LABEL else "--ignore"
            raise InvalidRequest(
                f"column '{name}' cannot be {role.value} any more: this detector learned from it. "
                f"Load its training rows again with {option} {name} and train it on them"
            )
