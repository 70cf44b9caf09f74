"""Taking rows in within a process of its own: for sources of strangers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, cast

from pynomaly.application.ports.intake import TakenIn
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole

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
        """Keep the rows of the file at the path `source`. Raises what reading and storing raise."""
        found = self.run(
            {
                "path": str(source),
                "name": name,
                "roles": {column: role.value for column, role in roles.items()},
                "kinds": {column: kind.value for column, kind in kinds.items()},
                "tables": str(self.tables_folder),
            }
        )
        return taken_in_from_json(cast(dict[str, Any], found))


def taken_in_to_json(taken: TakenIn) -> dict[str, JsonValue]:
    """Return what is known of rows, as plain JSON."""
    return {
        "fingerprint": taken.fingerprint,
        "columns": [[one.name, one.kind.value, one.role.value, one.note] for one in taken.columns],
        "n_rows": taken.n_rows,
        "notes": list(taken.notes),
    }


def taken_in_from_json(found: dict[str, Any]) -> TakenIn:
    """Return what `taken_in_to_json` was given."""
    columns = (Column(name, ColumnKind(kind), ColumnRole(role), note) for name, kind, role, note in found["columns"])
    return TakenIn(str(found["fingerprint"]), tuple(columns), int(found["n_rows"]), tuple(found["notes"]))
