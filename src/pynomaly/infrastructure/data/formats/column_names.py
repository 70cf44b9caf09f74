"""Column names that are unique and never empty, changed as little as possible."""

from collections import Counter
from collections.abc import Iterable, Sequence

_SURROUNDING = " \t\r\n\ufeff"
_SHOWN = 8


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return one unique, non-empty name per column, and a note for each sort of change.

    Surrounding blanks go where the name stays unique. Names that differ in any other way, even invisibly,
    are different names.

    >>> unique_names(["a", "a", " b ", ""])[0]
    ['a', 'a_2', 'b', 'column_4']
    """
    trimmed = _trimmed_where_unique(names)
    free = _FreeNames(trimmed)
    seen: set[str] = set()
    result: list[str] = []
    for position, name in enumerate(trimmed, start=1):
        final = free.first(f"column_{position}") if not name else free.numbered(name) if name in seen else name
        seen.add(final)
        result.append(final)
    return result, _notes(trimmed, result)


def numbered_names(n_columns: int) -> list[str]:
    """Return the names of columns that have none: column_1, column_2, …"""
    return [f"column_{position}" for position in range(1, n_columns + 1)]


def _trimmed_where_unique(names: Sequence[str]) -> list[str]:
    stripped = [name.strip(_SURROUNDING) for name in names]
    count = Counter(stripped)
    return [short if count[short] == 1 or not short else name for name, short in zip(names, stripped, strict=True)]


class _FreeNames:
    """Hands out names that nobody has; where it stopped looking is kept, as thousands of columns may share a name."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next_number: Counter[str] = Counter()

    def first(self, name: str) -> str:
        """Return the name itself if it is free."""
        if name in self._taken:
            return self.numbered(name)
        self._taken.add(name)
        return name

    def numbered(self, name: str) -> str:
        """Return the name with the first number from 2 on that makes it free."""
        number = self._next_number[name] or 2
        while f"{name}_{number}" in self._taken:
            number += 1
        self._next_number[name] = number + 1
        self._taken.add(f"{name}_{number}")
        return f"{name}_{number}"


def _notes(before: Sequence[str], after: Sequence[str]) -> list[str]:
    pairs = list(zip(before, after, strict=True))
    unnamed = [new for old, new in pairs if not old]
    repeated = [new for old, new in pairs if old and old != new]
    notes = []
    if unnamed:
        notes.append(f"Columns without a name are called {_listed(unnamed)}.")
    if repeated:
        notes.append(f"Columns that repeat a name are called {_listed(repeated)}.")
    return notes


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"'{name}'" for name in names[:_SHOWN]) + more
