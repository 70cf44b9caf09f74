"""THE TABLE of file formats: how each is recognised and which function reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.raw_table import RawTable

_FORMATS = "pynomaly.infrastructure.data.formats"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One row.

    suffixes: usual endings, lower case.  magic: first bytes that announce it; text formats have none.
    reader: "module:function", imported when first needed.  extra: the optional dependency group it needs.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    reader: str
    extra: str | None = None

    def read(self, source: ByteSource) -> RawTable:
        """Read the whole source with this format's reader."""
        module, function = self.reader.split(":")
        read = cast(Callable[[ByteSource], RawTable], getattr(import_module(module), function))
        return read(source)


CSV = FileFormat("csv", "CSV text", (".csv", ".tsv", ".tab", ".psv", ".txt", ".dat"), (), f"{_FORMATS}.csv_reader:read")
JSON = FileFormat("jsonl", "JSON lines", (".jsonl", ".ndjson", ".json"), (), f"{_FORMATS}.json_lines_reader:read")
PARQUET = FileFormat("parquet", "Parquet", (".parquet", ".pq"), (b"PAR1",), f"{_FORMATS}.parquet_reader:read")
ARROW = FileFormat(
    "arrow",
    "Arrow",
    (".arrow", ".feather", ".ipc", ".arrows"),
    (b"ARROW1", b"\xff\xff\xff\xff"),
    f"{_FORMATS}.arrow_reader:read",
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
