"""CSV and its relatives, block by block: first what each column is, then the rows; the same table as read whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.blocks.cell_facts import (
    PARSING,
    PATTERNS,
    TYPES,
    CellKind,
    Checks,
    as_kind,
    parsed_kind,
    plain_kind,
    still_holding,
)
from pynomaly.infrastructure.data.blocks.row_blocks import RowBlocks
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.content.text_encoding import as_utf8, encoding_of, whole_file_encoding
from pynomaly.infrastructure.data.formats.csv_plan import CsvPlan, plan_of
from pynomaly.infrastructure.data.formats.csv_reader import (
    CAREFUL_BLOCK_BYTES,
    FAST_BLOCK_BYTES,
    IrregularFile,
    has_line_breaks,
    options_of,
)
from pynomaly.infrastructure.data.formats.csv_rewriting import rewritten
from pynomaly.infrastructure.data.limits import SNIFFED_BYTES


@dataclass(frozen=True, slots=True)
class _Parsing:
    """A way to read the file as text. is_fast: line breaks inside of cells are not believed."""

    source: ByteSource
    plan: CsvPlan
    is_fast: bool

    def tables(self) -> Iterator[pa.Table]:
        """Yield the rows, every column as text. Raises IrregularFile, UnicodeDecodeError, UnreadableFile."""
        try:
            with self.source.open() as stream, pyarrow.csv.open_csv(stream, **self._options()) as reader:
                for batch in reader:
                    table = pa.Table.from_batches([batch])
                    if self.is_fast and has_line_breaks(table):
                        raise IrregularFile
                    yield table
        except pa.ArrowInvalid as error:
            raise self._meaning(error) from error

    def _options(self) -> dict[str, object]:
        as_text = replace(self.plan, text_columns=frozenset(self.plan.names))
        return options_of(as_text, block_bytes=FAST_BLOCK_BYTES if self.is_fast else CAREFUL_BLOCK_BYTES)

    def _meaning(self, error: pa.ArrowInvalid) -> Exception:
        if "UTF8" in str(error):
            return UnicodeDecodeError("utf-8", b"", 0, 1, "a cell beyond the sampled beginning")
        if self.is_fast:
            return IrregularFile()
        reason = str(error).splitlines()[0][:120]
        return UnreadableFile(f"'{self.source.name}' cannot be read as CSV ({reason}); is it a table of rows?")


@contextmanager
def csv_blocks(source: ByteSource, folder: Path) -> Iterator[RowBlocks]:
    """Read delimited text as `csv_reader` does; what has to be written anew goes to the folder.

    Raises UnreadableFile, EmptyDataset.
    """
    encoding = encoding_of(source.head(SNIFFED_BYTES), name=source.name)
    try:
        blocks = _blocks(as_utf8(source, encoding, folder / "as_utf8"), folder, encoding.note)
    except UnicodeDecodeError:
        late = whole_file_encoding(source)
        blocks = _blocks(as_utf8(source, late, folder / "as_utf8_after_all"), folder, late.note)
    yield blocks


def _blocks(source: ByteSource, folder: Path, encoding_note: str) -> RowBlocks:
    plan = plan_of(source)
    notes = [encoding_note] if encoding_note else []
    notes.extend(plan.notes)
    try:
        parsing = _fast(source, plan)
        kinds, cell_notes = _kinds(parsing)
    except IrregularFile:
        parsing, more = _careful(source, plan, folder)
        notes.extend(more)
        kinds, cell_notes = _kinds(parsing)
    if plan.has_decimal_comma:
        notes.append(f"Numbers in {source.name} are written with a decimal comma.")
    schema = pa.schema([(name, TYPES[kind]) for name, kind in kinds.items()])
    tables = (_settled(table, kinds, schema) for table in parsing.tables())
    return RowBlocks(schema, tables, (*notes, *cell_notes))


def _fast(source: ByteSource, plan: CsvPlan) -> _Parsing:
    if not plan.is_regular:
        raise IrregularFile
    return _Parsing(source, plan, is_fast=True)


def _careful(source: ByteSource, plan: CsvPlan, folder: Path) -> tuple[_Parsing, list[str]]:
    regular, notes = rewritten(source, plan, folder / "rewritten")
    plain = replace(plan, dialect=replace(plan.dialect, delimiter=","), first_line=1, has_quotes=True)
    return _Parsing(regular, plain, is_fast=False), notes


def _kinds(parsing: _Parsing) -> tuple[dict[str, CellKind], list[str]]:
    """Return what becomes of each column, in order, and notes."""
    plan = parsing.plan
    comma = plan.has_decimal_comma
    checks: dict[str, Checks] = {name: PATTERNS if name in plan.text_columns else PARSING for name in plan.names}
    holding = _holding(parsing, checks)
    parsed = {
        name: parsed_kind(holding[name], has_decimal_comma=comma) for name in plan.names if checks[name] is PARSING
    }
    mistaken: dict[str, Checks] = {name: PATTERNS for name, kind in parsed.items() if kind is None}
    if mistaken:
        holding |= _holding(parsing, mistaken)
    plain = {
        name: plain_kind(holding[name], has_decimal_comma=comma) for name in plan.names if parsed.get(name) is None
    }
    kinds = {name: parsed.get(name) or plain[name][0] for name in plan.names}
    return kinds, [f"Column '{name}' {note}" for name, (_, note) in plain.items() if note]


def _holding(parsing: _Parsing, checks: dict[str, Checks]) -> dict[str, frozenset[str]]:
    """Go through the rows once; return which checks hold of every cell of each column."""
    holding = {name: frozenset(asked.questions) for name, asked in checks.items()}
    for table in parsing.tables():
        holding = {name: still_holding(held, checks[name], table.column(name)) for name, held in holding.items()}
    return holding


def _settled(table: pa.Table, kinds: dict[str, CellKind], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_arrays([as_kind(table.column(name), kind) for name, kind in kinds.items()], schema=schema)
