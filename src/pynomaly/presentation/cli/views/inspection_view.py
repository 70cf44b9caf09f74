"""One row in depth as a page of text: the sentence, its cells, what would make it normal, the rows around it."""

import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pynomaly.presentation.cli.streams import bold, width
from pynomaly.presentation.cli.views.formats import Field, Format, as_csv, as_json, as_json_lines, as_markdown, as_table
from pynomaly.presentation.cli.views.inspection_json import inspection_as_json
from pynomaly.presentation.words.anomaly_words import anomaly_in_words, compared_in_words, counterfactual_in_words
from pynomaly.presentation.words.cell_text import named, quoted, shown
from pynomaly.presentation.words.figures import count, score_figure, severity_figure
from pynomaly.presentation.words.findings_words import typical_in_words

if TYPE_CHECKING:
    from pynomaly.domain.inspection import InspectedCell, Inspection, NearRow, SimilarRow

MOST_CELLS = 12  # on a page; files and programs get all
MOST_DIFFERENCES = 4
DIFFERS = 0.1  # of what counts as far: less is told by the distance alone


def inspection_as_text(inspection: "Inspection", form: Format) -> str:
    """Return an inspection in the format asked for; CSV and Markdown hold the cells."""
    match form:
        case Format.JSON:
            return as_json(inspection_as_json(inspection))
        case Format.NDJSON:
            return as_json_lines([inspection_as_json(inspection)])
        case Format.CSV:
            return as_csv(*_cells(_in_order(inspection)))
        case Format.MARKDOWN:
            return as_markdown(*_cells(_in_order(inspection)))
        case Format.TABLE:
            return _page(inspection)


def _page(inspection: "Inspection") -> str:
    parts = [
        bold(_wrapped(anomaly_in_words(inspection.anomaly, inspection)), sys.stdout) + "\n",
        _cells_on_a_page(inspection),
        f"Place {count(inspection.rank)} of {count(inspection.n_rows)} by score.\n",
        _wrapped(counterfactual_in_words(inspection)) + "\n",
    ]
    around = inspection.around
    if around.nearest:
        table = as_table(*_near_rows(around.nearest), width())
        parts.append(f"Nearest {compared_in_words(around)}:\n\n{table}")
    if around.similar:
        parts.append(f"Anomalies like it:\n\n{as_table(*_similar_rows(around.similar), width())}")
    return "\n".join(parts)


def _wrapped(sentence: str) -> str:
    return textwrap.fill(sentence, width(), break_on_hyphens=False)


def _cells_on_a_page(inspection: "Inspection") -> str:
    cells = _in_order(inspection)
    rest = [cell for cell in cells[MOST_CELLS:] if cell.contribution is not None]
    table = as_table(*_cells(cells[:MOST_CELLS]), width())
    if not rest:
        return table
    added = sum(cell.contribution or 0.0 for cell in rest)
    columns = "1 more column adds" if len(rest) == 1 else f"{count(len(rest))} more columns add"
    return f"{table}{columns} {_signed(added)}\n"


def _in_order(inspection: "Inspection") -> "list[InspectedCell]":
    """Return the cells that add most first, then those that have no part in the score."""
    parts = inspection.contributions
    return [*parts, *(cell for cell in inspection.cells if cell.contribution is None)]


def _cells(cells: "Sequence[InspectedCell]") -> tuple[list[Field], list[list[str]]]:
    fields = [Field("column"), Field("value"), Field("adds", is_figure=True), Field("usually")]
    return fields, [
        [shown(cell.column.name), quoted(cell.value), _signed(cell.contribution), _usually(cell)] for cell in cells
    ]


def _usually(cell: "InspectedCell") -> str:
    if cell.contribution is None and not cell.column.is_feature:
        return f"({cell.column.role.value})"
    return typical_in_words(cell.typical) + (" (never seen so)" if cell.is_new else "")


def _signed(contribution: float | None) -> str:
    if contribution is None:
        return "–"
    return ("+" if contribution > 0 else "") + score_figure(contribution)


def _near_rows(near: "Sequence[NearRow]") -> tuple[list[Field], list[list[str]]]:
    fields, starts = _starts(near)
    fields += [Field("score", is_figure=True), Field("distance", is_figure=True), Field("differs in")]
    return fields, [
        [*start, score_figure(row.score), score_figure(row.distance), _differences(row)]
        for start, row in zip(starts, near, strict=True)
    ]


def _differences(near: "NearRow") -> str:
    unlike = sorted((cell for cell in near.cells if cell.difference >= DIFFERS), key=lambda cell: -cell.difference)
    told = [f"{shown(cell.column)} {quoted(cell.value)}" for cell in unlike[:MOST_DIFFERENCES]]
    more = [f"{len(unlike) - len(told)} more"] if len(unlike) > len(told) else []
    return " · ".join([*told, *more])


def _similar_rows(similar: "Sequence[SimilarRow]") -> tuple[list[Field], list[list[str]]]:
    fields, starts = _starts(similar)
    fields += [Field(name, is_figure=True) for name in ("score", "severity", "distance")] + [Field("for the same")]
    return fields, [
        [
            *start,
            score_figure(row.score),
            severity_figure(row.severity),
            score_figure(row.distance),
            ", ".join(shown(column) for column in row.shared),
        ]
        for start, row in zip(starts, similar, strict=True)
    ]


def _starts(rows: "Sequence[NearRow | SimilarRow]") -> tuple[list[Field], list[list[str]]]:
    """Return how the lines of rows begin: with an identifier only where there is one."""
    if all(row.identifier is None for row in rows):
        return [Field("row", is_figure=True)], [[count(row.row)] for row in rows]
    return [Field("row", is_figure=True), Field("id")], [[count(row.row), named(row.identifier)] for row in rows]
