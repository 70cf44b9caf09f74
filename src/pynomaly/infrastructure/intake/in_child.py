"""Taking rows in within a process of its own: for sources of strangers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias, cast

from pynomaly.application.ports.intake import TakenIn
from pynomaly.application.ports.tables import STANDARD_INPUT
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import InvalidRequest, UnreadableFile

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

RunTask: TypeAlias = Callable[[Mapping[str, JsonValue]], JsonValue]
"""Runs the reading task in a child and returns what it came to; raises what it raised."""


@dataclass(frozen=True, slots=True)
class InChildIntake:
    """Has a child read a file and keep its rows in `tables_folder`; only what they are comes back."""

    run: RunTask
    tables_folder: Path

    def take_in(
        self, source: object, *, name: str, roles: Mapping[str, ColumnRole], kinds: Mapping[str, ColumnKind]
    ) -> TakenIn:
        """Keep the rows of the file at the path `source`.

        Raises what reading and storing raise, InvalidRequest for a source that is no file.
        """
        if not isinstance(source, str | PathLike) or source == STANDARD_INPUT:
            raise InvalidRequest("only a file can be read in a process of its own.")
        found = self.run(
            {
                "path": fspath(source),
                "name": name,
                "roles": {column: role.value for column, role in roles.items()},
                "kinds": {column: kind.value for column, kind in kinds.items()},
                "tables": str(self.tables_folder),
            }
        )
        return taken_in_from_json(found)


def taken_in_to_json(taken: TakenIn) -> dict[str, JsonValue]:
    """Return what is known of rows, as plain JSON."""
    return {
        "fingerprint": taken.fingerprint,
        "columns": [[one.name, one.kind.value, one.role.value, one.note] for one in taken.columns],
        "n_rows": taken.n_rows,
        "notes": list(taken.notes),
    }


def taken_in_from_json(found: JsonValue) -> TakenIn:
    """Return what `taken_in_to_json` was given, as far as it makes sense.

    Raises UnreadableFile where it makes none: whoever reads a hostile file may say anything.
    """
    try:
        return _taken_in(cast(dict[str, Any], found))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile("whoever read this file gave no sensible account of it; is it damaged?") from error


def _taken_in(found: dict[str, Any]) -> TakenIn:
    fingerprint, n_rows, notes = found["fingerprint"], found["n_rows"], found["notes"]
    columns = tuple(
        Column(_text(name), ColumnKind(kind), ColumnRole(role), _text(note))
        for name, kind, role, note in found["columns"]
    )
    if not _FINGERPRINT.fullmatch(fingerprint) or type(n_rows) is not int or n_rows < 1 or not columns:
        raise ValueError(fingerprint, n_rows)
    return TakenIn(fingerprint, columns, n_rows, tuple(map(_text, notes)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
