"""Rows in any of the formats: an aligned table for people, the rest for programs and documents."""

import csv
import io
import json
import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import FORMULA_STARTS
from pynomaly.presentation.words.cell_text import harmless

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue

GAP = "  "
NARROWEST_LAST_COLUMN = 24
UNBROKEN = re.compile(r" (?=[%·–] ?)|(?<=–) ")


class Format(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a listing: its heading, and whether it holds figures, which stand right-aligned."""

    name: str
    is_figure: bool = False


def as_json(value: "JsonValue") -> str:
    """Return indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


def as_json_lines(values: "Sequence[Mapping[str, JsonValue]]") -> str:
    """Return one JSON object per line."""
    return "".join(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n" for value in values)


def as_csv(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> str:
    """Return CSV with a heading line; text a spreadsheet would take for a formula gets an apostrophe in front."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields])
    for row in rows:
        writer.writerow(
            [cell if field.is_figure else _no_formula(cell) for field, cell in zip(fields, row, strict=True)]
        )
    return text.getvalue()


def as_markdown(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; what would be markup in a cell is escaped."""
    lines = [
        [_no_markup(field.name) for field in fields],
        ["---:" if field.is_figure else "---" for field in fields],
        *[[_no_markup(cell) for cell in row] for row in rows],
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_table(fields: Sequence[Field], rows: Sequence[Sequence[str]], width: int) -> str:
    """Return aligned columns under their headings; the last column wraps within the width."""
    cells = [[harmless(cell) for cell in row] for row in rows]
    widths = [
        max(display_width(text) for text in (field.name, *(row[i] for row in cells))) for i, field in enumerate(fields)
    ]
    left = sum(widths[:-1]) + len(GAP) * (len(fields) - 1)
    last = max(NARROWEST_LAST_COLUMN, width - left)
    return "".join(
        _line(fields, line, widths, left if left + NARROWEST_LAST_COLUMN <= width else len(GAP), last)
        for line in [[field.name for field in fields], *cells]
    )


def display_width(text: str) -> int:
    """Return how many columns of a terminal some text takes; East Asian wide characters take two."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _line(fields: Sequence[Field], cells: Sequence[str], widths: Sequence[int], indent: int, last: int) -> str:
    aligned = [
        _aligned(cell, width, right=field.is_figure)
        for field, cell, width in zip(fields[:-1], cells[:-1], widths[:-1], strict=True)
    ]
    wrapped = _wrapped(cells[-1], last)
    if fields[-1].is_figure:
        wrapped = [_aligned(cells[-1], widths[-1], right=True)]
    lines = [GAP.join([*aligned, wrapped[0]]), *(" " * indent + more for more in wrapped[1:])]
    return "".join(line.rstrip() + "\n" for line in lines)


def _wrapped(text: str, width: int) -> list[str]:
    """Break text into lines, never between a figure and its sign or before a dot that separates."""
    kept = UNBROKEN.sub("\u00a0", text)
    return [line.replace("\u00a0", " ") for line in textwrap.wrap(kept, width, break_on_hyphens=False)] or [""]


def _aligned(text: str, width: int, *, right: bool) -> str:
    padding = " " * (width - display_width(text))
    return padding + text if right else text + padding


def _no_formula(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _no_markup(text: str) -> str:
    escaped = "".join("\\" + c if c in "\\`*_{}[]<>|#~" else c for c in harmless(text))
    return escaped.replace("&", "&amp;")
