"""`pynomaly detect --dry-run`: how the table would be read, before anything is learned, stored or written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.views.dataset_view import column_as_json, column_as_row
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list
from pynomaly.presentation.cli.words.cell_text import quoted, shown
from pynomaly.presentation.cli.words.figures import count

if TYPE_CHECKING:
    from pynomaly.application.ports.tables import Table
    from pynomaly.domain.columns import Column


def write_plan(table: "Table", by: str, form: Format) -> None:
    """Write how many rows would be looked at by what, and what each column would be used for."""
    if form is Format.TABLE:
        write_result(f"Would look at {count(table.n_rows)} rows with {shown(by)}{_learned(table.columns)}.\n\n")
    write_list(
        form,
        [column_as_json(column) for column in table.columns],
        [Field("column"), Field("kind"), Field("role"), Field("note")],
        [column_as_row(column) for column in table.columns],
        when_empty="This table has no columns.",
    )
    for note in table.notes:
        tell(f"note: {note}")


def _learned(columns: "Sequence[Column]") -> str:
    names = [quoted(column.name) for column in columns if column.is_feature]
    if not names:
        return ", but no column can be learned from"
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f", learning from {', '.join(names[:5])}{more}"
