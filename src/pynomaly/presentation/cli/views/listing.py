"""Lists and single objects in any format: figures in full for programs, in words for people."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pynomaly.presentation.cli.streams import tell, width, write_result
from pynomaly.presentation.cli.views.formats import Field, Format, as_csv, as_json, as_json_lines, as_markdown, as_table

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue


def write_list(
    form: Format,
    records: "Sequence[Mapping[str, JsonValue]]",
    fields: Sequence[Field],
    rows: Sequence[Sequence[str]],
    *,
    when_empty: str,
) -> None:
    """Write a list: `records` to programs, `rows` under `fields` to people."""
    match form:
        case Format.JSON:
            write_result(as_json([dict(record) for record in records]))
        case Format.NDJSON:
            write_result(as_json_lines(records))
        case Format.CSV:
            write_result(_records_as_csv(records))
        case Format.MARKDOWN:
            write_result(as_markdown(fields, rows))
        case Format.TABLE if rows:
            write_result(as_table(fields, rows, width()))
        case Format.TABLE:
            tell(when_empty)


def write_object(form: Format, record: "Mapping[str, JsonValue]", facts: Sequence[tuple[str, str]]) -> None:
    """Write one object: `record` to programs, `facts` as pairs of name and value to people."""
    match form:
        case Format.JSON:
            write_result(as_json(dict(record)))
        case Format.NDJSON:
            write_result(as_json_lines([record]))
        case Format.CSV:
            write_result(_records_as_csv([record]))
        case Format.MARKDOWN:
            write_result(as_markdown([Field("what"), Field("value")], facts))
        case Format.TABLE:
            length = max(len(name) for name, _ in facts)
            write_result("".join(f"{name:<{length}}  {value}\n" for name, value in facts))


def time_in_words(at: datetime) -> str:
    """Return a moment in the reader's own time zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def time_as_json(at: datetime) -> str:
    """Return a moment in UTC."""
    return at.astimezone(UTC).isoformat()


def _records_as_csv(records: "Sequence[Mapping[str, JsonValue]]") -> str:
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = [[_cell(record.get(name)) for name in names] for record in records]
    is_figure = [all(isinstance(record.get(name), int | float | None) for record in records) for name in names]
    return as_csv([Field(name, figure) for name, figure in zip(names, is_figure, strict=True)], rows)


def _cell(value: "JsonValue") -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
