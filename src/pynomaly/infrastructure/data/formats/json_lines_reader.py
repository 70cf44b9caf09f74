"""Reading JSON: one object per line, or one array of objects.

A key that some rows lack is null there. Objects and lists inside a row stay one column: as Arrow structs or lists
where all rows agree on their shape, else as JSON text.
"""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.content.text_encoding import as_utf8, encoding_of
from pynomaly.infrastructure.data.formats.json_cells import table_of_cells
from pynomaly.infrastructure.data.limits import MAX_CELLS, MAX_COLUMNS
from pynomaly.infrastructure.data.raw_table import RawTable

_HEAD_BYTES = 64 * 1024


def read(source: ByteSource) -> RawTable:
    """Read every row, each a JSON object.

    Raises UnreadableFile naming the line that is not.
    """
    encoding = encoding_of(source.head(_HEAD_BYTES), name=source.name)
    notes = [encoding.note] if encoding.note else []
    try:
        rows, keys = _gathered(_rows(as_utf8(source, encoding)), source.name)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"'{source.name}' is not UTF-8, which JSON has to be; save it again as UTF-8.") from error
    try:
        raw = table_of_cells(keys, ([row.get(key) for row in rows] for key in keys))
    except RecursionError as error:
        raise UnreadableFile(f"'{source.name}' nests its objects or lists too deep; write them flat.") from error
    return replace(raw, notes=(*notes, *raw.notes))


def _gathered(rows: Iterable[dict[str, Any]], name: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return all rows, and their keys in the order they came. Raises UnreadableFile as soon as they are too many."""
    gathered: list[dict[str, Any]] = []
    keys: dict[str, None] = {}
    for row in rows:
        gathered.append(row)
        if not row.keys() <= keys.keys():
            keys.update(dict.fromkeys(row))
        if len(keys) > MAX_COLUMNS:
            raise UnreadableFile(f"'{name}' has {len(keys)} keys or more; at most {MAX_COLUMNS} columns can be read.")
    if len(gathered) * len(keys) > MAX_CELLS:
        raise UnreadableFile(
            f"'{name}' has {len(gathered)} rows and {len(keys)} keys, more than {MAX_CELLS} cells; split it."
        )
    return gathered, list(keys)


def _rows(source: ByteSource) -> Iterator[dict[str, Any]]:
    with source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig") as text:
        line = 1
        while (first := text.read(1)).isspace():
            line += first == "\n"
        if first == "[":
            yield from _array(first + text.read(), source.name)
        else:
            rest = first + text.readline()
            yield from _lines(chain([rest], text), line, source.name)


def _array(text: str, name: str) -> Iterator[dict[str, Any]]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"'{name}' is not valid JSON ({error}).") from error
    for position, item in enumerate(items, start=1):
        yield _object(item, f"item {position} of '{name}'")


def _lines(lines: Iterable[str], first_number: int, name: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=first_number):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(
                f"line {number} of '{name}' is not a JSON object ({error}); every line must hold a whole one."
            ) from error
        yield _object(item, f"line {number} of '{name}'")


def _object(item: object, where: str) -> dict[str, Any]:
    if isinstance(item, dict):
        return item
    raise UnreadableFile(f'The {where} is not a JSON object with named fields; write rows as {{"name": value}}.')
