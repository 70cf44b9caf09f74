"""THE TABLE of file formats, and which of them a source holds: its first bytes decide, its name is only compared."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeAlias, cast

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.blocks.row_blocks import RowBlocks
from pynomaly.infrastructure.data.blocks.whole_blocks import whole_blocks
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.content.text_encoding import encoding_of
from pynomaly.infrastructure.data.raw_table import RawTable

_FORMATS = "pynomaly.infrastructure.data.formats"
_BLOCKS = "pynomaly.infrastructure.data.blocks"

_Stream: TypeAlias = Callable[[ByteSource, Path], AbstractContextManager[RowBlocks]]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One row.

    suffixes: usual endings, lower case.  magic: first bytes that announce it; text formats have none.
    reader: "module:function", imported when first needed.  extra: the optional dependency group it needs.  blocks: the
    same for what reads it block by block; without one it is read whole, and has to be small where that matters.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    reader: str
    extra: str | None = None
    blocks: str | None = None

    def read(self, source: ByteSource) -> RawTable:
        """Read the whole source with this format's reader."""
        return cast(Callable[[ByteSource], RawTable], _named(self.reader))(source)

    def stream(self, source: ByteSource, folder: Path) -> AbstractContextManager[RowBlocks]:
        """Read the source block by block; what has to be written anew on the way goes to the folder."""
        if self.blocks is None:
            return whole_blocks(source, self.read, self.title)
        return cast(_Stream, _named(self.blocks))(source, folder)


def _named(place: str) -> object:
    module, function = place.split(":")
    return getattr(import_module(module), function)


CSV = FileFormat(
    "csv",
    "CSV text",
    (".csv", ".tsv", ".tab", ".psv", ".txt", ".dat"),
    (),
    f"{_FORMATS}.csv_reader:read",
    blocks=f"{_BLOCKS}.csv_blocks:csv_blocks",
)
JSON = FileFormat("jsonl", "JSON lines", (".jsonl", ".ndjson", ".json"), (), f"{_FORMATS}.json_lines_reader:read")
PARQUET = FileFormat(
    "parquet",
    "Parquet",
    (".parquet", ".pq"),
    (b"PAR1",),
    f"{_FORMATS}.parquet_reader:read",
    blocks=f"{_BLOCKS}.typed_blocks:parquet_blocks",
)
ARROW = FileFormat(
    "arrow",
    "Arrow",
    (".arrow", ".feather", ".ipc", ".arrows"),
    (b"ARROW1", b"\xff\xff\xff\xff"),
    f"{_FORMATS}.arrow_reader:read",
    blocks=f"{_BLOCKS}.typed_blocks:arrow_blocks",
)
EXCEL = FileFormat(
    "excel",
    "Excel",
    (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),
    f"{_FORMATS}.excel_reader:read",
    extra="excel",
)

FORMATS = (CSV, JSON, PARQUET, ARROW, EXCEL)


_HEAD_BYTES = 4096
_JSON_START = re.compile(r"\s*(\[\s*[\[{\]]|\{\s*[\"}])")
_MARKUP_START = re.compile(r"\s*<(!doctype|html|\?xml)", re.IGNORECASE)

_NOT_READ = (
    (b"PARE", "an encrypted Parquet file; decrypt it first"),
    (b"FEA1", "a Feather file of version 1; write it again as Feather version 2 or Parquet"),
    (b"BZh", "compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "compressed with xz; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"SQLite format 3", "an SQLite database; export the table as CSV or Parquet"),
    (b"\x89HDF", "an HDF5 file; export the table as CSV or Parquet"),
    (b"\x93NUMPY", "a NumPy file; load it with numpy.load and pass the array"),
    (b"%PDF", "a PDF document; export the table as CSV"),
    (b"\x80\x04", "a pickle, which can run code when opened and is never loaded; export it as Parquet"),
    (b"\x80\x05", "a pickle, which can run code when opened and is never loaded; export it as Parquet"),
)


def format_of(source: ByteSource) -> FileFormat:
    """Return the format of unpacked bytes.

    Raises UnreadableFile for a format that is known but not read.
    """
    head = source.head(_HEAD_BYTES)
    for magic, what in _NOT_READ:
        if head.startswith(magic):
            raise UnreadableFile(f"'{source.name}' is {what}.")
    for file_format in FORMATS:
        if head.startswith(file_format.magic):
            return file_format
    return _text_format(source, head)


def surprise(source: ByteSource, found: FileFormat) -> str:
    """Return a note if the file's name promises another format than its bytes hold, else an empty string."""
    promised = next((known for known in FORMATS if source.suffix in known.suffixes), found)
    if promised is found:
        return ""
    return f"{source.name} is named like {promised.title} but holds {found.title}; it was read as {found.title}."


def _text_format(source: ByteSource, head: bytes) -> FileFormat:
    encoding = encoding_of(head, name=source.name)
    text = head.decode(encoding.codec, "ignore")  # the head may end inside a character
    if _MARKUP_START.match(text):
        raise UnreadableFile(f"'{source.name}' is a web page or XML; was an error page saved instead of the data?")
    return JSON if _JSON_START.match(text) else CSV
